import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingestWebhook } from './ingest-webhook.ts';
import { readQueuedEvent } from './queued-event.ts';
import { SecretReader } from './secret-reader.ts';

const key = 'webhook secret';
const body = '{"id":"e1","type":"message.created","data":{"object":{"grant_id":"ann"}}}';
const signatureOf = (bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest('hex');

/** Posts to an ingest with a queue that records messages, or refuses everything. */
async function post(
  rawBody: Uint8Array,
  { signature = signatureOf(rawBody), encoding = '', queueWorks = true, secretWorks = true } = {},
) {
  const queue: string[] = [];
  const outcome = await ingestWebhook(
    { rawBody, signature: signature || undefined, encoding: encoding || undefined, ageMs: 0 },
    {
      secret: new SecretReader({
        now: () => 0,
        read: async () => {
          if (!secretWorks) throw new Error('The secret is unavailable.');
          return [key];
        },
      }),
      ...{ maxBytes: 1_000, replayWindowSeconds: null, nowMs: () => 0 },
      send: async (message) => {
        if (!queueWorks) throw new Error('The queue is unavailable.');
        queue.push(message);
      },
    },
  );
  return { status: outcome.status, queue };
}

describe('ingestWebhook', () => {
  it('queues a verified event and then answers 200', async () => {
    const { status, queue } = await post(Buffer.from(body));
    expect(status).toBe(200);
    expect(queue.map(readQueuedEvent)).toEqual([
      { kind: 'event', event: expect.objectContaining({ eventId: 'e1', owner: 'ann' }) },
    ]);
  });

  it('queues the same for a compressed body', async () => {
    const compressed = await post(gzipSync(body), { encoding: 'gzip' });
    expect(compressed).toEqual(await post(Buffer.from(body)));
  });

  it.each([
    ['401 for a missing signature', Buffer.from(body), { signature: '' }, 401],
    ['401 for a wrong signature', Buffer.from(body), { signature: '0'.repeat(64) }, 401],
    ['401, not 400, for an unsigned body that is not JSON', Buffer.from('{'), { signature: '0'.repeat(64) }, 401],
    ['400 for a signed body that is not JSON', Buffer.from('{'), {}, 400],
    ['400 for a signed body that is not an event', Buffer.from('{"id":"e"}'), {}, 400],
    ['400 for an empty signed body', Buffer.from(''), {}, 400],
    ['413 for a body over the limit', Buffer.alloc(1_001, ' '), {}, 413],
    ['413 for a body that decompresses beyond the limit', gzipSync(Buffer.alloc(10_000)), { encoding: 'gzip' }, 413],
  ])('answers %s, and queues nothing', async (_name, rawBody, options, status) => {
    expect(await post(rawBody, options)).toEqual({ status, queue: [] });
  });

  it('answers 429, after which the provider retries, while the secret may have been rotated since it was read', async () => {
    const clock = { ms: 0 };
    const stored = [key];
    const secret = new SecretReader({ now: () => clock.ms, read: async () => [...stored] });
    const queue: string[] = [];
    const options = { secret, maxBytes: 1_000, replayWindowSeconds: null, nowMs: () => 0 };
    const dependencies = { ...options, send: async (message: string) => void queue.push(message) };
    const ingest = (signedWith: string) => {
      const rawBody = Buffer.from(body);
      const signature = createHmac('sha256', signedWith).update(rawBody).digest('hex');
      return ingestWebhook({ rawBody, signature, encoding: undefined, ageMs: 0 }, dependencies);
    };
    await ingest(key);
    clock.ms = 1_000;
    // The secret is read again for the first that fails, so that its answer is certain, …
    expect((await ingest('forged')).status).toBe(401);
    // … but not for each.
    clock.ms = 2_000;
    stored.unshift('the next secret');
    expect(await ingest('the next secret')).toMatchObject({ status: 429, retryAfterSeconds: 10 });
    expect(queue).toHaveLength(1);
    clock.ms = 12_000;
    expect((await ingest('the next secret')).status).toBe(200);
    expect((await ingest(key)).status).toBe(200);
    clock.ms = 12_001;
    expect((await ingest('forged')).status).toBe(429);
    expect(queue).toHaveLength(3);
  });

  it.each([
    ['the queue does not accept it', { queueWorks: false }],
    ['the secret cannot be read', { secretWorks: false }],
  ])('answers 503, after which the provider retries, when %s', async (_name, broken) => {
    expect(await post(Buffer.from(body), broken)).toEqual({ status: 503, queue: [] });
  });
});
