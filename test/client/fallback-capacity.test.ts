/** What clients that ask over HTTP need of the stack with the setting `fallback`, worked out by hand. */
import { expect, test } from 'vitest';
import { usEast1Prices } from '../../aws/prices.ts';
import { cost } from '../../capacity/cost/cost.ts';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { concurrencyOf, meanMoment, tableUnitRate } from '../../capacity/demand/rates.ts';
import { occasionsOf } from '../../capacity/headroom/occasions.ts';
import { recommend } from '../../capacity/recommendations/recommendation.ts';
import { calculated, fifth, tabs, useOf } from './fallback.fixture.ts';

test('10,000 tabs that are rolled back: 333 reads of the stage, 1,000 polls and 333 first polls a second, then without these', () => {
  const use = useOf(tabs);
  expect(use).toMatchObject({ connections: 10_000, outsideTabs: 0, stageSeconds: 30, pollSeconds: 10 });
  const [asPlanned, rollback, everybody] = use?.occasions ?? [];
  // And 10,000 connections that are replaced each 7,200 s: a read of events each.
  expect(asPlanned?.requestsPerSecond).toBeCloseTo(10_000 / 30 + 10_000 / 7_200, 6);
  expect(asPlanned?.polling).toBe(0);
  expect(rollback).toMatchObject({ lastsSeconds: 30, polling: 10_000 });
  expect(rollback?.requestsPerSecond).toBeCloseTo(1_666.667, 3);
  // 2,000/s and a bucket of 1,000 in 30 s.
  expect(rollback?.utilisation).toBeCloseTo(1_666.667 / (2_000 + 1_000 / 30), 6);
  expect(everybody?.requestsPerSecond).toBeCloseTo(1_333.333, 3);
  expect(everybody?.utilisation).toBeCloseTo(0.6667, 4);
  // 333.3/s × 5 ms + 1,000/s × 20 ms.
  expect(everybody?.executions).toEqual({ kind: 'value', value: expect.closeTo(21.667, 3) });
  expect(everybody?.readUnitsPerSecond).toEqual({ kind: 'value', value: expect.closeTo(1_000, 9) });
});

test('who is not in the stage polls from the first day on, and costs more than who is', () => {
  const [asPlanned, rollback] = useOf(fifth)?.occasions ?? [];
  expect(asPlanned?.polling).toBeCloseTo(8_000, 6);
  expect(asPlanned?.requestsPerSecond).toBeCloseTo(10_000 / 30 + 800 + 2_000 / 7_200, 6);
  expect(rollback?.requestsPerSecond).toBeCloseTo(10_000 / 30 + 1_000 + 2_000 / 30, 6);
  const [few = 0, all = 0] = [fifth, tabs].map((plan) => useOf(plan)?.occasions[0]?.usdPerHour ?? 0);
  expect(few).toBeGreaterThan(all);
});

test('a stage that begins takes polls away: projected, the fallback needs least when everybody is in it', () => {
  const plan: UsagePlan = {
    ...fifth,
    rollout: [...fifth.rollout, { stage: 'all', share: 1, date: '2026-03-01' }],
  };
  // 8,000 of 10,000 tabs poll; then nobody. Rolled back, it is the same 10,000 tabs; the more are connected, the more notice.
  expect(useOf(plan)?.stages).toEqual([
    expect.objectContaining({ stage: 'a fifth', connections: 2_000, outsideTabs: expect.closeTo(8_000, 6) }),
    expect.objectContaining({ stage: 'all', date: '2026-03-01', outsideTabs: 0 }),
    expect.objectContaining({ stage: 'all', date: '2027-01-01' }),
  ]);
  const [first, all] = useOf(plan)?.stages ?? [];
  expect(first?.requestsPerSecond).toBeCloseTo(10_000 / 30 + 800 + 2_000 / 7_200, 6);
  expect(all?.requestsPerSecond).toBeCloseTo(10_000 / 30 + 10_000 / 7_200, 6);
  expect([first?.rolledBackPerSecond, all?.rolledBackPerSecond]).toEqual([
    expect.closeTo(10_000 / 30 + 1_000 + 2_000 / 30, 6),
    expect.closeTo(10_000 / 30 + 1_000 + 10_000 / 30, 6),
  ]);
  expect(all?.connectsPerSecond).toBeCloseTo(333.333, 3);
});

test('quotas that are shared have it as well: the account’s throttle, executions, invocations, and the table', () => {
  const [without, with_] = [calculated(tabs, null), calculated(tabs)];
  const rate = (which: typeof with_, id: string) => {
    const demand = which.demand(id);
    return demand?.kind === 'value' ? (demand.burst?.value ?? demand.value) : Number.NaN;
  };
  expect(with_.demand('httpApiThrottle.fallback')).toMatchObject({
    value: expect.closeTo(10_000 / 30 + 10_000 / 7_200, 6),
    burst: { value: expect.closeTo(1_666.667, 3), lastsSeconds: 30 },
  });
  expect(without.demand('httpApiThrottle.fallback')).toBeUndefined();
  // While everybody polls, 100 webhooks/s are posted beside it, and nothing is pushed.
  expect(rate(with_, 'accountThrottle')).toBeCloseTo(1_666.667 + 100, 3);
  expect(rate(with_, 'dynamodbTableRead')).toBeGreaterThanOrEqual(1_333);
  expect(rate(without, 'dynamodbTableRead')).toBeLessThan(200);
  expect(rate(with_, 'accountConcurrency')).toBeGreaterThan(26);
  expect(rate(with_, 'accountInvocationRate')).toBeGreaterThan(1_666);
});

test('each webhook’s event is kept: a write more for each, and its bytes for an hour and two days', () => {
  const writesOf = ({ load, ...stack }: ReturnType<typeof calculated>) =>
    tableUnitRate({ id: 'table', units: 'writeUnits' }, meanMoment(load), stack);
  const quantityOf = (which: ReturnType<typeof calculated>, id: string) => {
    const amount = cost(which, usEast1Prices).components.find((each) => each.id === id)?.amount;
    return amount?.kind === 'value' ? amount.quantityPerMonth : 0;
  };
  const [without, with_] = [calculated(tabs, null), calculated(tabs)];
  const [few, many] = [writesOf(without), writesOf(with_)];
  expect(many.kind === 'value' && few.kind === 'value' && many.value - few.value).toBeCloseTo(100, 6);
  // 100 of an item, 12 of the names of its keys and its expiry, 2 + 36 and 13 + 1 + 36 of the keys, 512 + 5 of the frame, and so on: 724 bytes.
  expect(quantityOf(with_, 'dynamodb.storage') - quantityOf(without, 'dynamodb.storage')).toBeCloseTo(
    (100 * (3_600 + 172_800) * 724) / 1e9,
    1,
  );
  expect(quantityOf(with_, 'fallback.requests')).toBeCloseTo((10_000 / 30 + 10_000 / 7_200) * 2_628_000, -3);
});

test('switched on again, all come back within 30 s', () => {
  const { load, quotas } = calculated(tabs);
  expect(occasionsOf(load, quotas)).toContainEqual(
    expect.objectContaining({ kind: 'stage', ratePerSecond: expect.closeTo(333.333, 3), lastsSeconds: 30 }),
  );
});

test('a throttle that is too low is to be set, in its own setting', () => {
  const { plan, coefficients, deployment } = calculated(tabs, { throttle: { ratePerSecond: 1_000, burst: 500 } });
  const advice = recommend({ plan, coefficients, deployment }).find(
    ({ id }) => id === 'quota.httpApiThrottle.fallback',
  );
  // 1,666.7 / (1 + 0.5 / 30) = 1,639; / 0.7
  expect(advice).toMatchObject({ kind: 'set', setting: 'fallback.throttle', present: 1_000, value: 2_400 });
});

test('without the setting nobody asks, and a plan that says how often is as it is', () => {
  expect(calculated(tabs, null).plan).toEqual(tabs);
  expect(calculated({ ...tabs, syncClient: { stageSeconds: 60, pollSeconds: 20, blockedShare: 0 } }).load.sync).toEqual(
    {
      ...{ outsideTabs: 0, stageSeconds: 60, pollSeconds: 20 },
    },
  );
});

test('reads that are held are an execution for each tab that waits, and a read of the table each second', () => {
  const held = (webhooksPerUserPerDay: number) => calculated({ ...fifth, webhooksPerUserPerDay }, { holdSeconds: 20 });
  // Hardly any event: each read is held to its end. 8,000 tabs wait.
  const quiet = held(0.001);
  expect(quiet.load.sync?.pollSeconds).toBeCloseTo(20, 3);
  const busy = concurrencyOf('fallback', meanMoment(quiet.load), quiet);
  expect(busy).toMatchObject({ value: expect.closeTo(8_000 + (8_000 / 20) * 0.02 + (10_000 / 30) * 0.005, -1) });
  const reads = tableUnitRate({ id: 'table', units: 'readUnits' }, meanMoment(quiet.load), quiet);
  expect(reads.kind === 'value' && reads.value).toBeGreaterThan(8_000);
  const rate = quiet.demand('accountConcurrency');
  // Of 1,000: the quota that binds.
  expect(rate).toMatchObject({ value: expect.closeTo(10_000, -2) });
  // An event each 10 s: (1 - e^-2) × 10 s on average.
  expect(held(8_640).load.sync?.pollSeconds).toBeCloseTo((1 - Math.exp(-2)) * 10, 6);
});
