import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SecretReader } from './secret-reader.ts';
import { openWebhook } from './webhook-body.ts';

const key = 'webhook secret';
const body = '{"id":"e1","type":"message.created","data":{"object":{"grant_id":"ann","subject":"Grüße"}}}';
const maxBytes = 4_096;
const options = { maxBytes, replayWindowSeconds: null, nowMs: () => 0 };

const sign = (bytes: Uint8Array, with_ = key) => createHmac('sha256', with_).update(bytes).digest('hex');

function open(rawBody: Uint8Array, { signature = sign(rawBody) as string | undefined, encoding = '' } = {}) {
  const secret = new SecretReader({ now: () => 0, read: async () => [key] });
  return openWebhook({ rawBody, signature, encoding: encoding || undefined, ageMs: 0 }, { ...options, secret });
}

/** The body made this long, in bytes, with spaces that JSON ignores. */
const padded = (bytes: number) => Buffer.concat([Buffer.from(body), Buffer.alloc(bytes, ' ')]).subarray(0, bytes);

const event = { kind: 'event', event: expect.objectContaining({ eventId: 'e1', owner: 'ann' }) };

describe('openWebhook', () => {
  it('opens a signed body', async () => {
    const opened = await open(Buffer.from(body));
    expect(opened).toEqual(event);
    expect(opened.kind === 'event' && JSON.parse(opened.event.frame).object.subject).toBe('Grüße');
  });

  it('leaves a byte order mark out', async () => {
    expect(await open(Buffer.from(`\uFEFF${body}`))).toEqual(event);
  });

  it('opens it again: replays are handled by the event claims', async () => {
    expect(await open(Buffer.from(body))).toEqual(event);
    expect(await open(Buffer.from(body))).toEqual(event);
  });

  it.each(['gzip', 'GZIP', ' gzip '])('verifies the compressed bytes of a body with encoding %j', async (encoding) => {
    expect(await open(gzipSync(body), { encoding })).toEqual(event);
  });

  it('refuses a compressed body that was signed before it was compressed', async () => {
    expect(await open(gzipSync(body), { encoding: 'gzip', signature: sign(Buffer.from(body)) })).toEqual({
      kind: 'rejected',
    });
  });

  it.each([
    ['missing', undefined],
    ['of another secret', sign(Buffer.from(body), 'another secret')],
    ['of another body', sign(Buffer.from(`${body} `))],
  ])('rejects a signature that is %s', async (_name, signature) => {
    // Not a default parameter: it would replace a missing signature with a valid one.
    const secret = new SecretReader({ now: () => 0, read: async () => [key] });
    const post = { rawBody: Buffer.from(body), signature, encoding: undefined, ageMs: 0 };
    expect(await openWebhook(post, { ...options, secret })).toEqual({ kind: 'rejected' });
  });

  it('rejects an unsigned body without parsing it', async () => {
    expect(await open(Buffer.from('not JSON'), { signature: 'f'.repeat(64) })).toEqual({ kind: 'rejected' });
  });

  it('accepts a body of exactly the limit and no byte more, as received', async () => {
    expect(await open(padded(maxBytes))).toEqual(event);
    expect(await open(padded(maxBytes + 1))).toEqual({ kind: 'tooLarge' });
  });

  it('accepts a body of exactly the limit and no byte more, after decompression', async () => {
    expect(await open(gzipSync(padded(maxBytes)), { encoding: 'gzip' })).toEqual(event);
    expect(await open(gzipSync(padded(maxBytes + 1)), { encoding: 'gzip' })).toEqual({ kind: 'tooLarge' });
    // Under the limit until decompressed.
    const bomb = gzipSync(Buffer.alloc(3_000_000));
    expect(bomb.byteLength).toBeLessThan(maxBytes);
    expect(await open(bomb, { encoding: 'gzip' })).toEqual({ kind: 'tooLarge' });
  });

  it.each([
    ['not JSON', Buffer.from('{'), ''],
    // An event except for one byte, in text that is not needed.
    ['not UTF-8', Buffer.from(body.replace('Grüße', 'Gr\xfc\xdfe'), 'latin1'), ''],
    ['not gzip though it says so', Buffer.from(body), 'gzip'],
    ['cut off', gzipSync(body).subarray(0, 40), 'gzip'],
    ['in an encoding we do not know', Buffer.from(body), 'br'],
  ])('reports a signed body as malformed if it is %s', async (_name, rawBody, encoding) => {
    expect((await open(rawBody, { encoding })).kind).toBe('malformed');
  });
});

describe('with a window for replays', () => {
  const sentAtMs = 1_790_000_000_000;
  /** Opens an event of this time, received an hour after it was sent, `ageMs` of which it was in the queue. */
  const openOf = (time: unknown, ageMs = 0) => {
    const rawBody = Buffer.from(JSON.stringify({ ...JSON.parse(body), time }));
    const secret = new SecretReader({ now: () => 0, read: async () => [key] });
    const window = { replayWindowSeconds: 600, nowMs: () => sentAtMs + 3_600_000 };
    return openWebhook(
      { rawBody, signature: sign(rawBody), encoding: undefined, ageMs },
      { ...options, ...window, secret },
    );
  };

  it('refuses an event whose own time is too long ago, or ahead', async () => {
    const nowSeconds = sentAtMs / 1_000 + 3_600;
    expect((await openOf(nowSeconds - 600)).kind).toBe('event');
    for (const time of [nowSeconds - 601, nowSeconds + 301, 1e308, -1]) {
      expect(await openOf(time)).toEqual({ kind: 'malformed', reason: expect.stringMatching(/^The event's time is /) });
    }
  });

  it('counts no time that the event has waited in the queue', async () => {
    expect((await openOf(sentAtMs / 1_000)).kind).toBe('malformed');
    expect((await openOf(sentAtMs / 1_000, 3_600_000)).kind).toBe('event');
  });

  it.each([undefined, null, '1790000000', {}])('accepts an event without a time: %j', async (time) => {
    expect((await openOf(time)).kind).toBe('event');
  });
});
