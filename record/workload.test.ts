import { expect, test } from 'vitest';
import { workloadSchema } from './workload.ts';

const numbers = {
  ...{ connections: 10, tabsPerUser: 1, connectRatePerSecond: 10, steadySeconds: 30, drainSeconds: 5 },
  ...{ messageRatePerSecond: 1, messageBytes: 64, webhookRatePerSecond: 2, webhookBytes: 128 },
  ...{ burstStartSeconds: 0, burstSeconds: 0, burstRatePerSecond: 0 },
  ...{ replayShare: 0.1, offlineShare: 0, timeoutSeconds: 10, seed: 1 },
};

test('a number for each option of the load', () => {
  expect(workloadSchema.parse(numbers)).toEqual(numbers);
});

test.each([
  ['a number out of its range', { ...numbers, replayShare: 2 }],
  ['an unknown number', { ...numbers, speed: 1 }],
  ['a missing number', { ...numbers, seed: undefined }],
  ['a name of an earlier version', { ...numbers, offlineOwnerShare: 0 }],
])('refused: %s', (_, workload) => {
  expect(workloadSchema.safeParse(workload).success).toBe(false);
});
