import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyToken } from './token.ts';

const secret = 'a secret of the tests';
const nowMs = 1_790_000_000_000;
const nowSeconds = nowMs / 1_000;
const claims = { sub: 'ann', exp: nowSeconds + 60 };

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by hand, not with the library under test. */
function sign(payload: unknown, { header = { alg: 'HS256' } as object, key = secret, hash = 'sha256' } = {}): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

const good = sign(claims);

describe('verifyToken', () => {
  it('returns the user of a valid token', async () => {
    expect(await verifyToken(good, secret, nowMs)).toEqual({ kind: 'valid', userId: 'ann' });
    const userId = `${'aZ0._~-'.repeat(18)}xy`;
    expect(userId).toHaveLength(128);
    expect(await verifyToken(sign({ ...claims, sub: userId }), secret, nowMs)).toEqual({ kind: 'valid', userId });
  });

  it('is valid until the exact second of its expiry', async () => {
    const token = sign({ sub: 'ann', exp: nowSeconds });
    expect(await verifyToken(token, secret, nowMs - 1_000)).toEqual({ kind: 'valid', userId: 'ann' });
    expect(await verifyToken(token, secret, nowMs)).toEqual({ kind: 'invalid', reason: 'expired' });
  });

  const tampered = `${good.split('.')[0]}.${encode({ ...claims, sub: 'eve' })}.${good.split('.')[2]}`;
  it.each([
    ['signed with another key', sign(claims, { key: 'another' }), 'signature'],
    ['with a changed payload', tampered, 'signature'],
    ['with an empty signature', good.slice(0, good.lastIndexOf('.') + 1), 'signature'],
    ['with alg none and no signature', `${encode({ alg: 'none' })}.${encode(claims)}.`, 'algorithm'],
    ['with HS512, correctly signed', sign(claims, { header: { alg: 'HS512' }, hash: 'sha512' }), 'algorithm'],
    ['with RS256 in the header and an HMAC of our key', sign(claims, { header: { alg: 'RS256' } }), 'algorithm'],
    ['with alg in the wrong case', sign(claims, { header: { alg: 'hs256' } }), 'algorithm'],
    ['without alg', sign(claims, { header: {} }), 'malformed'],
    ['with a critical extension', sign(claims, { header: { alg: 'HS256', crit: ['x'], x: 1 } }), 'malformed'],
    ['without exp', sign({ sub: 'ann' }), 'claims'],
    ['with exp as text', sign({ sub: 'ann', exp: '9999999999' }), 'claims'],
    ['not yet valid', sign({ ...claims, nbf: nowSeconds + 10 }), 'claims'],
    ['without sub', sign({ exp: claims.exp }), 'claims'],
    ['with an empty sub', sign({ ...claims, sub: '' }), 'claims'],
    ['with a sub of 129 characters', sign({ ...claims, sub: 'a'.repeat(129) }), 'claims'],
    ['with a sub that would break out of its key', sign({ ...claims, sub: 'ann#C' }), 'claims'],
    ['with a sub that is not a string', sign({ ...claims, sub: 7 }), 'claims'],
    ['whose payload is not an object', sign('text'), 'malformed'],
    ['of two parts', 'a.b', 'malformed'],
    ['of rubbish', '%%%', 'malformed'],
    ['that is empty', '', 'malformed'],
  ])('refuses a token %s', async (_name, token, reason) => {
    expect(await verifyToken(token, secret, nowMs)).toEqual({ kind: 'invalid', reason });
  });
});
