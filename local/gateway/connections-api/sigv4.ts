/** Signature Version 4, to the extent that the local target checks it. Source: IAM user guide, "Create a signed AWS API request". */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The key that the target's own functions sign with. Requests signed with it are verified; for other key ids only the format is checked. */
export const localCredentials = { accessKeyId: 'LOADLINELOCAL', secretAccessKey: 'loadline-local-secret' } as const;

interface Authorization {
  accessKeyId: string;
  /** `yyyymmdd/region/service/aws4_request` */
  scope: string;
  signedHeaders: readonly string[];
  signature: string;
}

export interface SignedRequest {
  method: string;
  /** As on the request line, including the query. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type SignatureCheck = 'valid' | 'missing' | 'incomplete' | 'expired' | 'mismatch';

/** How far the date of a request may be from the clock. Source: IAM user guide, "Elements of an AWS API request signature", read 2026-11. */
const maxSkewMs = 300_000;

/** `nowMs`: milliseconds since the epoch. */
export function checkSignature(request: SignedRequest, service: string, nowMs: number): SignatureCheck {
  const header = request.headers.authorization;
  if (header === undefined) return 'missing';
  const authorization = parseAuthorization(header);
  if (!authorization || authorization.scope.split('/')[2] !== service || request.headers['x-amz-date'] === undefined) {
    return 'incomplete';
  }
  if (!(Math.abs(nowMs - signedAtMs(String(request.headers['x-amz-date']))) <= maxSkewMs)) return 'expired';
  if (authorization.accessKeyId !== localCredentials.accessKeyId) return 'valid';
  const expected = Buffer.from(signatureOf(request, authorization, localCredentials.secretAccessKey));
  const given = Buffer.from(authorization.signature);
  return expected.length === given.length && timingSafeEqual(expected, given) ? 'valid' : 'mismatch';
}

/** Whether a request is signed with {@link localCredentials}, so that {@link checkSignature} has verified the signature itself. */
export const isLocalKey = ({ authorization = '' }: IncomingHttpHeaders): boolean =>
  parseAuthorization(authorization)?.accessKeyId === localCredentials.accessKeyId;

/** Milliseconds since the epoch of `20261121T000000Z`; NaN for anything else. */
export function signedAtMs(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1).map(Number) ?? [];
  const [year = Number.NaN, month = 1, day, hours, minutes, seconds] = parts;
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
}

function parseAuthorization(header: string): Authorization | null {
  const match =
    /^AWS4-HMAC-SHA256 +Credential=([^/, ]+)\/([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]+)$/.exec(header);
  if (!match) return null;
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = match;
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), signature };
}

const sha256 = (data: string | Buffer) => hash('sha256', data);
export const hmac = (key: string | Buffer | KeyObject, data: string) => createHmac('sha256', key).update(data).digest();

function signatureOf(request: SignedRequest, { scope, signedHeaders }: Authorization, secret: string): string {
  const [path = '/', query = ''] = request.target.split('?', 2);
  const canonical = [
    request.method,
    // Every service but S3 encodes the already encoded path once more.
    path.split('/').map(encode).join('/'),
    query
      .split('&')
      .filter(Boolean)
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .toSorted()
      .join('&'),
    ...signedHeaders.map(
      (name) => `${name}:${[request.headers[name] ?? ''].flat().join(',').trim().replaceAll(/ +/g, ' ')}`,
    ),
    '',
    signedHeaders.join(';'),
    // Not what the header says: a body that was changed has another.
    sha256(request.body),
  ].join('\n');
  const [date = '', region = '', service = ''] = scope.split('/');
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  return hmac(signingKey(secret, date, region, service), toSign).toString('hex');
}

// The key changes once a day and takes four HMACs to derive. As a key object, which made anew each time costs several times the HMAC.
let cachedKey: { id: string; key: KeyObject } | null = null;
export function signingKey(secret: string, date: string, region: string, service: string): KeyObject {
  const id = `${secret} ${date} ${region} ${service}`;
  if (cachedKey?.id !== id) {
    const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
    cachedKey = { id, key: createSecretKey(key) };
  }
  return cachedKey.key;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
