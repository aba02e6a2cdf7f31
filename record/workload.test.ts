import { expect, test } from 'vitest';
import { workloadSchema } from './workload.ts';

const numbers = {
  ...{ connections: 10, tabsPerUser: 1, connectRatePerSecond: 10, steadySeconds: 30, drainSeconds: 5 },
  ...{ messageRatePerSecond: 1, messageBytes: 64, webhookRatePerSecond: 2, webhookBytes: 128 },
  ...{ burstStartSeconds: 0, burstSeconds: 0, burstRatePerSecond: 0 },
  ...{ replayShare: 0.1, offlineShare: 0, timeoutSeconds: 10, seed: 1 },
};

test('a number for each option of the load', () => {
  expect(workloadSchema.parse(numbers)).toMatchObject(numbers);
});

test('a run made before there was an option had its default', () => {
  expect(workloadSchema.parse({ steadySeconds: 5, connections: 3 })).toMatchObject({
    ...{ connections: 3, steadySeconds: 5, messageRatePerSecond: 0, timeoutSeconds: 10 },
  });
});

test.each([
  ['a number out of its range', { ...numbers, replayShare: 2 }],
  ['an unknown number', { ...numbers, speed: 1 }],
  ['a number without a default that is missing', { ...numbers, steadySeconds: undefined }],
  ['a name of an earlier version', { ...numbers, offlineOwnerShare: 0 }],
])('refused: %s', (_, workload) => {
  expect(workloadSchema.safeParse(workload).success).toBe(false);
});
