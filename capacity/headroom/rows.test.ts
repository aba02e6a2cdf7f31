/** Rows that say what else such a stack meets, worked out by hand. */
import { describe, expect, test } from 'vitest';
import type { Coefficient } from '../demand/coefficients.ts';
import { loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import {
  coefficientsWith,
  deploymentWith,
  eachFunction,
  exampleCoefficients,
  exampleDeployment,
  examplePlan,
} from '../example-stack.fixture.ts';
import { demandsOf, headroom } from './headroom.ts';
import { quotasInForce, quotasOf } from './quotas.ts';
import { withoutEffect } from './without-effect.ts';

const seconds = (value: number): Coefficient => ({
  ...{ kind: 'value', value, unit: 's' },
  method: 'measured',
  basis: '',
});

const rowOf = (
  id: string,
  change: Partial<UsagePlan> = {},
  of: Parameters<typeof deploymentWith>[0] = {},
  using = exampleCoefficients,
) => {
  const deployment = deploymentWith(of);
  const limits = quotasInForce(deployment, change.quotas);
  const rows = headroom(demandsOf(loadOfPlan({ ...examplePlan, ...change }), using, deployment, limits), limits);
  return rows.find(({ quotaId }) => quotaId === id);
};

describe('a handshake', () => {
  test.each([
    // wss://a123456789.execute-api.us-east-1.amazonaws.com/prod?token= is 64 characters.
    ['webSocketUrlCharacters', { tokenBytes: 4_032 }, 4_096, 4_096],
    ['webSocketUrlCharacters', {}, 464, 4_096],
    // GET /prod?token= HTTP/1.1 is 25.
    ['webSocketHeaderBytes', { tokenBytes: 2_000, headerBytes: 9_000 }, 11_025, 10_240],
    ['webSocketHeaderBytes', {}, 1_425, 10_240],
    // 217 bytes of policy, and the claims in base64url.
    ['authorizerResultBytes', { tokenBytes: 12_000 }, 9_217, 8_192],
  ] as const)('%s %j: %d of %d', (id, change, demand, limit) => {
    expect(rowOf(id, change)).toMatchObject({ demand, limit });
  });
});

test('Secrets Manager: two reads for each environment that begins, and again every 300 s', () => {
  // Ingest: 1,000/s × 0.1 s in the burst, from 10: 90 within 10 s. Authorize: 6, without a step. 2 × (90 / 10 + (100 + 6) / 300)
  expect(rowOf('secretReads')).toMatchObject({ demand: expect.closeTo(18.7067, 4), limit: 10_000 });
});

describe('the queue’s retention after an outage of the consumer', () => {
  test('a day, where the plan does not say', () => {
    // 50/s at first, 100/s after a second: 100 − 75 messages wait for a quarter of a second longer.
    expect(rowOf('sqsRetention.outage')).toMatchObject({ demand: 86_400.25, limit: 345_600 });
  });

  test('a message still waits while the pollers come up to the rate of arrivals', () => {
    // 864,000 users × 1,000 a day = 10,000/s; 1,250 / 0.1 s = 12,500/s, from 50/s, 50/s² more: T = 199 s, in which 50 × 199 + 25 × 199² are taken.
    const change = { webhooksPerUserPerDay: 1_000, consumerOutageSeconds: 400_000 };
    expect(rowOf('sqsRetention.outage', change, { retentionSeconds: 600_000 })).toMatchObject({
      demand: expect.closeTo(400_000 + 199 - (50 * 199 + 25 * 199 ** 2) / 10_000, 6),
      limit: 600_000,
    });
  });
});

describe('dead-lettering without a run', () => {
  const slow = coefficientsWith({ meanSeconds: eachFunction(seconds(20)) });

  test('2 executions for 1,250 pollers with batches of 20 s: 1,250 × 20 / 2 = 12,500 s for one, against 181 s a receive', () => {
    const of = { reservedConcurrency: { deliver: 2 }, visibilityTimeoutSeconds: 181, maxReceiveCount: 5 };
    expect(rowOf('sqsMaxReceiveCount', {}, of, slow)).toMatchObject({
      demand: expect.closeTo((Math.log(1_000) * 12_500) / 181, 6),
      limit: 5,
    });
  });

  test('no more pollers than executions: one receive', () => {
    const of = { reservedConcurrency: { deliver: 50 }, maximumConcurrency: 50, maxReceiveCount: 5 };
    expect(rowOf('sqsMaxReceiveCount', {}, of, slow)).toMatchObject({ demand: 1, limit: 5 });
  });
});

test('provisioned pollers: 10 executions each up to 20,000, and 1,000 more a minute', () => {
  const of = { provisionedPollers: { minimum: 5, maximum: 300 } };
  expect(rowOf('pollerMaxConcurrency', {}, of)).toMatchObject({ limit: 3_000, demand: 100 });
  // 100 in the burst, 50 are there already.
  expect(rowOf('pollerGrowthPerMinute', {}, of)).toMatchObject({ limit: 1_000, demand: 50 });
  expect(rowOf('pollerMaxConcurrency', {}, { provisionedPollers: { minimum: 2, maximum: 9_000 } })).toMatchObject({
    limit: 20_000,
  });
});

test('on Lambda Managed Instances, what counts one invocation for each environment is unknown', () => {
  for (const id of ['accountConcurrency', 'accountInvocationRate', 'environmentScaling', 'pollerMaxConcurrency'])
    expect(rowOf(id, { managedInstances: true })).toMatchObject({ kind: 'unknown' });
  expect(rowOf('accountThrottle', { managedInstances: true })).toMatchObject({ kind: 'value', demand: 5_160 });
});

test('environments that are provisioned need not be started: 100 − 60 of a burst from 10', () => {
  // A queue’s function steps as its pollers do: 5, and 50 more within 10 s.
  expect(rowOf('environmentScaling', {}, { provisionedConcurrency: { ingest: 60 } })).toMatchObject({ demand: 55 });
  const all = { ingest: 60, deliver: 60 };
  expect(rowOf('environmentScaling', {}, { provisionedConcurrency: all })).toMatchObject({ demand: 40 });
});

test('what is provisioned counts in the account’s concurrency whether it runs or not', () => {
  const idle = rowOf('accountConcurrency', {}, {});
  const demand = (provisioned: number) => {
    const row = rowOf('accountConcurrency', {}, { provisionedConcurrency: { disconnect: provisioned } });
    return row?.kind === 'value' ? row.demand : 0;
  };
  expect(demand(0)).toBe(idle?.kind === 'value' ? idle.demand : 0);
  // All of it beyond the executions of the function itself.
  expect(demand(700) - demand(600)).toBe(100);
  const claimed = { provisionedConcurrency: { disconnect: 60, ingest: 10 }, reservedConcurrency: { ingest: 40 } };
  expect(rowOf('reservableConcurrency', {}, claimed)).toMatchObject({ demand: 100 });
});

test('a Region with the lower default: 2,500/s and 1,250 tokens, for the stages as well', () => {
  const limits = quotasInForce(deploymentWith({ region: 'il-central-1' }));
  for (const id of ['accountThrottle', 'webSocketApiThrottle'])
    expect(limits.find((quota) => quota.id === id)).toMatchObject({ limit: 2_500, limitBurst: 1_250 });
  expect(limits.find(({ id }) => id === 'httpApiThrottle')).toMatchObject({ limit: 2_000, limitBurst: 1_000 });
});

describe('a quota that is stated has an effect, or is said to have none', () => {
  const keys = quotasOf(exampleDeployment).flatMap(({ id, code, burst, burstCode }) => [
    id,
    code,
    burst === null ? null : burstCode,
  ]);
  const stated = (key: string) => withoutEffect([key], quotasInForce(exampleDeployment, { [key]: 7 }));

  test.each([...new Set(keys.filter((key) => key !== null && key !== 'sqsRetention.outage'))])('%s', (key) => {
    expect(stated(String(key))).toEqual([]);
    const of = (value: number) => JSON.stringify(quotasInForce(exampleDeployment, { [String(key)]: value }));
    // The idle timeout and the lifetime move the rate of reconnects.
    if (key !== 'webSocketLifetime' && key !== 'L-A6CCE716') expect(of(7)).not.toBe(of(8));
  });

  test('one for every queue, where there are several', () => {
    const queues = exampleDeployment.queues.flatMap((queue) => [queue, { ...queue, id: 'Jobs' }]);
    const limits = quotasInForce({ ...exampleDeployment, queues }, { pollerMaxConcurrency: 7 });
    expect(limits.filter(({ quota }) => quota === 'pollerMaxConcurrency').map(({ limit }) => limit)).toEqual([7, 7]);
    expect(withoutEffect(['pollerMaxConcurrency'], limits)).toEqual([]);
  });

  test('the lifetime moves reconnects: 432,000 / 3,600 s', () => {
    expect(rowOf('newConnections', { quotas: { webSocketLifetime: 3_600 } })).toMatchObject({ demand: 120 });
  });

  test('laws: 20 requests/s for each execution, 50 that stay unreserved', () => {
    const limitOf = (id: string, values: Record<string, number>) =>
      quotasInForce(exampleDeployment, values).find((quota) => quota.id === id)?.limit;
    expect(limitOf('accountInvocationRate', { reservedInvocationRate: 20 })).toBe(20_000);
    expect(limitOf('reservableConcurrency', { unreservedConcurrencyFloor: 50 })).toBe(950);
    expect(limitOf('dynamodbMaximumWrite', { dynamodbMaximumWrite: 50 })).toBe(50);
    expect(limitOf('dynamodbMaximumWrite', {})).toBeUndefined();
  });

  test.each([
    'asyncPayloadBytes',
    'L-7C0F49F9',
    'reservedConcurrency.ingest',
    'pollerInitialConcurrency',
    'provisionedMaxConcurrency',
  ])('%s has none', (key) => {
    expect(stated(key)).toEqual([key]);
  });

  test('a timeout that is stated for every function, where each has its own', () => {
    const functions = exampleDeployment.functions.map((each) => ({ ...each, timeoutSeconds: 30 }));
    const of = (key: string) =>
      withoutEffect([key], quotasInForce({ ...exampleDeployment, functions }, { [key]: 900 }));
    expect(of('functionTimeout')).toEqual(['functionTimeout']);
    expect(of('functionTimeout.deliver')).toEqual([]);
  });
});
