/** From the bytes of a POST to a verified event, the same way in both ingest variants. */
import { gunzipSync } from 'node:zlib';
import { type ParsedEvent, parseWebhook } from './push-event.ts';
import type { SecretReader } from './secret-reader.ts';
import { isSignatureValid } from './signature.ts';

export interface WebhookPost {
  /** As received: compressed, if it was sent that way. */
  rawBody: Uint8Array;
  signature: string | undefined;
  /** Content-Encoding. */
  encoding: string | undefined;
}

export type OpenedWebhook = ParsedEvent | { kind: 'tooLarge' } | { kind: 'rejected' };

interface OpenOptions {
  secret: SecretReader;
  maxBytes: number;
}

/** Verifies the signature over the raw body, then decompresses and reads it. Nothing unverified is decompressed or parsed. */
export async function openWebhook(post: WebhookPost, { secret, maxBytes }: OpenOptions): Promise<OpenedWebhook> {
  const { rawBody, signature, encoding } = post;
  if (rawBody.byteLength > maxBytes) return { kind: 'tooLarge' };
  const verified = await secret.verify(
    (value) => isSignatureValid(rawBody, signature, value),
    (valid) => !valid && signature !== undefined,
  );
  if (!verified) return { kind: 'rejected' };

  const plain = decompress(rawBody, encoding, maxBytes);
  if (plain.kind !== 'plain') return plain;
  try {
    return parseWebhook(new TextDecoder('utf-8', { fatal: true }).decode(plain.bytes));
  } catch {
    return { kind: 'malformed', reason: 'The body is not UTF-8.' };
  }
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
