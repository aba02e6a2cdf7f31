import { describe, expect, test } from 'vitest';
import { coefficientsWith, deploymentWith, exampleCoefficients, examplePlan } from '../example-stack.fixture.ts';
import { find, recommendFor } from './recommend.fixture.ts';
import { recommend } from './recommendation.ts';

describe('the example plan as it is, worked out by hand', () => {
  const all = recommendFor();

  test('the WebSocket stage is at 73% of its throttle: 3,660 / 0.7 = 5,300 (two figures)', () => {
    expect(find(all, 'quota.webSocketApiThrottle')).toMatchObject({
      value: 5_300,
      present: 5_000,
      kind: 'set',
      code: null,
    });
  });

  test('quotas with room are not mentioned; only coming back within 300 s, which is assumed, asks for a raise', () => {
    expect(all.filter(({ kind }) => kind === 'ask').map(({ id }) => id)).toEqual(['quota.newConnections']);
    // 432,000 / (300 + 1) s = 1,435/s, / 0.7
    expect(find(all, 'quota.newConnections')).toMatchObject({ value: 2_100, by: null, exceededOn: null });
    const stated = recommendFor({ recoveryObjectiveSeconds: 1_300 });
    expect(stated.filter(({ kind }) => kind === 'ask')).toEqual([]);
  });

  test.each([
    // Burst: 1,000 webhooks/s × 0.1 s = 100, + 3√100 = 130
    // A storm: 500 connects/s × 0.1 s = 50, + 3√50 = 71.2
    ['reservedConcurrency.authorize', 72],
    ['reservedConcurrency.connect', 72],
    ['reservedConcurrency.ingest', 130],
    ['sqs.maximumConcurrency', 130],
    ['sqs.batchSize', 10],
    ['client.heartbeat', 300],
    // (432,000 − 500) / (0.7 × 500) = 1,233 s, longer than the 300 s that are assumed
    ['client.backOff', 300],
    ['provisionedConcurrency.connect', 0],
    ['dynamodb.warmThroughput.writes', 4_000],
  ])('%s: %f', (id, value) => {
    expect(find(all, id).value).toBe(value);
  });

  test('the table’s writes are 280 on average and 1,180 in the burst, 24%: on-demand is cheaper below 29%', () => {
    expect(find(all, 'dynamodb.mode')).toMatchObject({ value: 'on-demand', kind: 'keep' });
    const even = recommendFor({ webhookBurstFactor: 3 });
    // 280 of 480 WRU/s
    expect(find(even, 'dynamodb.mode')).toMatchObject({ value: 'provisioned with auto scaling', kind: 'set' });
    // 730 h × (280 × 3,600 × $0.625/M − 480 × $0.00065) = $232; with a fifth of the users $46, which nobody's time is worth.
    expect(find(even, 'dynamodb.mode').facts).toMatchObject({ savingUsdPerMonth: expect.closeTo(232, 0) });
    expect(find(recommendFor({ webhookBurstFactor: 3, users: examplePlan.users / 5 }), 'dynamodb.mode')).toMatchObject({
      ...{ kind: 'keep', value: 'on-demand' },
      facts: { savingUsdPerMonth: expect.closeTo(46, 0), leastSavingUsd: 50 },
    });
    // 100 users cause 0.03 and at most 0.06 WRU/s, but a unit is the least to provision.
    expect(find(recommendFor({ webhookBurstFactor: 3, users: 100 }), 'dynamodb.mode')).toMatchObject({ kind: 'keep' });
  });
});

describe('what is nearly right already', () => {
  const withMaximum = (maximumConcurrency: number) =>
    find(
      recommend({
        plan: examplePlan,
        coefficients: exampleCoefficients,
        deployment: deploymentWith({ maximumConcurrency }),
      }),
      'sqs.maximumConcurrency',
    );

  test('a maximum concurrency stays where it is up to a tenth higher than needed (130), not lower and not far higher', () => {
    expect(withMaximum(140)).toMatchObject({ kind: 'keep', value: 140 });
    expect(withMaximum(125)).toMatchObject({ kind: 'set', value: 130 });
    expect(withMaximum(150)).toMatchObject({ kind: 'set', value: 130 });
  });

  test('ready environments that are there already are no advice', () => {
    const slow = { kind: 'value', value: 9, unit: 's', method: 'measured', basis: '' } as const;
    const coefficients = coefficientsWith({ p99Seconds: { connect: slow } });
    const ready = (present: number) =>
      find(
        recommend({
          plan: examplePlan,
          coefficients,
          deployment: deploymentWith({ provisionedConcurrency: { connect: present } }),
        }),
        'provisionedConcurrency.connect',
      );
    const { value } = ready(0);
    expect(ready(0).kind).toBe('set');
    expect(ready(Number(value))).toMatchObject({ kind: 'keep', value });
    expect(ready(Number(value) + 10)).toMatchObject({ kind: 'keep', value: Number(value) + 10 });
  });
});

describe('growth to the end of the horizon', () => {
  // 1.05^12 = 1.7959: 578 × 1.7959 = 1,038 executions
  const all = recommendFor({ growthPerMonth: 0.05 });

  test('an increase is asked for by its code, with the value and the last day to ask', () => {
    // 1,038 / 0.7 = 1,483; 1,000 is exceeded after 11.24 months, on 2026-12-09
    expect(find(all, 'quota.accountConcurrency')).toMatchObject({
      kind: 'ask',
      code: 'L-B99A9384',
      value: 1_500,
      present: 1_000,
      by: '2026-11-25',
    });
  });

  test('a bucket carries part of a burst of 60 s: 5,160 × 1.7959 / (1 + 0.5 / 60) / 0.7 = 13,129', () => {
    expect(find(all, 'quota.accountThrottle')).toMatchObject({ code: 'L-8A5B8E43', value: 14_000 });
  });
});

describe('the stage that is safe now', () => {
  const stages = (...shares: [string, number][]) =>
    shares.map(([stage, share], n) => ({ stage, share, date: `2026-0${n + 1}-01` }));

  test('the last before one that exceeds a quota, which is named', () => {
    const rollout = stages(['tenth', 0.1], ['eighth', 0.125], ['half', 0.5], ['all', 1]);
    const safe = find(recommendFor({ rollout }), 'rollout.safeStage');
    expect(safe.value).toBe('eighth');
    // 3,660 × 5 of 5,000
    expect(safe).toMatchObject({
      by: '2026-03-01',
      facts: {
        over: { name: 'WebSocket API stage throttle (websocket)', utilisation: expect.closeTo(3.66), isToday: false },
        beyond: { stage: 'half', date: '2026-03-01', users: 4_320_000 },
      },
    });
  });

  test('all of them, when nothing is exceeded', () => {
    const rollout = stages(['most', 0.9], ['all', 1]);
    expect(find(recommendFor({ rollout }), 'rollout.safeStage').value).toBe('all');
  });

  test('a stage is judged with the users of its own day: 10% a month carry “all” over the limit, though it is within it today', () => {
    // 3,660 × 0.9 / 0.9 today, × 1.1 a month; “all” is 1 / 0.9 times as much: 4,067 × 1.1^3 = 5,413 on 2026-04-01.
    const rollout = [
      { stage: 'most', share: 0.9, date: '2026-01-01' },
      { stage: 'all', share: 1, date: '2026-04-01' },
    ];
    const safe = find(recommendFor({ rollout, growthPerMonth: 0.1 }), 'rollout.safeStage');
    expect(safe).toMatchObject({ value: 'most', kind: 'set', by: '2026-04-01' });
  });

  test('a stage that growth outgrows later holds until then', () => {
    const safe = find(recommendFor({ growthPerMonth: 0.05 }), 'rollout.safeStage');
    expect(safe).toMatchObject({
      value: 'all',
      facts: { over: { utilisation: expect.closeTo(1, 2), date: '2026-07-15' }, beyond: null },
    });
  });

  test('none, when the current one is already too much', () => {
    expect(find(recommendFor({ users: 3_000_000 }), 'rollout.safeStage').value).toBe('none');
  });
});

test('an unmeasured value is unknown, with the reason, and never zero', () => {
  const seconds = { kind: 'unknown', unit: 's', reason: 'deliver was not seen' } as const;
  const all = recommendFor({}, coefficientsWith({ meanSeconds: { deliver: seconds } }));
  expect(find(all, 'sqs.maximumConcurrency')).toMatchObject({
    kind: 'unknown',
    value: null,
    facts: { of: 'notKnown', reason: 'deliver was not seen' },
  });
  expect(find(all, 'rollout.safeStage').facts).toMatchObject({ unknownQuotas: expect.toSatisfy((of) => of > 0) });
});

test('a setting that is already high enough is kept', () => {
  const kinds = (deliver: number, maximumConcurrency: number) => {
    const deployment = deploymentWith({ reservedConcurrency: { deliver }, maximumConcurrency });
    const all = recommend({ plan: examplePlan, coefficients: exampleCoefficients, deployment });
    return ['reservedConcurrency.deliver', 'sqs.maximumConcurrency'].map((id) => find(all, id).kind);
  };
  expect(kinds(130, 130)).toEqual(['keep', 'keep']);
  expect(kinds(129, 129)).toEqual(['set', 'set']);
});

describe('reserves', () => {
  const planWith = (users: number, maximumConcurrency: number | null = null) =>
    recommend({
      plan: { ...examplePlan, users },
      coefficients: exampleCoefficients,
      deployment: deploymentWith({ maximumConcurrency }),
    });

  test('none where the account has room for every burst: a reservation of one would throttle the second client', () => {
    // 8,640 users: 4,320 connections, of which 500/s come back in a storm: 72 for authorize and connect, the rest is small.
    for (const role of ['authorize', 'connect', 'ingest', 'deliver'])
      expect(find(planWith(8_640), `reservedConcurrency.${role}`)).toMatchObject({
        kind: 'keep',
        value: null,
        facts: { because: role === 'deliver' ? 'cappedByQueue' : 'roomEnough' },
      });
  });

  test('deliver’s is left to its maximum concurrency, and raised only where one is set too low', () => {
    expect(find(recommendFor(), 'reservedConcurrency.deliver')).toMatchObject({ kind: 'keep', value: null });
  });

  test('the queue gets what its burst needs, once the account has it, and until then what the others leave', () => {
    // 3 × the users: 3,000 webhooks/s × 0.1 s = 300, + 3√300 = 352 for deliver and ingest; messages 1,080 + 3√1,080 = 1,179 alone fill it.
    expect(find(planWith(3 * 864_000), 'sqs.maximumConcurrency')).toMatchObject({
      value: 352,
      facts: { untilRaised: { value: 2 } },
    });
    // 1.2 × the users: deliver 120 + 3√120 = 153; authorize and connect 72, disconnect 7.2 + 8.05 = 16, message 432 + 62.4 = 495, ingest 153.
    const most = find(planWith(1.2 * 864_000), 'sqs.maximumConcurrency');
    expect(most.value).toBe(153);
    // 1.4 × : deliver 140 + 35.5 = 176; 72 + 72 + 18 + 572 + 176 = 910.
    const capped = find(planWith(1.4 * 864_000), 'sqs.maximumConcurrency');
    expect(capped.value).toBe(176);
    expect(capped.facts).toMatchObject({ untilRaised: { value: 90, others: 910, account: 1_000 } });
  });
});

test('a connect that breaks its SLO gets environments for its steady load: 6 + 3√6 = 14', () => {
  const slow = { kind: 'value', value: 2.5, unit: 's', method: 'measured', basis: '' } as const;
  expect(
    find(recommendFor({}, coefficientsWith({ p99Seconds: { connect: slow } })), 'provisionedConcurrency.connect'),
  ).toMatchObject({
    value: 14,
    kind: 'set',
  });
});

test('what is reserved is asked for on top of what the other functions need', () => {
  const deployment = deploymentWith({ reservedConcurrency: { ingest: 360 } });
  const all = recommend({
    ...{ plan: { ...examplePlan, growthPerMonth: 0.05 }, coefficients: exampleCoefficients, deployment },
  });
  // (478 × 1.05^12) / 0.7 + 360 = 1,586
  expect(find(all, 'quota.accountConcurrency')).toMatchObject({ value: 1_600, present: 1_000 });
});

test('more than can be reserved today waits for the concurrency quota', () => {
  // 10,000 webhooks/s × 0.1 s = 1,000, + 3√1,000 = 1,095
  const ingest = find(recommendFor({ webhookBurstFactor: 100 }), 'reservedConcurrency.ingest');
  expect(ingest.value).toBe(1_095);
  expect(ingest.facts).toMatchObject({ because: 'guarded', value: 1_095, reservable: 900 });
});

test('a table that doubles twice, month by month, grows with its load: nothing to pre-warm', () => {
  const warm = find(recommendFor({ users: 2_000_000, growthPerMonth: 0.2 }), 'dynamodb.warmThroughput.writes');
  // 1,180 × 2,000 / 864 × 1.2^12 = 24,354 WRU/s in the end
  expect(warm).toMatchObject({ kind: 'keep', value: 4_000 });
  expect(warm.facts).toMatchObject({ unitsPerSecond: expect.closeTo(24_354, 0), needed: false });
});

test('webhooks of 1 MB leave room for six in a batch', () => {
  expect(find(recommendFor({ webhookBytes: 1_048_576 }), 'sqs.batchSize')).toMatchObject({ value: 6, kind: 'set' });
});

test('silent clients: the heartbeat saves 720 new connections a second', () => {
  const silent = find(recommendFor({ messagesPerUserPerMinute: 0 }), 'client.heartbeat');
  expect(silent.facts).toMatchObject({ connectsPerSecond: { without: expect.closeTo(720) } });
});

test('clients come back within the recovery objective, and the quota is raised for it', () => {
  const all = recommendFor({ recoveryObjectiveSeconds: 300 });
  expect(find(all, 'client.backOff')).toMatchObject({ value: 300 });
  // 432,000 / 300 s = 1,440/s, less the bucket's tokens: / (1 + 1 / 300), / 0.7
  expect(find(all, 'quota.newConnections')).toMatchObject({ value: 2_100, code: 'L-9ED1E49A', kind: 'ask' });
});

test('a new table that a stage outgrows in one step must be pre-warmed by that day', () => {
  const rollout = [
    { stage: 'tenth', share: 0.1, date: '2026-01-01' },
    { stage: 'all', share: 1, date: '2026-04-10' },
  ];
  // 1,180 × 10 / 0.7 = 16,857
  expect(find(recommendFor({ rollout, newTable: true }), 'dynamodb.warmThroughput.writes')).toMatchObject({
    value: 17_000,
    by: '2026-04-10',
    kind: 'set',
  });
});
