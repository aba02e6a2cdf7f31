/** Webhook signatures as the provider makes them: lower-case hex HMAC-SHA256 of the body as it was sent. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

const hexSha256 = /^[0-9a-f]{64}$/;

/** Whether it has the form of a signature. */
export const isSignature = (text: string | undefined): text is string => text !== undefined && hexSha256.test(text);

/** Whether `signature` is the one of `rawBody` (compressed, if it was sent that way). The comparison takes constant time. */
export function isSignatureValid(rawBody: Uint8Array, signature: string | undefined, secret: string): boolean {
  // timingSafeEqual requires equal lengths. The length of a signature is not secret.
  if (!isSignature(signature)) return false;
  return timingSafeEqual(createHmac('sha256', keyOf(secret)).update(rawBody).digest(), Buffer.from(signature, 'hex'));
}

/** The current secret and the one before: a key made anew each time costs several times the HMAC. */
const keys = new Map<string, KeyObject>();
const keptKeys = 2;

function keyOf(secret: string): KeyObject {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  if (keys.size >= keptKeys) keys.clear();
  const made = createSecretKey(secret, 'utf8');
  keys.set(secret, made);
  return made;
}
