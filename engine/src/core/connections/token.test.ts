import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signToken } from './token.ts';

test('a token is a JWT with sub and exp, signed with HS256', async () => {
  const token = await signToken({ user: 'u-1', secret: 's3cret', expiresAtSeconds: 1_900_000_000.7 });
  const [header = '', payload = '', signature] = token.split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(read(payload)).toEqual({ sub: 'u-1', exp: 1_900_000_000 });
  expect(signature).toBe(createHmac('sha256', 's3cret').update(`${header}.${payload}`).digest('base64url'));
});
