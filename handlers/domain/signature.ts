/** Webhook signatures as the provider makes them: lower-case hex HMAC-SHA256 of the body as it was sent. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const hexSha256 = /^[0-9a-f]{64}$/;

/** Whether it has the form of a signature. */
export const isSignature = (text: string | undefined): text is string => text !== undefined && hexSha256.test(text);

/** Whether `signature` is the one of `rawBody` (compressed, if it was sent that way). The comparison takes constant time. */
export function isSignatureValid(rawBody: Uint8Array, signature: string | undefined, secret: string): boolean {
  // timingSafeEqual requires equal lengths. The length of a signature is not secret.
  if (!isSignature(signature)) return false;
  return timingSafeEqual(createHmac('sha256', secret).update(rawBody).digest(), Buffer.from(signature, 'hex'));
}
