import { describe, expect, test } from 'vitest';
import type { UsagePlan } from '../demand/plan.ts';
import { coefficientsWith, exampleCoefficients, exampleDeployment, examplePlan } from '../example-stack.fixture.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import { quotasInForce, quotasOf } from '../headroom/quotas.ts';
import { project } from './projection.ts';
import { dateAfter, fractionOfUsers, momentsOf } from './rollout.ts';

const projectPlan = (change: Partial<UsagePlan>) =>
  project({ ...examplePlan, ...change }, exampleCoefficients, quotasInForce(exampleDeployment), exampleDeployment);

test('5% a month: 3,660/s reaches 5,000/s after ln(5000/3660)/ln(1.05) = 6.39 months', () => {
  const { first } = projectPlan({ growthPerMonth: 0.05 });
  expect(first).toMatchObject({ quotaId: 'webSocketApiThrottle', date: '2026-07-15', stage: 'all' });
  expect(first?.months).toBeCloseTo(6.394, 1);
});

test('no growth and one stage: nothing runs out, and the answer says within which horizon', () => {
  const { first, exhaustions } = projectPlan({});
  expect(first).toBeNull();
  expect(exhaustions[0]).toMatchObject({ kind: 'notWithinHorizon', horizonMonths: 12 });
  expect(exhaustions[0]?.kind === 'notWithinHorizon' && exhaustions[0].utilisationAtEnd).toBeCloseTo(0.732, 9);
});

test('a stage that doubles the users exhausts the quotas on the day it begins', () => {
  const rollout = [
    { stage: 'half', share: 0.5, date: '2026-01-01' },
    { stage: 'all', share: 1, date: '2026-04-10' },
  ];
  const { first, exhaustions, points } = projectPlan({ rollout });
  expect(first).toMatchObject({ quotaId: 'webSocketApiThrottle', date: '2026-04-10', stage: 'all' });
  // Concurrency 578 × 2, its 5,780 invocations/s × 2 and the burst 5,160 × 2 are exceeded on that day as well.
  expect(
    exhaustions
      .filter(({ kind }) => kind === 'at')
      .map(({ quotaId }) => quotaId)
      .toSorted(),
  ).toEqual(['accountConcurrency', 'accountInvocationRate', 'accountThrottle', 'webSocketApiThrottle']);
  expect(points.filter(({ stageBegins }) => stageBegins).map(({ date, usersFactor }) => [date, usersFactor])).toEqual([
    ['2026-04-10', 2],
  ]);
});

test('a quota that is already exceeded runs out on the plan’s own date', () => {
  expect(projectPlan({ users: 2e6 }).first).toMatchObject({ date: '2026-01-01', months: 0 });
});

test('the day on which a quota runs out is sought by that quota alone', () => {
  let asked = 0;
  const counted = quotasInForce(exampleDeployment).map(
    (quota): QuotaInForce => ({
      ...quota,
      demand(...given) {
        asked++;
        return quota.demand(...given);
      },
    }),
  );
  const plan = { ...examplePlan, growthPerMonth: 0.2 };
  const { points, exhaustions } = project(plan, exampleCoefficients, counted, exampleDeployment);
  const sought = exhaustions.filter(({ kind }) => kind === 'at').length;
  expect(sought).toBeGreaterThan(4);
  // All of them at each point, before the first one, and for their errors.
  const atPoints = counted.length * (points.length + 2);
  // A month has 2^7 parts of a hundredth, and the last of them is shown.
  expect(asked - atPoints).toBeLessThanOrEqual(sought * 8);
});

describe('usage(t) = (1+g)^t · r(t) / r(now)', () => {
  const rollout = [
    { stage: 'tenth', share: 0.1, date: '2026-01-01' },
    { stage: 'all', share: 1, date: '2026-07-01' },
  ];
  const plan = { asOf: '2026-01-01', growthPerMonth: 0.044, rollout };

  test('at full rollout there are ten times the users, and the growth', () => {
    expect(fractionOfUsers(plan, 0)).toBe(1);
    expect(fractionOfUsers(plan, 5)).toBeCloseTo(1.044 ** 5, 12);
    expect(fractionOfUsers(plan, 8)).toBeCloseTo(10 * 1.044 ** 8, 9);
  });
});

test('whole months follow the calendar, to its last day', () => {
  expect([1, 13, 24].map((months) => dateAfter({ asOf: '2026-01-31' }, months))).toEqual([
    '2026-02-28',
    '2027-02-28',
    '2028-01-31',
  ]);
});

describe('an on-demand table takes twice its previous peak, and 4,000 WRU/s when it is new', () => {
  const writesAt = (rollout: UsagePlan['rollout'], change: Partial<UsagePlan> = { newTable: true }) =>
    projectPlan({ users: 1_000_000, rollout, ...change }).exhaustions.find(
      ({ quotaId }) => quotaId === 'dynamodbOnDemandWrite',
    );
  const start = { stage: 'start', share: 0.1, date: '2026-01-01' };

  test('stages that double the users each time stay within it, however far they go', () => {
    const demands = projectPlan({ users: 1_000_000, rollout: [start] }).points[0]?.headroom;
    const now = demands?.find(({ quotaId }) => quotaId === 'dynamodbOnDemandWrite');
    if (now?.kind !== 'value') throw new Error('no demand');
    // One doubling more than the new table would take.
    const doublings = Math.ceil(Math.log2(4_000 / now.demand)) + 1;
    const rollout = Array.from({ length: doublings + 1 }, (_, n) => ({
      stage: `stage ${n}`,
      share: 2 ** (n - doublings),
      date: `2026-${String(n + 1).padStart(2, '0')}-01`,
    }));
    expect(now.demand * 2 ** doublings).toBeGreaterThan(4_000);
    expect(writesAt(rollout)).toMatchObject({ kind: 'notWithinHorizon' });
  });

  test('a stage that triples the users beyond that exhausts it on the day it begins', () => {
    const rollout = [start, { stage: 'all', share: 1, date: '2026-04-10' }];
    expect(writesAt(rollout)).toMatchObject({ kind: 'at', date: '2026-04-10' });
  });

  test('a table that has carried its peak follows a load whose users come over hours, and does not bind', () => {
    const rollout = [start, { stage: 'all', share: 1, date: '2026-04-10' }];
    expect(writesAt(rollout, {})).toMatchObject({ kind: 'notWithinHorizon' });
    // Beyond 4,000 WRU/s today, and yet it is carried: it was yesterday as well.
    const large = projectPlan({ users: 1e7 }).points[0];
    const writes = large?.headroom.find(({ quotaId }) => quotaId === 'dynamodbOnDemandWrite');
    expect(writes?.kind === 'value' && writes.demand).toBeGreaterThan(4_000);
    expect(writes?.kind === 'value' && writes.utilisation).toBeLessThan(0.5);
  });

  test('unless they come within minutes: four times the peak is more than one doubling in 30 min', () => {
    const fourfold = (loginWindowSeconds: number) =>
      writesAt(
        [
          { ...start, share: 0.25 },
          { stage: 'all', share: 1, date: '2026-04-10' },
        ],
        { loginWindowSeconds },
      );
    expect(fourfold(600)).toMatchObject({ kind: 'at', date: '2026-04-10' });
    expect(fourfold(3_600)).toMatchObject({ kind: 'notWithinHorizon' });
  });
});

describe('growth from the plan’s history', () => {
  // 864,000 users at the end, 5% a month with scatter of a percent or so.
  const scatter = [1.01, 0.99, 1.005, 0.995, 1.012, 0.99, 1];
  const growthHistory = scatter.map((noise, month) => 864_000 * 1.05 ** (month - 6) * noise);

  test('the date has an interval, and AWS is asked two weeks before its early end', () => {
    const users = 1_200_000;
    const { growth, exhaustions } = projectPlan({ users, growthHistory });
    if (growth.kind !== 'fitted') throw new Error(growth.kind);
    expect(growth.perMonth).toBeCloseTo(0.05, 2);
    const concurrency = exhaustions.find(({ quotaId }) => quotaId === 'accountConcurrency');
    if (concurrency?.kind !== 'at') throw new Error(concurrency?.kind);
    // 578 executions × 1,200 / 864 of 1,000
    const room = 1_000 / (578 * (1_200 / 864));
    expect(concurrency.months).toBeCloseTo(Math.log(room) / Math.log(1 + growth.perMonth), 1);
    const { earliest, latest, level } = concurrency.interval ?? {};
    // On these days the upper and the lower path of users reach it.
    const reached = (months: number, end: 'lower' | 'upper') =>
      (1 + growth.perMonth) ** months * growth.bend(months, end);
    expect(reached(earliest?.months ?? 0, 'upper')).toBeCloseTo(room, 2);
    expect(reached(latest?.months ?? 0, 'lower')).toBeCloseTo(room, 2);
    expect(earliest?.months).toBeLessThan(concurrency.months);
    expect(latest?.months).toBeGreaterThan(concurrency.months);
    expect(level).toBe('95%');
    expect(concurrency.remedy).toBe('ask');
    const leadDays = (Date.parse(earliest?.date ?? '') - Date.parse(concurrency.askBy ?? '')) / 864e5;
    expect(Math.abs(leadDays - 14)).toBeLessThanOrEqual(1);
  });

  test('−3.8% a month is a projection: fewer users, and no quota runs out', () => {
    const shrinking = scatter.map((noise, month) => 864_000 * 0.962 ** (month - 6) * (1 + (noise - 1) / 4));
    const { growth, points, first, exhaustions } = projectPlan({ growthHistory: shrinking });
    expect(growth).toMatchObject({ kind: 'fitted', direction: 'shrinks' });
    expect(growth.perMonth).toBeCloseTo(-0.038, 3);
    expect(points.at(-1)?.load.users).toBeCloseTo(864_000 * (1 + growth.perMonth) ** 12, 0);
    expect(first).toBeNull();
    expect(exhaustions.every(({ kind }) => kind === 'notWithinHorizon')).toBe(true);
  });

  test('a slope that cannot be told from zero is its interval: the upper end gives the earliest date and the ask-by', () => {
    const flat = [864, 885, 850, 878, 855, 880, 864].map((thousands) => thousands * 1_000);
    const rollout = [
      { stage: 'half', share: 0.5, date: '2026-01-01' },
      { stage: 'all', share: 1, date: '2026-04-10' },
    ];
    const { growth, exhaustions } = projectPlan({ growthHistory: flat, horizonMonths: 36 });
    if (growth.kind !== 'fitted') throw new Error(growth.kind);
    expect(growth).toMatchObject({ direction: 'unclear', perMonth: 0 });
    const concurrency = exhaustions.find(({ quotaId }) => quotaId === 'accountConcurrency');
    if (concurrency?.kind !== 'perhaps') throw new Error(concurrency?.kind);
    const { earliest } = concurrency.interval;
    expect(578 * (1 + growth.perMonth) ** earliest.months * growth.bend(earliest.months, 'upper')).toBeCloseTo(
      1_000,
      -1,
    );
    expect((Date.parse(earliest.date) - Date.parse(concurrency.askBy ?? '')) / 864e5).toBeCloseTo(14, -0.5);
    // What a stage alone exhausts has its date, and is certain to by then.
    const { first } = projectPlan({ growthHistory: flat, rollout });
    expect(first).toMatchObject({ quotaId: 'webSocketApiThrottle', date: '2026-04-10' });
    expect(first?.interval?.latest?.date).toBe('2026-04-10');
  });

  test('a history that does not move is an answer as well', () => {
    const { growth, first, exhaustions } = projectPlan({ growthHistory: [864_000, 864_000, 864_000, 864_000] });
    expect(growth.perMonth).toBeCloseTo(0, 9);
    expect(first).toBeNull();
    expect(exhaustions.every(({ kind }) => kind === 'notWithinHorizon')).toBe(true);
  });
});

describe('what to do about it, and by when', () => {
  test('a stage throttle is a setting: nothing to request', () => {
    const { first } = projectPlan({ growthPerMonth: 0.05 });
    expect(first).toMatchObject({ remedy: 'set', askBy: null, interval: null });
  });

  test('a quota that runs out within the lead time must be requested today', () => {
    const { exhaustions } = projectPlan({ users: 1_490_000, growthPerMonth: 0.05 });
    const concurrency = exhaustions.find(({ quotaId }) => quotaId === 'accountConcurrency');
    // 578 × 1,490 / 864 = 997 of 1,000
    expect(concurrency).toMatchObject({ kind: 'at', askBy: '2026-01-01' });
    const { exhaustions: patient } = projectPlan({ users: 1_000_000, growthPerMonth: 0.05, quotaLeadDays: 0 });
    const later = patient.find(({ quotaId }) => quotaId === 'accountConcurrency');
    expect(later?.kind === 'at' && later.askBy).toBe(later?.kind === 'at' && later.date);
  });
});

test('a coefficient’s standard error moves the date: ±10% of the duration is ±ln(1 ± 0.196)/ln(1.05) months', () => {
  const message = {
    ...({ kind: 'value', value: 0.1, unit: 's', method: 'measured', basis: '' } as const),
    standardError: 0.01,
  };
  const coefficients = coefficientsWith({ meanSeconds: { message } });
  const { exhaustions } = project(
    { ...examplePlan, growthPerMonth: 0.05, horizonMonths: 36 },
    coefficients,
    quotasInForce(exampleDeployment),
    exampleDeployment,
  );
  const concurrency = exhaustions.find(({ quotaId }) => quotaId === 'accountConcurrency');
  if (concurrency?.kind !== 'at') throw new Error(concurrency?.kind);
  // 360 of the 578 executions are message's: 10% of them are 6.23% of all.
  const reach = 1.959964 * (36 / 578);
  const months = (factor: number) => Math.log(1_000 / (578 * factor)) / Math.log(1.05);
  // Standard errors come without degrees of freedom: no share is promised.
  expect(concurrency.interval?.level).toBe('approximate');
  expect(concurrency.interval?.earliest.months).toBeCloseTo(months(1 + reach), 1);
  expect(concurrency.interval?.latest?.months).toBeCloseTo(months(1 - reach), 1);
  expect(exhaustions.find(({ quotaId }) => quotaId === 'newConnections')).not.toHaveProperty('askBy');
});

test('quotas as AWS lists them are taken with the plan’s and the stack’s values', () => {
  const listed = project(
    { ...examplePlan, growthPerMonth: 0.05 },
    exampleCoefficients,
    quotasOf(exampleDeployment),
    exampleDeployment,
  );
  expect(listed.first).toEqual(projectPlan({ growthPerMonth: 0.05 }).first);
});

test('a horizon that no plan may have is not calculated month by month', () => {
  expect(momentsOf({ ...examplePlan, horizonMonths: 99_999_999 })).toHaveLength(121);
});
