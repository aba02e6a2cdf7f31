import { expect, test } from 'vitest';
import { loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import { exampleDeployment, examplePlan } from '../example-stack.fixture.ts';
import { occasionsOf } from './occasions.ts';
import { quotasInForce } from './quotas.ts';

const viewers: UsagePlan = { ...examplePlan, users: 1e6, peakConcurrency: 1, tabsPerUser: 1 };
const occasions = (change: Partial<UsagePlan>) =>
  occasionsOf(loadOfPlan({ ...viewers, ...change }), quotasInForce(exampleDeployment));

test('the example plan has none: its users come over the day', () => {
  expect(occasions({})).toEqual([]);
});

test('a goal to a million tabs is 100 s of a whole account’s throttle, whatever the deadline', () => {
  const [goal] = occasions({ broadcast: { deadlineSeconds: 5, perDay: 1, bytes: 256 } });
  expect(goal).toMatchObject({ kind: 'broadcast', quotaId: 'accountThrottle', lastsSeconds: 5, limit: 11_000 });
  expect(goal?.ratePerSecond).toBeCloseTo(200_000, 6);
  expect(goal?.secondsAtQuota).toBeCloseTo(100, 9);
});

test('a million viewers within ten minutes: 333%, and 2,000 s at 500/s; again two hours later', () => {
  const [login, rotation] = occasions({ loginWindowSeconds: 600 });
  expect(login).toMatchObject({ kind: 'login', quotaId: 'newConnections', lastsSeconds: 600 });
  expect(login?.utilisation).toBeCloseTo(3.328, 3);
  expect(login?.secondsAtQuota).toBeCloseTo(2_000, 6);
  expect(rotation).toMatchObject({ kind: 'rotation', utilisation: expect.closeTo(3.328, 3) });
});

test('channels say what collecting saves', () => {
  const reactions = { name: 'reactions', count: 1, size: 300, publishesPerSubscriberPerMinute: 120, publishBytes: 64 };
  const [row] = occasions({ channels: [{ ...reactions, collectSeconds: 1 }] });
  expect(row).toMatchObject({ kind: 'channels', name: 'reactions', lastsSeconds: null, secondsAtQuota: null });
  expect(row?.ratePerSecond).toBeCloseTo(300, 6);
  expect(row?.collected).toEqual({ seconds: 1, uncollectedPerSecond: 180_000 });
});
