/** Tokens for the next page: opaque to the caller, and valid only for the request they were issued for. */
import { createHash } from 'node:crypto';
import { CloudWatchError } from './cloudwatch-error.ts';

const fingerprintOf = (request: unknown) =>
  createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 16);

/** `request` is everything that the pages have in common; `position` is where the next page starts. */
export function encodePageToken(request: unknown, position: readonly number[]): string {
  return Buffer.from(JSON.stringify([fingerprintOf(request), ...position])).toString('base64url');
}

/** Throws InvalidNextToken for a token that was not issued for this request. */
export function decodePageToken(request: unknown, token: string): number[] {
  try {
    const [fingerprint, ...position]: unknown[] = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (fingerprint === fingerprintOf(request) && position.every((part) => typeof part === 'number')) return position;
  } catch {
    // Not JSON: as invalid as a token of another request.
  }
  throw new CloudWatchError('invalidNextToken', 'The NextToken is not valid for this request.');
}
