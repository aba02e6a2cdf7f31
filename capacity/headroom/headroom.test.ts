import { describe, expect, test } from 'vitest';
import { type Load, loadOfPlan } from '../demand/load.ts';
import {
  coefficientsWith,
  deploymentWith,
  exampleCoefficients,
  exampleDeployment,
  examplePlan,
} from '../example-stack.fixture.ts';
import { bindingQuota, demandsOf, type Headroom, headroom } from './headroom.ts';
import { quotasInForce } from './quotas.ts';

const inForce = quotasInForce(exampleDeployment);
const rowsOf = (load: Load, coefficients = exampleCoefficients, quotas = inForce, deployment = exampleDeployment) =>
  headroom(demandsOf(load, coefficients, deployment, quotas), quotas);
const row = (rows: Headroom[], id: string) => {
  const found = rows.find(({ quotaId }) => quotaId === id);
  if (found?.kind !== 'value') throw new Error(`${id}: ${found?.kind === 'unknown' ? found.reason : 'no such row'}`);
  return found;
};

describe('the example plan, worked out by hand', () => {
  const rows = rowsOf(loadOfPlan(examplePlan));

  test.each([
    // 432,000 connections / 7,200 s
    ['newConnections', 60, 500, 'sustained'],
    // 60 + 3,600 + 1,000 + 1,000 × 0.25 × 2 in the burst; 10,000 + 5,000 / 60 s carried
    ['accountThrottle', 5_160, 10_083.333, 'burst'],
    ['webSocketApiThrottle', 3_660, 5_000, 'sustained'],
    ['httpApiThrottle', 1_000, 2_016.667, 'burst'],
    // (3 × 60 + 3,600 + 2 × 1,000) × 0.1 s
    ['accountConcurrency', 578, 1_000, 'sustained'],
    // ingest or deliver: (1,000 − 100) × 0.1 s
    ['environmentScaling', 90, 1_000, 'sustained'],
    ['accountInvocationRate', 5_780, 10_000, 'sustained'],
    ['pollerMaxConcurrency', 100, 1_250, 'sustained'],
    ['sqsInFlightMessages', 1_000, 120_000, 'sustained'],
    ['dynamodbOnDemandWrite', 1_180, 4_000, 'sustained'],
    ['dynamodbTableRead', 560, 40_000, 'sustained'],
    // 432,000 connections / 3,600 messages/s
    ['webSocketIdle', 120, 600, 'sustained'],
    ['webSocketIntegrationTimeout', 0.3, 29, 'sustained'],
    ['connectionsPostBytes', 500, 131_072, 'sustained'],
    ['webSocketRoutes', 6, 300, 'sustained'],
    // 10 × 2,000 bytes
    ['invocationPayloadBytes', 20_000, 6_291_456, 'sustained'],
    ['reservableConcurrency', 0, 900, 'sustained'],
    ['functionMemory', 512, 10_240, 'sustained'],
    // 1,000 × 0.1 s − 100 × 0.1 s
    ['pollerGrowthPerMinute', 90, 300, 'sustained'],
  ] as const)('%s: demand %f of %f (%s)', (id, demand, limit, basis) => {
    const found = row(rows, id);
    expect(found.demand).toBeCloseTo(demand, 6);
    expect(found.limit).toBeCloseTo(limit, 3);
    expect(found.basis).toBe(basis);
    expect(found.headroom).toBeCloseTo(1 - demand / found.limit, 9);
  });

  test('the WebSocket stage’s throttle binds, Lambda’s concurrency is the runner-up', () => {
    const answer = bindingQuota(rows);
    if (answer.kind !== 'binds') throw new Error(answer.reason);
    expect([answer.binding.quotaId, answer.runnerUp?.quotaId]).toEqual(['webSocketApiThrottle', 'accountConcurrency']);
    expect(answer.binding.headroom).toBeCloseTo(1 - 0.732, 9);
  });
});

test('clients silent for 10 min or more reconnect every 10 min: 432,000 / 600 s = 720/s, over the quota', () => {
  const silent = loadOfPlan({ ...examplePlan, messagesPerUserPerMinute: 0.2 });
  const found = row(rowsOf(silent), 'newConnections');
  expect(found.demand).toBe(720);
  expect(found.headroom).toBeCloseTo(-0.44, 9);
  // 500 tokens / (720 − 500)/s
  expect(found.secondsToThrottle).toBeCloseTo(2.2727, 4);
});

test('a burst of 10 s may use the whole bucket: 540/s against 500 + 500 / 10', () => {
  const load = { ...loadOfPlan(examplePlan), connectBurst: { ratePerSecond: 540, lastsSeconds: 10 } };
  expect(row(rowsOf(load), 'newConnections')).toMatchObject({ demand: 540, limit: 550, basis: 'burst' });
});

test('an unmeasured demand is unknown, never zero, and does not bind', () => {
  const unmeasured = coefficientsWith({ meanSeconds: { deliver: { kind: 'unknown', unit: 's', reason: 'no data' } } });
  const rows = rowsOf(loadOfPlan(examplePlan), unmeasured);
  expect(rows.find(({ quotaId }) => quotaId === 'accountConcurrency')).toMatchObject({
    kind: 'unknown',
    reason: 'no data',
  });
  const answer = bindingQuota(rows);
  expect(answer.kind === 'binds' && answer.runnerUp?.quotaId).toBe('accountInvocationRate');
});

test('sizes and timeouts bind only once they are exceeded', () => {
  const large = { ...loadOfPlan(examplePlan), messageBytes: 40_000 };
  const answer = bindingQuota(rowsOf(large));
  expect(answer.kind === 'binds' && answer.binding.quotaId).toBe('webSocketFrameBytes');
  const near = bindingQuota(rowsOf({ ...large, messageBytes: 32_000 }));
  expect(near.kind === 'binds' && near.binding.quotaId).toBe('webSocketApiThrottle');
});

describe('quotas in force', () => {
  const limitOf = (quotas: typeof inForce, id: string) => quotas.find((quota) => quota.id === id);

  test('a Region with the lower default throttles the stages too', () => {
    const milan = quotasInForce(deploymentWith({ region: 'eu-south-1' }));
    expect(limitOf(milan, 'accountThrottle')).toMatchObject({
      limit: 2_500,
      limitBurst: 1_250,
      limitFrom: 'region',
    });
    expect(limitOf(milan, 'webSocketApiThrottle')).toMatchObject({ limit: 2_500, limitFrom: 'derived' });
  });

  test('the plan’s values win, by code or id; the burst follows; the request rate follows the concurrency', () => {
    const stated = quotasInForce(exampleDeployment, {
      'L-8A5B8E43': 20_000,
      'L-B99A9384': 10,
      dynamodbOnDemandWrite: 8_000,
    });
    expect(limitOf(stated, 'accountThrottle')).toMatchObject({
      limit: 20_000,
      limitBurst: 10_000,
      limitFrom: 'plan',
    });
    expect(limitOf(stated, 'accountInvocationRate')).toMatchObject({ limit: 100, limitFrom: 'derived' });
    expect(limitOf(stated, 'dynamodbOnDemandWrite')?.limit).toBe(8_000);
  });

  test('what may be reserved follows the concurrency quota, and a new account of 10 may reserve nothing', () => {
    expect(limitOf(quotasInForce(exampleDeployment, { 'L-B99A9384': 3_000 }), 'reservableConcurrency')?.limit).toBe(
      2_900,
    );
    const reserving = deploymentWith({ reservedConcurrency: { deliver: 50 } });
    const small = quotasInForce(reserving, { 'L-B99A9384': 10 });
    expect(
      row(rowsOf(loadOfPlan(examplePlan), exampleCoefficients, small, reserving), 'reservableConcurrency'),
    ).toMatchObject({
      limit: 0,
      utilisation: Number.POSITIVE_INFINITY,
    });
  });

  test('reserved concurrency is a quota too, and the poller’s maximum replaces its default', () => {
    const tight = quotasInForce(deploymentWith({ maximumConcurrency: 40, reservedConcurrency: { deliver: 50 } }));
    expect(limitOf(tight, 'pollerMaxConcurrency')).toMatchObject({ limit: 40, limitFrom: 'setting' });
    expect(limitOf(tight, 'reservedConcurrency.deliver')?.limit).toBe(50);
    const binding = bindingQuota(rowsOf(loadOfPlan(examplePlan), exampleCoefficients, tight));
    // 100 executions needed in the burst
    expect(binding.kind === 'binds' && [binding.binding.quotaId, binding.runnerUp?.quotaId]).toEqual([
      'pollerMaxConcurrency',
      'reservedConcurrency.deliver',
    ]);
  });

  describe('with 360 of 1,000 executions reserved for ingest', () => {
    const deployment = deploymentWith({ reservedConcurrency: { ingest: 360 } });
    const reserving = quotasInForce(deployment);
    const rows = rowsOf(loadOfPlan(examplePlan), exampleCoefficients, reserving, deployment);

    test('the other functions share the rest, and 10 requests/s for each of it', () => {
      // Burst: 578 executions of all functions, of which ingest 1,000/s × 0.1 s.
      expect(row(rows, 'accountConcurrency')).toMatchObject({ limit: 640, demand: 478 });
      expect(row(rows, 'accountInvocationRate')).toMatchObject({ limit: 6_400, demand: 4_780 });
      expect(limitOf(reserving, 'accountConcurrency')).toMatchObject({ limit: 640, reserved: 360 });
      expect(limitOf(quotasInForce(deployment, { 'L-B99A9384': 3_000 }), 'accountConcurrency')?.limit).toBe(2_640);
    });

    test('ingest has executions and a rate of its own', () => {
      expect(row(rows, 'reservedConcurrency.ingest')).toMatchObject({ limit: 360, demand: 100 });
      expect(row(rows, 'reservedInvocationRate.ingest')).toMatchObject({ limit: 3_600, demand: 1_000 });
    });
  });

  test('every quota has a source, a date and a unit, and ids are unique', () => {
    expect(new Set(inForce.map(({ id }) => id)).size).toBe(inForce.length);
    for (const quota of inForce)
      expect([quota.source, quota.readOn, quota.unit, quota.sentence].every((s) => s !== '')).toBe(true);
  });
});
