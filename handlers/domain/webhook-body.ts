/** From the bytes of a POST to a verified event, the same way in both ingest variants. */
import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { type ParsedEvent, parseWebhook } from './push-event.ts';
import { outsideWindow } from './replay-window.ts';
import type { SecretReader } from './secret-reader.ts';
import { isSignature, isSignatureValid } from './signature.ts';

export interface WebhookPost {
  /** As received: compressed, if it was sent that way. */
  rawBody: Uint8Array;
  signature: string | undefined;
  /** Content-Encoding. */
  encoding: string | undefined;
  /** How long ago it was sent, in ms: what was signed before the secret was last read is judged for good. */
  ageMs: number;
}

export type OpenedWebhook =
  | ParsedEvent
  | { kind: 'tooLarge' }
  | { kind: 'rejected' }
  /** The signature does not match, but the secret may have been rotated since it was read: to be tried again. */
  | { kind: 'unverified' };

export interface OpenOptions {
  secret: SecretReader;
  maxBytes: number;
  /** Null: an event may be of any time. */
  replayWindowSeconds: number | null;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

/** Verifies the signature over the raw body, then decompresses and reads it. Nothing unverified is decompressed or parsed. */
export async function openWebhook(post: WebhookPost, options: OpenOptions): Promise<OpenedWebhook> {
  const { secret, maxBytes } = options;
  const { rawBody, signature, encoding, ageMs } = post;
  // No secret makes this a signature.
  if (!isSignature(signature)) return { kind: 'rejected' };
  const { verdict, isFinal } = await secret.judge(
    (value) => isSignatureValid(rawBody, signature, value),
    (valid) => !valid,
    ageMs,
  );
  if (!verdict) return { kind: isFinal ? 'rejected' : 'unverified' };
  // Checked after the signature: whether an event of the provider or anybody's bytes were refused makes a difference.
  if (rawBody.byteLength > maxBytes) return { kind: 'tooLarge' };

  const plain = decompress(rawBody, encoding, maxBytes);
  if (plain.kind !== 'plain') return plain;
  if (!isUtf8(plain.bytes)) return { kind: 'malformed', reason: 'The body is not UTF-8.' };
  const parsed = parseWebhook(textOf(plain.bytes));
  const { replayWindowSeconds, nowMs } = options;
  if (parsed.kind !== 'event' || parsed.timeSeconds === undefined || replayWindowSeconds === null) return parsed;
  // As of when it was sent: what has waited in the queue is no older for that.
  const reason = outsideWindow(parsed.timeSeconds, (nowMs() - ageMs) / 1_000, replayWindowSeconds);
  return reason === null ? parsed : { kind: 'malformed', reason };
}

/** Without a byte order mark, as text decoders leave it out; at a third of what one costs. */
function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  const text = Buffer.from(buffer, byteOffset, byteLength).toString();
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

type Decompressed = { kind: 'plain'; bytes: Uint8Array } | { kind: 'tooLarge' } | { kind: 'malformed'; reason: string };

function decompress(bytes: Uint8Array, encoding: string | undefined, maxBytes: number): Decompressed {
  switch (encoding?.trim().toLowerCase() || 'identity') {
    case 'identity':
      return { kind: 'plain', bytes };
    case 'gzip':
      try {
        // The limit prevents a few kilobytes from expanding to gigabytes.
        return { kind: 'plain', bytes: gunzipSync(bytes, { maxOutputLength: maxBytes }) };
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
          ? { kind: 'tooLarge' }
          : { kind: 'malformed', reason: 'The body is not gzip, though its Content-Encoding says so.' };
      }
    default:
      return { kind: 'malformed', reason: 'The Content-Encoding must be gzip or identity.' };
  }
}
