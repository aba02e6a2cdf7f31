import { expect, test } from 'vitest';
import { workloadSchema } from './workload.ts';

const numbers = {
  ...{ connections: 10, tabsPerUser: 1, connectRatePerSecond: 10, steadySeconds: 30, drainSeconds: 5 },
  ...{ messageRatePerSecond: 1, messageBytes: 64, webhookRatePerSecond: 2, webhookBytes: 128 },
  ...{ replayShare: 0.1, timeoutSeconds: 10, seed: 1 },
};

test('a workload of schema version 1 is read by the names of now', () => {
  const burst = { startsAtSeconds: 5, lastsSeconds: 10, ratePerSecond: 90 };
  expect(workloadSchema.parse({ ...numbers, offlineOwnerShare: 0.05, burst })).toEqual({
    ...numbers,
    offlineShare: 0.05,
    ...{ burstStartSeconds: 5, burstSeconds: 10, burstRatePerSecond: 90 },
  });
  expect(workloadSchema.parse({ ...numbers, offlineOwnerShare: 0, burst: null })).toMatchObject({
    ...{ burstStartSeconds: 0, burstSeconds: 0, burstRatePerSecond: 0 },
  });
});

test.each([
  ['a number out of its range', { ...numbers, replayShare: 2 }],
  ['an unknown number', { ...numbers, speed: 1 }],
  ['a missing number', { ...numbers, seed: undefined }],
  ['a burst of another form', { ...numbers, offlineOwnerShare: 0, burst: 5 }],
])('refused: %s', (_, workload) => {
  const burst = { burstStartSeconds: 0, burstSeconds: 0, burstRatePerSecond: 0, offlineShare: 0 };
  expect(workloadSchema.safeParse('burst' in workload ? workload : { ...burst, ...workload }).success).toBe(false);
});
