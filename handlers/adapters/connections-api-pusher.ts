/** Pushes through `@connections` of the WebSocket API. */
import type { PushAttempt, Pusher } from '../domain/pushing/push.ts';
import type { TimeBudget } from '../domain/pushing/time-budget.ts';
import { AwsError, TimeoutError } from './aws/aws-error.ts';
import type { PostToConnection } from './aws-clients.ts';

/** A push that takes longer than this has no answer. API Gateway answers within tens of milliseconds. */
const longestAttemptMs = 2_000;
/** Of the function's timeout, so that a short one still has time for several pushes after each other. */
const attemptShare = 1 / 8;

/** The time limit of one push, from the function's timeout. */
export const attemptLimitMs = (timeoutMs: number): number => Math.min(longestAttemptMs, timeoutMs * attemptShare);

interface PusherOptions {
  budget: TimeBudget;
  attemptMs: number;
}

export class ConnectionsApiPusher implements Pusher {
  readonly #post: PostToConnection;
  readonly #options: PusherOptions;

  constructor(post: PostToConnection, options: PusherOptions) {
    this.#post = post;
    this.#options = options;
  }

  async push(connectionId: string, frame: string): Promise<PushAttempt> {
    const { attemptMs, budget } = this.#options;
    const requestTimeoutMs = Math.max(1, Math.min(attemptMs, budget.leftMs()));
    try {
      await this.#post(connectionId, frame, { requestTimeoutMs, signal: budget.signal });
      return { kind: 'sent' };
    } catch (error) {
      return attemptOfError(error);
    }
  }
}

/** Interprets the error of a call. Exported for its tests. */
export function attemptOfError(error: unknown): PushAttempt {
  const status = error instanceof AwsError ? error.status : undefined;
  const reason = `@connections answered ${status ?? 'nothing'}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  switch (status) {
    // The body of a 410 is often not JSON, and then its error has no name: only the status tells.
    case 410:
      return { kind: 'gone' };
    // "Invalid connectionId": such a connection can never have existed.
    case 400:
      return reason.includes('connectionId') ? { kind: 'gone' } : { kind: 'refused', reason };
    case 429:
      return { kind: 'throttled' };
    case undefined:
      return isUnanswered(error) ? { kind: 'unanswered', reason } : { kind: 'unavailable', reason };
    default:
      return status >= 500 ? { kind: 'unavailable', reason } : { kind: 'refused', reason };
  }
}

/** Whether the request may have been served, though no answer came: its time was over after it had a connection. */
function isUnanswered(error: unknown): boolean {
  if (error instanceof TimeoutError) return error.connected;
  return error instanceof Error && error.name === 'AbortError';
}
