import { expect, test } from 'vitest';
import { quietLoad } from '../../step/quiet-load.fixture.ts';
import { type FleetLoad, shareOut } from '../fleet/fleet-spec.ts';
import { ownersOf, populate } from './population.ts';

test('1,000 connections at 1.25 tabs a user make 800 users, every fourth with two tabs', () => {
  const { users, devices, offlineOwners } = populate({
    prefix: 'u-1',
    connections: 1_000,
    tabsPerUser: 1.25,
    offlineShare: 0.05,
  });
  expect(users).toHaveLength(800);
  expect(devices).toHaveLength(1_000);
  expect(users.slice(0, 8).map((user) => user.devices.length)).toEqual([1, 1, 1, 2, 1, 1, 1, 2]);
  expect(offlineOwners).toHaveLength(40);
  expect(new Set([...users, ...offlineOwners].map(({ id }) => id)).size).toBe(840);
});

test('one connection is one user regardless of tabs, and a share above 0 has an offline owner', () => {
  const { users, offlineOwners } = populate({ prefix: 'u', connections: 1, tabsPerUser: 3, offlineShare: 0.01 });
  expect(users.map(({ devices }) => devices.length)).toEqual([1]);
  expect(offlineOwners).toHaveLength(1);
});

test.each(['user', 'tab', 'everyone'] as const)(
  'where nobody connects, webhooks are for a hundred who are offline (owner: %s)',
  (owner) => {
    const nobody = populate({ prefix: 'u', connections: 0, tabsPerUser: 1, offlineShare: 1 });
    expect([nobody.users, nobody.devices]).toEqual([[], []]);
    const { online, offline } = ownersOf(nobody, owner);
    expect([online.length, offline.length]).toEqual([0, 100]);
  },
);

test('the load shared out over three fleets is the whole load', () => {
  const load: FleetLoad = {
    ...quietLoad,
    connections: 1_000,
    tabsPerUser: 1.25,
    connectRatePerSecond: 90,
    steadySeconds: 45,
    drainSeconds: 12,
    messageRatePerSecond: 75,
    messageBytes: 256,
    webhookRatePerSecond: 6,
    webhookBytes: 4_096,
    ...{ burstStartSeconds: 20, burstSeconds: 10, burstRatePerSecond: 90 },
    replayShare: 0.01,
    offlineShare: 0.05,
    timeoutSeconds: 10,
    seed: 1,
  };
  const shares = shareOut(load, 3);
  expect(shares.map(({ connections }) => connections)).toEqual([334, 333, 333]);
  expect(shares.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  for (const share of shares)
    expect(share).toMatchObject({
      connectRatePerSecond: 30,
      messageRatePerSecond: 25,
      webhookRatePerSecond: 2,
      ...{ burstStartSeconds: 20, burstSeconds: 10, burstRatePerSecond: 30 },
    });
});

test('phases and channels are shared out as well, the first fleets taking the remainder', () => {
  const load = {
    ...quietLoad,
    channels: [{ count: 4, subscribers: 5 }],
    messagePhases: [
      { kind: 'linear', fromPerSecond: 0, toPerSecond: 90, lastsSeconds: 2 },
      { kind: 'burst', arrivals: 10, lastsSeconds: 1 },
    ],
  } as unknown as FleetLoad;
  const shares = shareOut(load, 3);
  expect(shares.map(({ channels }) => channels)).toEqual([2, 1, 1].map((count) => [{ count, subscribers: 5 }]));
  expect(shares.map(({ messagePhases }) => messagePhases?.[1])).toEqual(
    [4, 3, 3].map((arrivals) => ({ kind: 'burst', arrivals, lastsSeconds: 1 })),
  );
  expect(shares[2]?.messagePhases?.[0]).toMatchObject({ fromPerSecond: 0, toPerSecond: 30 });
});
