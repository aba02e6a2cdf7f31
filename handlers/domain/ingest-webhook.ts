/** Ingests a webhook: verified, reduced to what will be pushed, and queued before it is answered. */
import { writeQueuedEvent } from './queued-event.ts';
import { minRereadMs } from './secret-reader.ts';
import { type OpenOptions, openWebhook, type WebhookPost } from './webhook-body.ts';

export interface IngestDependencies extends OpenOptions {
  /** Puts a message on the queue. Rejects if the queue did not accept it. */
  send: (body: string) => Promise<void>;
}

/** How a POST ended; each kind has one status. */
export type IngestOutcome =
  | { status: 200; reason: 'queued' }
  | { status: 400; reason: string }
  | { status: 401; reason: string }
  | { status: 413; reason: string }
  /** The provider retries after a 429 (it does not after a 401), and waits for what Retry-After says. */
  | { status: 429; reason: string; retryAfterSeconds: number }
  /** The provider retries a webhook after a 503 but not after a 500 (Nylas, notifications, 2026-11): a 500 would lose it. */
  | { status: 503; reason: string; cause: unknown };

/** Never rejects: a failure of the stack ends as 503. */
export async function ingestWebhook(post: WebhookPost, dependencies: IngestDependencies): Promise<IngestOutcome> {
  try {
    return await takeIn(post, dependencies);
  } catch (cause) {
    return { status: 503, reason: 'The event could not be queued: send it again.', cause };
  }
}

async function takeIn(post: WebhookPost, { send, ...options }: IngestDependencies): Promise<IngestOutcome> {
  const opened = await openWebhook(post, options);
  switch (opened.kind) {
    case 'tooLarge':
      return { status: 413, reason: `The body exceeds ${options.maxBytes} bytes.` };
    case 'rejected':
      return { status: 401, reason: 'The signature is missing or wrong.' };
    case 'unverified':
      return {
        status: 429,
        reason: 'The signature does not match a secret that was read seconds ago: send it again later.',
        retryAfterSeconds: Math.ceil(minRereadMs / 1_000),
      };
    case 'malformed':
      return { status: 400, reason: opened.reason };
    case 'event':
      await send(writeQueuedEvent(opened.event));
      return { status: 200, reason: 'queued' };
  }
}
