import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { FleetLoad, FleetSpec } from '../fleet/fleet-spec.ts';
import { populate } from './population.ts';
import { makeTokens, signToken } from './token.ts';

const read = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
const claims = { user: 'u-1', secret: 's3cret', issuedAtSeconds: 1_899_996_400.9, expiresAtSeconds: 1_900_000_000.7 };

test('a token is a JWT with the claims of the protocol, signed with HS256', async () => {
  const token = await signToken(claims);
  const [header = '', payload = '', signature] = token.split('.');
  expect(read(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(read(payload)).toEqual({ sub: 'u-1', aud: 'loadline', iat: 1_899_996_400, exp: 1_900_000_000 });
  expect(signature).toBe(createHmac('sha256', 's3cret').update(`${header}.${payload}`).digest('base64url'));
});

test('a token names channels and caps where they are given', async () => {
  const channels = { subscribe: ['team.*'], publish: ['team.7'] };
  const caps = { messagesPerSecond: 5, recipients: 100 };
  expect(read((await signToken({ ...claims, channels, caps })).split('.')[1])).toMatchObject({ channels, caps });
});

test('each user of a fleet may use the fleet’s own channels, and without channels none', async () => {
  const spec = (channels: FleetLoad['channels']) =>
    ({
      ...{ fleet: 'f1', runTag: 'r', tokenSecret: 'secret' },
      load: { channels, connections: 2, connectRatePerSecond: 1, steadySeconds: 10, drainSeconds: 5 },
    }) as unknown as FleetSpec;
  const population = populate({ prefix: 'u', connections: 2, tabsPerUser: 1, offlineShare: 0 });
  const payloads = async (channels: FleetLoad['channels']) =>
    [
      ...(
        await makeTokens(population, spec(channels), { nowSeconds: 1_000, signal: new AbortController().signal })
      ).values(),
    ].map((token) => read(token.split('.')[1]));
  // 2 connects at 1/s, 10 s, 5 s, and an hour to spare.
  const times = { iat: 1_000, exp: 1_000 + 17 + 3_600 };
  const own = ['c-r-f1-*'];
  expect(await payloads([{ count: 1, subscribers: 2 }])).toEqual(
    ['u-0', 'u-1'].map((sub) => ({
      ...{ sub, aud: 'loadline', ...times },
      channels: { subscribe: own, publish: own },
      caps: { messagesPerSecond: 1_000_000, recipients: 1_000_000 },
    })),
  );
  expect(await payloads([])).toEqual(['u-0', 'u-1'].map((sub) => ({ sub, aud: 'loadline', ...times })));
});
