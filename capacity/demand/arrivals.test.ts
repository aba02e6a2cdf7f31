import { describe, expect, test } from 'vitest';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../example-stack.fixture.ts';
import { demandsOf, headroom } from '../headroom/headroom.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { heaviestBurst } from './arrivals.ts';
import { loadOfPlan } from './load.ts';
import type { UsagePlan } from './plan.ts';

/** A million viewers, a tab each, who chat once a minute. */
const viewers: UsagePlan = {
  ...examplePlan,
  ...{ users: 1e6, peakConcurrency: 1, tabsPerUser: 1, messagesPerUserPerMinute: 1 },
  ...{ webhooksPerUserPerDay: 0, webhookBurstFactor: 1 },
};
function rowOf(plan: UsagePlan, id: string) {
  const quotas = quotasInForce(exampleDeployment, plan.quotas);
  const rows = headroom(demandsOf(loadOfPlan(plan), exampleCoefficients, exampleDeployment, quotas), quotas);
  const row = rows.find(({ quotaId }) => quotaId === id);
  if (row?.kind !== 'value') throw new Error(`${id} has no demand`);
  return row;
}

describe('a login window', () => {
  const within10Minutes = { ...viewers, loginWindowSeconds: 600 };

  test('a million viewers within ten minutes are 1,667 new connections/s, 333% of L-9ED1E49A', () => {
    const row = rowOf(within10Minutes, 'newConnections');
    expect(row.demand).toBeCloseTo(1e6 / 600, 6);
    // 500/s, and 500 of the bucket over 600 s
    expect(row.limit).toBeCloseTo(500.833, 3);
    expect(row.utilisation).toBeCloseTo(3.328, 3);
    expect(row.code).toBe('L-9ED1E49A');
  });

  test('spread over the day they are 139/s, 28%', () => {
    expect(rowOf(viewers, 'newConnections')).toMatchObject({ basis: 'sustained' });
    expect(rowOf(viewers, 'newConnections').utilisation).toBeCloseTo(1e6 / 7_200 / 500, 9);
  });

  test('the 2 h lifetime: steady when arrivals are spread, a wave as high as the login when they are not', () => {
    expect(rowOf(viewers, 'webSocketLifetime')).toMatchObject({ basis: 'sustained' });
    const wave = rowOf(within10Minutes, 'webSocketLifetime');
    expect([wave.basis, wave.demand]).toEqual(['burst', expect.closeTo(1e6 / 600, 6)]);
    expect(loadOfPlan(within10Minutes).connectBursts).toEqual([
      { cause: 'login', ratePerSecond: expect.closeTo(1e6 / 600, 6), lastsSeconds: 600 },
      { cause: 'rotation', ratePerSecond: expect.closeTo(1e6 / 600, 6), lastsSeconds: 600 },
    ]);
  });

  test('a window beyond the lifetime has no wave, and people who fall silent come back on their own', () => {
    const causes = (change: Partial<UsagePlan>) =>
      loadOfPlan({ ...within10Minutes, ...change }).connectBursts?.map(({ cause }) => cause);
    expect(causes({ loginWindowSeconds: 7_200 * 2, users: 1e6 })).toEqual([]);
    // A message every 20 min, with gaps as people have them: one connection in a million lasts 2 h.
    expect(causes({ messageGaps: 'exponential', messagesPerUserPerMinute: 0.05 })).toEqual(['login']);
  });

  test('a share of the day’s users comes within it, beside those who rotate', () => {
    const [login] = loadOfPlan({ ...within10Minutes, loginShare: 0.3 }).connectBursts ?? [];
    expect(login?.ratePerSecond).toBeCloseTo(3e5 / 600 + (0.7 * 1e6) / 7_200, 6);
  });
});

describe('a deploy or outage that closes every connection', () => {
  test('all are back within the recovery objective: a million in 120 s are 8,333/s', () => {
    const row = rowOf({ ...viewers, recoveryObjectiveSeconds: 120 }, 'newConnections');
    expect(row.demand).toBeCloseTo(1e6 / 120, 6);
    expect(row.limit).toBeCloseTo(500 + 500 / 120, 6);
  });

  test('of several bursts the one that asks most of the bucket counts', () => {
    const both = (recoveryObjectiveSeconds: number) =>
      rowOf({ ...viewers, loginWindowSeconds: 600, recoveryObjectiveSeconds }, 'newConnections').demand;
    expect(both(120)).toBeCloseTo(1e6 / 120, 6);
    expect(both(1_200)).toBeCloseTo(1e6 / 600, 6);
    // 900/s for 1 s are within 500/s and 500 at once; 800/s for 10 s are not.
    const [short, long] = [
      { ratePerSecond: 900, lastsSeconds: 1 },
      { ratePerSecond: 800, lastsSeconds: 10 },
    ];
    expect(heaviestBurst([short, long], 1)).toBe(long);
  });
});
