/** Pushes through `@connections` of the WebSocket API. */
import { type ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { PushAttempt, Pusher } from '../domain/pushing/push.ts';
import type { TimeBudget } from '../domain/pushing/time-budget.ts';

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
  readonly #client: ApiGatewayManagementApiClient;

  /** The client is this pusher's own: its requests end with the budget. */
  constructor(client: ApiGatewayManagementApiClient, { budget, attemptMs }: PusherOptions) {
    this.#client = client;
    const { requestHandler } = client.config;
    const handle = requestHandler.handle.bind(requestHandler);
    // Not as options of each call: with any, the SDK builds the middleware stack anew, a fifth of a call's CPU time.
    requestHandler.handle = (request, options) => {
      const requestTimeout = Math.max(1, Math.min(attemptMs, budget.leftMs()));
      return handle(request, { ...options, requestTimeout, abortSignal: budget.signal });
    };
  }

  async push(connectionId: string, frame: string): Promise<PushAttempt> {
    try {
      await this.#client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
      return { kind: 'sent' };
    } catch (error) {
      return attemptOfError(error);
    }
  }
}

/** Interprets an SDK error. Exported for its tests. */
export function attemptOfError(error: unknown): PushAttempt {
  const status = statusOf(error);
  const reason = `@connections answered ${status ?? 'nothing'}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  switch (status) {
    // The body of a 410 is often not JSON, and then the SDK's error is not a GoneException: only the status tells.
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
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || (error.name === 'TimeoutError' && !error.message.includes('connection'));
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}
