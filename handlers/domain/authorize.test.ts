import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allowPolicy, authorize } from './authorize.ts';
import { SecretReader } from './secret-reader.ts';

const nowMs = 1_790_000_000_000;

function sign(key: string, exp = nowMs / 1_000 + 60): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256' })}.${part({ sub: 'ann', exp })}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

function setUp() {
  const world = { stored: 'one', reads: 0, clockMs: 0 };
  const secret = new SecretReader({
    now: () => world.clockMs,
    read: async () => {
      world.reads++;
      return world.stored;
    },
  });
  return { world, secret };
}

describe('authorize', () => {
  it('accepts a valid token and refuses a missing one', async () => {
    const { secret } = setUp();
    expect(await authorize(sign('one'), secret, nowMs)).toEqual({ kind: 'valid', userId: 'ann' });
    expect((await authorize(undefined, secret, nowMs)).kind).toBe('invalid');
    expect((await authorize('', secret, nowMs)).kind).toBe('invalid');
  });

  it('follows a rotated secret, and then refuses what the old one signed', async () => {
    const { world, secret } = setUp();
    await authorize(sign('one'), secret, nowMs);
    world.stored = 'two';
    world.clockMs = 60_000;
    expect(await authorize(sign('two'), secret, nowMs)).toEqual({ kind: 'valid', userId: 'ann' });
    expect((await authorize(sign('one'), secret, nowMs)).kind).toBe('invalid');
  });

  it('does not read the secret again because a token has expired', async () => {
    const { world, secret } = setUp();
    world.clockMs = 0;
    await authorize(sign('one'), secret, nowMs);
    world.clockMs = 100_000;
    await authorize(sign('one', nowMs / 1_000 - 1), secret, nowMs);
    expect(world.reads).toBe(1);
  });
});

it('allows the user this one route of this one API', () => {
  const arn = 'arn:aws:execute-api:us-east-1:123456789012:abc/prod/$connect';
  expect(allowPolicy('ann', arn)).toEqual({
    principalId: 'ann',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: arn }],
    },
  });
});
