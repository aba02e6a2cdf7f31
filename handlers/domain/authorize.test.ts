import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allowPolicy, authorize } from './authorize.ts';
import { permissionsOf, readClaims } from './channels/permissions.ts';
import { SecretReader } from './secret-reader.ts';

const nowMs = 1_790_000_000_000;
const rules = { maxLifetimeSeconds: 3_600, nowMs };
const ann = { kind: 'valid', userId: 'ann' };

function sign(key: string, exp = nowMs / 1_000 + 60): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256' })}.${part({ sub: 'ann', aud: 'loadline', iat: exp - 60, exp })}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

function setUp() {
  const world = { stored: 'one', reads: 0, clockMs: 0 };
  const secret = new SecretReader({
    now: () => world.clockMs,
    read: async () => {
      world.reads++;
      return [world.stored];
    },
  });
  return { world, secret };
}

describe('authorize', () => {
  it('accepts a valid token and refuses a missing one', async () => {
    const { secret } = setUp();
    expect(await authorize(sign('one'), secret, rules)).toMatchObject(ann);
    expect((await authorize(undefined, secret, rules)).kind).toBe('invalid');
    expect((await authorize('', secret, rules)).kind).toBe('invalid');
  });

  it('follows a rotated secret, and then refuses what the old one signed', async () => {
    const { world, secret } = setUp();
    await authorize(sign('one'), secret, rules);
    world.stored = 'two';
    world.clockMs = 60_000;
    expect(await authorize(sign('two'), secret, rules)).toMatchObject(ann);
    expect((await authorize(sign('one'), secret, rules)).kind).toBe('invalid');
  });

  it('does not read the secret again because a token has expired', async () => {
    const { world, secret } = setUp();
    world.clockMs = 0;
    await authorize(sign('one'), secret, rules);
    world.clockMs = 100_000;
    await authorize(sign('one', nowMs / 1_000 - 1), secret, rules);
    expect(world.reads).toBe(1);
  });
});

describe('allowPolicy', () => {
  const arn = 'arn:aws:execute-api:us-east-1:123456789012:abc/prod/$connect';
  const none = { subscribe: [], publish: [], messagesPerSecond: null, recipients: null, expiresAtSeconds: 1_790 };

  it('allows the user this one route of this one API', () => {
    expect(allowPolicy('ann', none, arn)).toEqual({
      principalId: 'ann',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: arn }],
      },
      context: { expiresAt: 1_790 },
    });
  });

  it('passes the permissions on as API Gateway takes them: flat, each value a text or a number', () => {
    const permissions = { ...none, subscribe: ['a', 'b.*'], publish: ['c'], messagesPerSecond: 5, recipients: 10 };
    const { context } = allowPolicy('ann', permissions, arn);
    expect(context).toEqual({
      subscribe: 'a b.*',
      publish: 'c',
      messagesPerSecond: 5,
      recipients: 10,
      expiresAt: 1_790,
    });
    // In the events of the connection every value is text.
    expect(permissionsOf(Object.fromEntries(Object.entries(context).map(([k, v]) => [k, String(v)])))).toEqual(
      permissions,
    );
  });

  it('never exceeds the 8 KB that API Gateway accepts', () => {
    const patterns = Array.from({ length: 8 }, (_, n) => `${n.toString(16)}${'x'.repeat(126)}`);
    const claims = readClaims({ channels: { subscribe: patterns, publish: patterns } });
    expect(claims?.subscribe.join(' ')).toHaveLength(1_023);
    expect(readClaims({ channels: { subscribe: [...patterns, 'y'] } })).toBeNull();
    const answer = allowPolicy('u'.repeat(128), { ...none, ...claims }, arn.repeat(2));
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(3_000);
  });
});
