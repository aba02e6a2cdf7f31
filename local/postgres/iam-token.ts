/** Tokens of IAM in place of passwords, as RDS takes them. Source: RDS user guide, "IAM database authentication", read November 2026. */
import { hash, timingSafeEqual } from 'node:crypto';
import { hmac, localCredentials, signedAtMs, signingKey } from '../gateway/connections-api/sigv4.ts';

export type TokenCheck = 'valid' | 'signed wrongly' | 'of another user' | 'expired' | 'incomplete';

const longestSeconds = 900;

/** A text that is no token is a password, and valid. @param nowMs milliseconds since the epoch. */
export function checkToken(text: string, user: string, nowMs: number): TokenCheck {
  if (!/[?&]X-Amz-Signature=/.test(text)) return 'valid';
  const [, host = '', query = ''] = /^(.*?)\/\?(.*)$/s.exec(text) ?? [];
  const parameters = new URLSearchParams(query);
  const of = (name: string) => parameters.get(name) ?? '';
  const [accessKeyId = '', day = '', region = '', service = ''] = of('X-Amz-Credential').split('/');
  if (of('Action') !== 'connect' || service !== 'rds-db') return 'incomplete';
  if (of('DBUser') !== user) return 'of another user';
  const validSeconds = Math.min(longestSeconds, Number(of('X-Amz-Expires')));
  if (!(nowMs - signedAtMs(of('X-Amz-Date')) < validSeconds * 1_000)) return 'expired';
  // Of other keys only the form is known.
  if (accessKeyId !== localCredentials.accessKeyId) return 'valid';
  const canonicalQuery = query
    .split('&')
    .filter((pair) => !pair.startsWith('X-Amz-Signature='))
    .sort()
    .join('&');
  const canonical = `GET\n/\n${canonicalQuery}\nhost:${host}\n\nhost\n${hash('sha256', '')}`;
  const toSign = `AWS4-HMAC-SHA256\n${of('X-Amz-Date')}\n${day}/${region}/${service}/aws4_request\n${hash('sha256', canonical)}`;
  const expected = hmac(signingKey(localCredentials.secretAccessKey, day, region, service), toSign);
  const given = Buffer.from(of('X-Amz-Signature'), 'hex');
  return expected.length === given.length && timingSafeEqual(expected, given) ? 'valid' : 'signed wrongly';
}
