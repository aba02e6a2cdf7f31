import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyToken } from './token.ts';

const secret = 'a secret of the tests';
const nowMs = 1_790_000_000_000;
const nowSeconds = nowMs / 1_000;
const claims = { sub: 'ann', aud: 'loadline', iat: nowSeconds, exp: nowSeconds + 60 };
const rules = { maxLifetimeSeconds: 3_600, nowMs };
/** The verdict on a valid token without channels. */
const valid = (userId: string, exp = claims.exp) => ({
  kind: 'valid',
  userId,
  permissions: { subscribe: [], publish: [], messagesPerSecond: null, recipients: null, expiresAtSeconds: exp },
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by hand, not with the library under test. */
function sign(payload: unknown, { header = { alg: 'HS256' } as object, key = secret, hash = 'sha256' } = {}): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** Signs a payload that JSON.stringify cannot write. */
function raw(payload: string): string {
  const signed = `${encode({ alg: 'HS256' })}.${Buffer.from(payload).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const good = sign(claims);

describe('verifyToken', () => {
  it('returns the user of a valid token', async () => {
    expect(await verifyToken(good, secret, rules)).toEqual(valid('ann'));
    const userId = `${'aZ0._~-'.repeat(18)}xy`;
    expect(userId).toHaveLength(128);
    expect(await verifyToken(sign({ ...claims, sub: userId }), secret, rules)).toEqual(valid(userId));
  });

  it('is valid until the exact second of its expiry', async () => {
    const token = sign({ ...claims, iat: nowSeconds - 60, exp: nowSeconds });
    const atMs = (ms: number) => verifyToken(token, secret, { ...rules, nowMs: ms });
    expect(await atMs(nowMs - 1_000)).toEqual(valid('ann', nowSeconds));
    expect(await atMs(nowMs)).toEqual({ kind: 'invalid', reason: 'expired' });
    expect(await atMs(nowMs + 61_000)).toEqual({ kind: 'invalid', reason: 'expired' });
  });

  it('lives as long as the rules allow and no longer, counted from iat', async () => {
    const lasting = (seconds: number) => sign({ ...claims, iat: nowSeconds - 10, exp: nowSeconds - 10 + seconds });
    expect((await verifyToken(lasting(3_600), secret, rules)).kind).toBe('valid');
    expect(await verifyToken(lasting(3_601), secret, rules)).toEqual({ kind: 'invalid', reason: 'claims' });
  });

  it('lets the issuer’s clock be a minute ahead, and no more', async () => {
    for (const claim of ['iat', 'nbf']) {
      const ahead = (seconds: number) => sign({ ...claims, exp: nowSeconds + 100, [claim]: nowSeconds + seconds });
      expect((await verifyToken(ahead(60), secret, rules)).kind).toBe('valid');
      expect(await verifyToken(ahead(61), secret, rules)).toEqual({ kind: 'invalid', reason: 'claims' });
    }
  });

  it('is for this service, alone or among others', async () => {
    expect((await verifyToken(sign({ ...claims, aud: ['mail', 'loadline'] }), secret, rules)).kind).toBe('valid');
    for (const aud of [undefined, '', 'mail', ['mail'], [], 7, 'Loadline']) {
      const verdict = await verifyToken(sign({ ...claims, aud }), secret, rules);
      expect(verdict, String(aud)).toEqual({ kind: 'invalid', reason: 'claims' });
    }
  });

  it('returns the channels and the caps of the user', async () => {
    const channels = { subscribe: ['news', 'team.*'], publish: ['*'] };
    const caps = { messagesPerSecond: 0.5, recipients: 10 };
    expect(await verifyToken(sign({ ...claims, channels, caps }), secret, rules)).toMatchObject({
      permissions: { ...channels, ...caps, expiresAtSeconds: claims.exp },
    });
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
    ['without exp', sign({ ...claims, exp: undefined }), 'claims'],
    ['with exp as text', sign({ ...claims, exp: '9999999999' }), 'claims'],
    ['without iat: its life has no beginning', sign({ ...claims, iat: undefined }), 'claims'],
    ['with iat as text', sign({ ...claims, iat: String(nowSeconds) }), 'claims'],
    ['that was issued for ever', raw(`{"sub":"ann","aud":"loadline","iat":${nowSeconds},"exp":1e400}`), 'claims'],
    ['without sub', sign({ ...claims, sub: undefined }), 'claims'],
    ['with channels that cannot be read', sign({ ...claims, channels: { subscribe: 'news' } }), 'claims'],
    ['with an empty sub', sign({ ...claims, sub: '' }), 'claims'],
    ['with a sub of 129 characters', sign({ ...claims, sub: 'a'.repeat(129) }), 'claims'],
    ['with a sub that would break out of its key', sign({ ...claims, sub: 'ann#C' }), 'claims'],
    ['with a sub that is not a string', sign({ ...claims, sub: 7 }), 'claims'],
    ['whose payload is not an object', sign('text'), 'malformed'],
    ['of two parts', 'a.b', 'malformed'],
    ['of rubbish', '%%%', 'malformed'],
    ['that is empty', '', 'malformed'],
  ])('refuses a token %s', async (_name, token, reason) => {
    expect(await verifyToken(token, secret, rules)).toEqual({ kind: 'invalid', reason });
  });
});
