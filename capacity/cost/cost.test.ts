import { describe, expect, test } from 'vitest';
import { priceOf, usEast1Prices } from '../../aws/prices.ts';
import { loadOfPlan } from '../demand/load.ts';
import {
  coefficientsWith,
  deploymentWith,
  exampleCoefficients,
  exampleDeployment,
  examplePlan,
} from '../example-stack.fixture.ts';
import type { DeployedDatabase } from '../headroom/deployment.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { project } from '../projection/projection.ts';
import { cost } from './cost.ts';
import { costOfProjection } from './plan-cost.ts';

const workload = { load: loadOfPlan(examplePlan), coefficients: exampleCoefficients, deployment: exampleDeployment };

test('tiers: the first billion messages at $1.00 a million, the rest at $0.80', () => {
  expect(priceOf(1e9, usEast1Prices.webSocketMessage)).toBeCloseTo(1_000, 9);
  expect(priceOf(3e9, usEast1Prices.webSocketMessage)).toBeCloseTo(2_600, 9);
});

test.each([
  // (3,600 × (1 + 1 answer) + 50 pushes)/s × 2,628,000 s = 19.053 G: 1,000 + 18,053 × 0.8
  ['webSocket.messages', 15_442.4],
  // (432,000 connections / 60 + 60 reconnects / 2) × 2,628,000 × 0.25 / M
  ['webSocket.connectionMinutes', 4_750.11],
  ['httpApi.requests', 262.8],
  // 3 × 60 + 3,600 + 2 × 100 invocations/s
  ['lambda.requests', 2_091.89],
  // × 0.1 s × 0.5 GB
  ['lambda.duration', 6_972.99],
  // 100 sends + 2 × 100 batches + 0.25 polls a second
  ['sqs.requests', 315.62],
  // 60 × 3 + 100 write units a second
  ['dynamodb.writes', 459.9],
  ['dynamodb.reads', 36.14],
  // (50 + 3,600) × 500 bytes a second
  ['dataOut', 431.65],
  // 3,980 invocations/s × 0.5% × 0.4 s × 0.5 GB
  ['lambda.init', 139.46],
  // 3,980 × 600 bytes = 6,275.66 GB at $0.5; kept for 14 of 30.42 days at $0.03
  ['cloudwatch.logs', 3_137.83],
  ['cloudwatch.logStorage', 86.66],
  ['cloudwatch.metrics', 3],
  // 100 events/s × 3 days × 181 bytes + 432,000 connections × 191 bytes = 4.774 GB
  ['dynamodb.storage', 1.19],
  ['dynamodb.pointInTimeRecovery', 0.95],
  ['secrets.stored', 0.8],
  // authorize: 60/s × 0.5% + 6 environments / 300 s; ingest: 100/s × 0.5% + 10 / 300 s; two versions each: 4.485 M calls
  ['secrets.calls', 22.43],
  // 3,650 frames × 26 + 60 handshakes × 5,500 + 100 answers × 322 bytes a second = 1,201 GB
  ['dataOut.overhead', 108.11],
  ['cloudwatch.alarms', 1.9],
  ['cloudwatch.dashboards', 3],
])('%s costs $%f a month', (id, usd) => {
  const amount = cost(workload, usEast1Prices).components.find((component) => component.id === id)?.amount;
  expect(amount?.kind === 'value' && amount.usdPerMonth).toBeCloseTo(usd, 1);
});

test('provisioned pollers: those that are always there, by the hour, at a price that a list may replace', () => {
  const [queue] = exampleDeployment.queues;
  if (queue === undefined) throw new Error('expected a queue');
  const queues = [
    { ...queue, provisionedPollers: { minimum: 10, maximum: 100 } },
    { ...queue, id: 'Jobs', provisionedPollers: { minimum: 2, maximum: 2 } },
    { ...queue, id: 'Mail' },
  ];
  const stack = { ...workload, deployment: { ...exampleDeployment, queues } };
  // 12 × 730 h × $0.00925
  expect(amountOf(cost(stack, usEast1Prices), 'sqs.provisionedPollers')).toBeCloseTo(81.03, 2);
  const dearer = {
    ...usEast1Prices,
    sqsPollerHour: { ...usEast1Prices.sqsPollerHour, tiers: [{ upTo: 1e9, usd: 1 }] as const },
  };
  expect(amountOf(cost(stack, dearer), 'sqs.provisionedPollers')).toBe(8_760);
  expect(cost(workload, usEast1Prices).components.map(({ id }) => id)).not.toContain('sqs.provisionedPollers');
});

test('access logs: (3,600 messages + 2 × 60 connects + 100 webhooks)/s × 300 bytes, kept with the other logs', () => {
  const withLogs = (accessLogs: { webhook: boolean; webSocket: boolean }) =>
    cost({ ...workload, deployment: deploymentWith({ accessLogs }) }, usEast1Prices);
  const both = withLogs({ webhook: true, webSocket: true });
  // 3,011.69 GB a month
  expect(amountOf(both, 'cloudwatch.accessLogs')).toBeCloseTo(1_505.84, 1);
  expect(amountOf(both, 'cloudwatch.logStorage')).toBeCloseTo(86.66 + 41.59, 1);
  expect(amountOf(withLogs({ webhook: true, webSocket: false }), 'cloudwatch.accessLogs')).toBeCloseTo(39.42, 1);
  expect(amountOf(withLogs({ webhook: false, webSocket: false }), 'cloudwatch.accessLogs')).toBeNaN();
});

test('a month, a user and a million pushes: the sum of the components', () => {
  const total = cost(workload, usEast1Prices);
  expect(total.usdPerMonth).toBeCloseTo(34_268.84, 1);
  expect(total.usdPerUserMonth).toBeCloseTo(0.039663, 5);
  // 131.4 M pushes a month
  expect(total.usdPerMillionPushes).toBeCloseTo(260.8, 1);
});

test('a 33 KB message is metered as two', () => {
  const large = cost({ ...workload, load: { ...workload.load, messageBytes: 33 * 1_024 } }, usEast1Prices);
  const amount = large.components[0]?.amount;
  expect(amount?.kind === 'value' && amount.quantityPerMonth).toBeCloseTo((3_600 * 3 + 50) * 2_628_000, 0);
});

test('a component without its coefficient is left out of the sum, and the cost is marked incomplete', () => {
  const reads = { kind: 'unknown', unit: 'RRU', reason: 'no data' } as const;
  const coefficients = coefficientsWith({ readUnits: { webhook: reads } });
  const total = cost({ ...workload, coefficients }, usEast1Prices);
  expect(total.complete).toBe(false);
  expect(total.usdPerMonth).toBeCloseTo(34_268.84 - 36.14, 0);
});

const amountOf = (total: ReturnType<typeof cost>, id: string) => {
  const amount = total.components.find((component) => component.id === id)?.amount;
  return amount?.kind === 'value' ? amount.usdPerMonth : Number.NaN;
};

test('the daily curve: connections, messages and reconnects at their mean, webhooks as they are, half as many pushes', () => {
  const peak = cost(workload, usEast1Prices);
  const mean = cost({ ...workload, load: { ...workload.load, meanToPeak: 0.5 } }, usEast1Prices);
  expect(amountOf(mean, 'webSocket.connectionMinutes')).toBeCloseTo(4_750.11 / 2, 2);
  expect(amountOf(mean, 'httpApi.requests')).toBe(amountOf(peak, 'httpApi.requests'));
  // (1,800 × 2 + 25) messages/s × 2,628,000 s = 9.5265 G
  expect(amountOf(mean, 'webSocket.messages')).toBeCloseTo(1_000 + 8_526.5 * 0.8, 1);
  // 65.7 M pushes
  expect(mean.usdPerMillionPushes).toBeCloseTo(mean.usdPerMonth / 65.7, 2);
  expect(mean.assumptions[0]).toContain('50% of their daily peak');
});

test('a batch of ten 20 KB webhooks is received as four requests of 64 KB, and deleted as one', () => {
  const deliver = { kind: 'value', value: 0.1, unit: '', method: 'measured', basis: '' } as const;
  const load = { ...workload.load, webhookBytes: 20 * 1_024 };
  const total = cost(
    { ...workload, load, coefficients: coefficientsWith({ invocations: { deliver } }) },
    usEast1Prices,
  );
  // 100 sends + 10 batches × (4 + 1) + 0.25 polls a second
  expect(amountOf(total, 'sqs.requests')).toBeCloseTo((150.25 * 2.628e6 * 0.4) / 1e6, 6);
});

test('a FIFO queue has a price of its own', () => {
  const total = cost({ ...workload, deployment: deploymentWith({ isFifo: true }) }, usEast1Prices);
  const standard = amountOf(cost(workload, usEast1Prices), 'sqs.requests');
  expect(amountOf(total, 'sqs.fifoRequests')).toBeCloseTo((standard * 0.5) / 0.4, 6);
  expect(total.components.map(({ id }) => id)).not.toContain('sqs.requests');
});

test('provisioned concurrency is priced for every second that it is kept', () => {
  const deployment = deploymentWith({ provisionedConcurrency: { deliver: 20 } });
  const total = cost({ ...workload, deployment }, usEast1Prices);
  expect(amountOf(total, 'lambda.provisioned')).toBeCloseTo(10 * 2.628e6 * 0.0000033334, 6);
});

test('what runs on environments that are kept ready has a lower price, and no cold starts', () => {
  const quantity = ({ components }: ReturnType<typeof cost>, id: string) => {
    const found = components.find((each) => each.id === id)?.amount;
    return found?.kind === 'value' ? found.quantityPerMonth : 0;
  };
  const of = (provisionedConcurrency: number) =>
    cost(
      { ...workload, deployment: deploymentWith({ provisionedConcurrency: { deliver: provisionedConcurrency } }) },
      usEast1Prices,
    );
  const without = of(0);
  const [some, all] = [of(1), of(1e6)];
  // One execution of 512 MB at a time, all month.
  expect(quantity(some, 'lambda.provisionedDuration')).toBeCloseTo(0.5 * 2.628e6, 0);
  expect(amountOf(some, 'lambda.provisionedDuration')).toBeCloseTo(0.5 * 2.628e6 * 0.0000077778, 4);
  for (const each of [some, all])
    expect(quantity(each, 'lambda.duration') + quantity(each, 'lambda.provisionedDuration')).toBeCloseTo(
      quantity(without, 'lambda.duration'),
      0,
    );
  expect(quantity(some, 'lambda.init')).toBeLessThan(quantity(without, 'lambda.init'));
  expect(quantity(all, 'lambda.init')).toBeLessThan(quantity(some, 'lambda.init'));
  expect(without.components.map(({ id }) => id)).not.toContain('lambda.provisionedDuration');
});

describe('the free tier', () => {
  const free = cost({ ...workload, freeTier: true }, usEast1Prices);

  test.each([
    // 1 M of 10.46 G invocations at $0.20 a million
    ['lambda.requests', 2_091.89 - 0.2],
    // 400,000 GB-s at $0.0000133334
    ['lambda.duration', 6_972.99 - 5.33],
    ['sqs.requests', 315.62 - 0.4],
    // 4.8 GB of 25
    ['dynamodb.storage', 0],
    ['dynamodb.pointInTimeRecovery', 0.95],
    ['dataOut', 431.65 - 9],
    // 19 less 10
    ['cloudwatch.alarms', 0.9],
    ['cloudwatch.metrics', 0],
    ['cloudwatch.dashboards', 0],
    ['cloudwatch.logs', 3_137.83 - 2.5],
    ['webSocket.messages', 15_442.4],
  ])('%s costs $%f a month', (id, usd) => {
    expect(amountOf(free, id)).toBeCloseTo(usd, 1);
  });

  test('is taken off only when asked for, and said either way', () => {
    expect(cost(workload, usEast1Prices).usdPerMonth - free.usdPerMonth).toBeCloseTo(
      0.2 + 5.33 + 0.4 + 1.19 + 9 + 1 + 3 + 3 + 2.5,
      1,
    );
    expect(free.assumptions[1]).toContain('less what AWS gives');
    expect(cost(workload, usEast1Prices).assumptions[1]).toContain('without free tiers (--free-tier)');
  });
});

test('metrics of each route are priced where the stack has them, and named as left out where it has not: (6 × 6 + 2 × 6) × $0.30', () => {
  const detailed = cost({ ...workload, deployment: deploymentWith({ detailedMetrics: true }) }, usEast1Prices);
  expect(amountOf(detailed, 'cloudwatch.routeMetrics')).toBeCloseTo(14.4, 9);
  expect(detailed.assumptions.at(-1)).not.toContain('metrics of each route');
  expect(cost(workload, usEast1Prices).assumptions.at(-1)).toMatch(/^Left out: metrics of each route/);
});

test('components with one price share its tiers: cold starts are priced after the durations before them', () => {
  // 100 times as much: 52.3 G GB-s of duration are beyond the last tier's start, 18.75 G.
  const load = {
    ...workload.load,
    messageRatePerSecond: 360_000,
    webhookRatePerSecond: 10_000,
    connectRatePerSecond: 6_000,
  };
  const large = cost({ ...workload, load }, usEast1Prices);
  // 398,000 × 0.5% × 0.4 s × 0.5 GB a second
  expect(amountOf(large, 'lambda.init')).toBeCloseTo(398 * 2.628e6 * 0.0000106667, 0);
});

test('a projection is priced today, at each later stage and at the end, by its own loads', () => {
  const rollout = [
    { stage: 'half', share: 0.5, date: '2026-01-01' },
    { stage: 'all', share: 1, date: '2026-04-10' },
  ];
  const { coefficients, deployment } = workload;
  const projected = (change: Partial<typeof examplePlan>) =>
    project({ ...examplePlan, ...change }, coefficients, quotasInForce(deployment), deployment);
  const days = costOfProjection(projected({ rollout }), { coefficients, deployment }, usEast1Prices);
  expect(days.map(({ label, date }) => [label, date])).toEqual([
    ['today', '2026-01-01'],
    ['all', '2026-04-10'],
    ['in 12 months', '2027-01-01'],
  ]);
  expect(days[0]?.cost.usdPerMonth).toBeCloseTo(34_268.84, 1);
  expect(days[1]?.cost.components[3]?.amount).toMatchObject({
    quantityPerMonth: expect.closeTo(2 * 3_980 * 2.628e6, 0),
  });
  // Users that shrink by 3.8% a month cost less: messages are nearly all of it.
  const growthHistory = Array.from({ length: 12 }, (_, month) => 864_000 * 0.962 ** (month - 11));
  const [now, then] = costOfProjection(projected({ growthHistory }), { coefficients, deployment }, usEast1Prices);
  expect((then?.cost.usdPerMonth ?? 0) / (now?.cost.usdPerMonth ?? 1)).toBeCloseTo(0.962 ** 12, 1);
});

describe('a database of an instance class that is not known', () => {
  const database: DeployedDatabase = {
    ...{ id: 'database', instanceClass: 'z9.large', instances: 2, storageGb: 20, natGateways: 1, statements: {} },
    ...{ maxConnections: null, proxyPercent: 100, functions: ['deliver'] },
  };
  const amountsOf = (change: Partial<DeployedDatabase>, coefficients = exampleCoefficients) => {
    const deployment = { ...exampleDeployment, databases: [{ ...database, ...change }] };
    const { components } = cost({ ...workload, coefficients, deployment }, usEast1Prices);
    return new Map(components.map(({ id, amount }) => [id, amount]));
  };

  test('its proxy is paid by vCPUs that are not known either', () => {
    expect(amountsOf({}).get('rds.proxy.database')).toMatchObject({ kind: 'unknown' });
    // Two vCPUs at $0.015 an hour.
    expect(amountsOf({ instanceClass: 't4g.micro' }).get('rds.proxy.database')).toMatchObject({ usdPerMonth: 21.9 });
  });

  test('without the size of a push the traffic of the NAT gateways is not known', () => {
    const pushBytes = { kind: 'unknown', unit: 'bytes', reason: 'No frame.' } as const;
    expect(amountsOf({}).get('nat.gb.database')).toMatchObject({ kind: 'value' });
    expect(amountsOf({}, coefficientsWith({ pushBytes })).get('nat.gb.database')).toMatchObject({
      ...{ kind: 'unknown', reason: 'No frame.' },
    });
  });
});
