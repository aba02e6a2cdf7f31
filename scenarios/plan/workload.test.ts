import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasBurst, workloadSchema } from '../../record/workload.ts';
import { parsePlan } from './plan.ts';
import { planWorkload } from './workload.ts';

const parsed = parsePlan(readFileSync(new URL('../plan.yml', import.meta.url), 'utf8'), 'plan.yml');
if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
const { plan, benchmark } = parsed;

test('the default plan is 1,000 connections, 80 messages/s, 5 webhooks/s and a burst of 45/s', () => {
  const workload = planWorkload(plan, benchmark);
  expect(workload).toMatchObject({
    connections: 1_000,
    tabsPerUser: 1.25,
    connectRatePerSecond: 100,
    steadySeconds: 45,
    drainSeconds: 12,
    messageRatePerSecond: 80,
    messageBytes: 256,
    webhookRatePerSecond: 5,
    webhookBytes: 4_096,
    burstStartSeconds: 20,
    burstSeconds: 10,
    burstRatePerSecond: 45,
    replayShare: 0.01,
    offlineShare: 0.05,
    timeoutSeconds: 10,
    seed: 1,
  });
  expect(workloadSchema.parse(workload)).toEqual(workload);
});

test('with twice the users everything doubles except the pace', () => {
  const workload = planWorkload({ ...plan, users: 4_000 }, benchmark);
  expect(workload).toMatchObject({
    connections: 2_000,
    messageRatePerSecond: 160,
    webhookRatePerSecond: 10,
    burstRatePerSecond: 90,
    connectRatePerSecond: 100,
  });
});

describe('flags', () => {
  test('replace the number they name, and no other; one that was not given changes nothing', () => {
    const overrides = { connections: 50, burstRatePerSecond: 20, steadySeconds: undefined };
    expect(planWorkload(plan, benchmark, overrides)).toMatchObject({
      connections: 50,
      messageRatePerSecond: 80,
      steadySeconds: 45,
      ...{ burstStartSeconds: 20, burstSeconds: 10, burstRatePerSecond: 20 },
    });
  });
  test('a shorter steady state moves the burst forward, and cuts it when it must', () => {
    const during = (steadySeconds: number) => planWorkload(plan, benchmark, { steadySeconds });
    expect(during(15)).toMatchObject({ burstStartSeconds: 5, burstSeconds: 10, burstRatePerSecond: 45 });
    expect(during(6)).toMatchObject({ burstStartSeconds: 0, burstSeconds: 6, burstRatePerSecond: 45 });
  });
});

test('a burst factor of 1 means no burst: a rate of 0', () => {
  const workload = planWorkload({ ...plan, webhookBurstFactor: 1 }, benchmark);
  expect(workload.burstRatePerSecond).toBe(0);
  expect(hasBurst(workload)).toBe(false);
});
