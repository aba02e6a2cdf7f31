/** Takes a webhook in: verified, cut to what will be pushed, and on the queue before it is answered. */
import { writeQueuedEvent } from '../queued-event.ts';
import type { SecretReader } from '../secret-reader.ts';
import { openWebhook, type WebhookPost } from '../webhook-body.ts';

export interface IngestDependencies {
  secret: SecretReader;
  maxBytes: number;
  /** Puts a message on the queue. Rejects when the queue did not take it. */
  send: (body: string) => Promise<void>;
}

/** How a POST ended; each kind has one status. */
export type IngestOutcome =
  | { status: 200; reason: 'queued' }
  | { status: 400; reason: string }
  | { status: 401; reason: string }
  | { status: 413; reason: string }
  | { status: 500; reason: string; cause: unknown };

export async function ingestWebhook(
  post: WebhookPost,
  { secret, maxBytes, send }: IngestDependencies,
): Promise<IngestOutcome> {
  const opened = await openWebhook(post, { secret, maxBytes });
  switch (opened.kind) {
    case 'tooLarge':
      return { status: 413, reason: `The body is over ${maxBytes} bytes.` };
    case 'rejected':
      return { status: 401, reason: 'The signature is missing or wrong.' };
    case 'malformed':
      return { status: 400, reason: opened.reason };
    case 'event':
      try {
        await send(writeQueuedEvent(opened.event));
        return { status: 200, reason: 'queued' };
      } catch (cause) {
        return { status: 500, reason: 'The queue did not take the event.', cause };
      }
  }
}
