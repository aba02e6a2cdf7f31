import { describe, expect, test } from 'vitest';
import { coefficientsWith, deploymentWith, exampleCoefficients, examplePlan } from '../example-stack.fixture.ts';
import { find, recommendFor } from './recommend.fixture.ts';
import { recommend } from './recommendation.ts';

describe('the order', () => {
  test('what is due first comes first, of one day what is exceeded most; what stays comes last', () => {
    const all = recommendFor({ growthPerMonth: 0.05, users: 2_000_000 });
    const dated = all.filter(({ by }) => by !== null);
    expect(dated.map(({ by }) => by)).toEqual(dated.map(({ by }) => by).toSorted());
    expect(all.slice(0, dated.length)).toEqual(dated);
    // 3,660 × 2,000 / 864 of 5,000 = 169%; the account's throttle in the burst 119%, its executions 134%, requests 134%.
    expect(all[0]).toMatchObject({ id: 'quota.webSocketApiThrottle', by: '2026-01-01' });
    const firstKept = all.findIndex(({ kind }) => kind === 'keep');
    expect(all.slice(firstKept).every(({ kind }) => kind === 'keep')).toBe(true);
  });

  test('a history that cannot exclude growth asks by the earliest date', () => {
    const growthHistory = [860_000, 900_000, 840_000, 880_000, 850_000, 864_000];
    const asked = find(recommendFor({ growthHistory }), 'quota.accountConcurrency');
    // 578 of 1,000 today.
    expect(asked).toMatchObject({ kind: 'ask', present: 1_000 });
    expect(asked.by).toMatch(/^2026-/);
    expect(asked.facts).toMatchObject({ certainty: 'perhaps' });
  });
});

describe('an account whose concurrency is that of a new one', () => {
  test('comes first, even where it would be enough', () => {
    const small = recommendFor({ users: 100, quotas: { 'L-B99A9384': 10 } });
    expect(small[0]).toMatchObject({
      id: 'quota.accountConcurrency',
      precondition: true,
      kind: 'ask',
      code: 'L-B99A9384',
      present: 10,
      value: 1_000,
      exceededOn: null,
    });
    expect(small.filter(({ precondition }) => precondition)).toHaveLength(1);
    expect(recommendFor()[0]?.precondition).toBe(false);
  });

  test('asks for what the plan needs: 578 / 0.7 = 826, so AWS’s default; nothing is reserved before', () => {
    const all = recommendFor({ quotas: { 'L-B99A9384': 50 } });
    expect(all[0]).toMatchObject({ value: 1_000, present: 50, exceededOn: '2026-01-01', by: '2026-01-01' });
    expect(find(all, 'reservedConcurrency.ingest')).toMatchObject({ kind: 'keep', value: null });
  });
});

test('Lambda’s requests/s are 10 for each execution: functions of 5 ms run out of L-B99A9384 by their rate', () => {
  const quick = { kind: 'value', value: 0.005, unit: 's', method: 'measured', basis: '' } as const;
  const meanSeconds = { message: quick, deliver: quick, ingest: quick };
  // 4 × 5,780 requests/s / 10 / 0.7 = 3,303
  const all = recommendFor({ users: 4 * 864_000 }, coefficientsWith({ meanSeconds }));
  expect(find(all, 'quota.accountConcurrency')).toMatchObject({ value: 3_400, code: 'L-B99A9384' });
  expect(find(all, 'quota.accountConcurrency').facts).toMatchObject({
    rate: { requestsPerSecond: expect.closeTo(23_120), perExecution: 10 },
  });
});

describe('coming back after all connections dropped', () => {
  test('both prices: waiting at the quota in force, and the raise for the plan’s objective', () => {
    const { recovery } = find(recommendFor({ recoveryObjectiveSeconds: 120 }), 'client.backOff');
    expect(recovery).toEqual({
      objectiveSeconds: 120,
      objectiveFrom: 'plan',
      // (432,000 − 500) / 350; 216,000 users wait half of it
      waiting: { windowSeconds: 1_233, userSeconds: 216_000 * 616.5 },
      raise: {
        windowSeconds: 120,
        userSeconds: 216_000 * 60,
        connectionsPerSecond: 3_600,
        leadDays: 14,
        usd: 0,
        // Three functions of 0.1 s; 3 WRU each
        executions: expect.closeTo(1_080, 9),
        writeUnitsPerSecond: expect.closeTo(10_800, 9),
      },
    });
  });

  test('a quota that carries it sooner: the shortest wait, and nothing to raise', () => {
    const all = recommendFor({ users: 86_400, recoveryObjectiveSeconds: 600 });
    // (43,200 − 500) / 350
    expect(find(all, 'client.backOff')).toMatchObject({ value: 122, recovery: { raise: null } });
    expect(all.filter(({ id }) => id === 'quota.newConnections')).toEqual([]);
  });

  test('nobody is made to wait 48 min: a million clients have 300 s, which are said to be assumed', () => {
    const million = find(recommendFor({ users: 2e6 }), 'client.backOff');
    expect(million).toMatchObject({ value: 300, recovery: { objectiveFrom: 'assumed' } });
    expect(million.recovery?.waiting.windowSeconds).toBe(2_856);
  });
});

describe('what no setting mends, with what would', () => {
  const redesigns = (change: Partial<typeof examplePlan>) =>
    recommendFor(change).filter(({ kind }) => kind === 'redesign');

  test('a goal to a million tabs within 5 s takes the account 100 s', () => {
    const [goal] = redesigns({ users: 2e6, broadcast: { deadlineSeconds: 5, perDay: 1, bytes: 256 } });
    expect(goal?.quotaIds).toContain('accountThrottle');
    expect(goal?.facts).toMatchObject({
      designs: expect.arrayContaining([
        { design: 'shard', broadcast: { neededSeconds: expect.closeTo(100), deadlineSeconds: 5 } },
      ]),
    });
    // Its 20,000 a second do not carry it.
    expect(goal?.designs).toContain('appSyncEvents');
    expect(goal?.designs).not.toContain('iotCore');
  });

  test('reactions that are not collected: 300 people × 2/s to 300', () => {
    const reactions = {
      name: 'reactions',
      count: 1,
      size: 300,
      publishesPerSubscriberPerMinute: 120,
      publishBytes: 64,
    };
    const all = redesigns({ users: 2_000, channels: [{ ...reactions, collectSeconds: 0 }] });
    expect(all.flatMap(({ facts }) => (facts.of === 'redesign' ? facts.designs : []))).toContainEqual({
      design: 'coalesce',
      pushesPerSecond: { collected: expect.closeTo(300), apart: expect.closeTo(180_000) },
    });
  });

  test('a token that is too long for the URL', () => {
    expect(redesigns({ tokenBytes: 5_000 }).map(({ designs }) => designs)).toEqual([
      expect.arrayContaining(['smallerToken']),
    ]);
  });
});

test('a plan that states fewer executions than the pollers are set to: they are to be set, not kept', () => {
  const deployment = deploymentWith({ provisionedPollers: { minimum: 2, maximum: 20 } });
  // 1,000/s × 0.1 s = 100, + 3√100 = 130, which 20 pollers carry.
  const kindOf = (quotas: Record<string, number>) =>
    find(
      recommend({ plan: { ...examplePlan, quotas }, coefficients: exampleCoefficients, deployment }),
      'sqs.provisionedPollers',
    ).kind;
  expect([kindOf({}), kindOf({ pollerMaxConcurrency: 50 })]).toEqual(['keep', 'set']);
});

test('without webhooks nothing is said of the queue, its pollers, or what waits behind it', () => {
  const quiet = { webhooksPerUserPerDay: 0 };
  const ids = recommendFor(quiet).map(({ id }) => id);
  expect(ids.filter((id) => /^sqs|ingest|deliver/.test(id))).toEqual([]);
  const provisioned = recommend({
    plan: { ...examplePlan, ...quiet },
    coefficients: exampleCoefficients,
    deployment: deploymentWith({ provisionedPollers: { minimum: 4, maximum: 8 }, batchSize: 1 }),
  });
  expect(provisioned.filter(({ id }) => id.startsWith('sqs'))).toEqual([]);
});

test('pollers: MaximumConcurrency up to 1,000, their own limit up to 1,250, then provisioned ones', () => {
  const settingOf = (webhookBurstFactor: number, webhookBurstSeconds = 60) =>
    recommendFor({ webhookBurstFactor, webhookBurstSeconds, webhooksPerUserPerDay: 1_000 }).find(
      ({ id }) => id.startsWith('sqs.maximumConcurrency') || id.startsWith('sqs.provisioned'),
    )?.change.settings?.queues?.queue;
  // On average 10,000/s × 0.1 s = 1,000, + 3√1,000 = 1,095
  expect(settingOf(1)).toBeUndefined();
  // 2,000, + 3√2,000 = 2,135; within a minute 1,000 come by themselves
  expect(settingOf(2)).toEqual({ maximumConcurrency: null, provisionedPollers: { minimum: 2, maximum: 214 } });
  // 4,000, + 3√4,000 = 4,190; 3,000 more than on average, of which 2,000 are more than a minute brings
  expect(settingOf(4)).toMatchObject({ provisionedPollers: { minimum: 200, maximum: 419 } });
});
