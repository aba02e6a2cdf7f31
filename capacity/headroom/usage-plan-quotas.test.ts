import { describe, expect, test } from 'vitest';
import { exampleGraph } from '../../graph/example.fixture.ts';
import type { Api, ApiUsagePlan } from '../../graph/model.ts';
import { loadOfPlan } from '../demand/load.ts';
import { exampleCoefficients, examplePlan } from '../example-stack.fixture.ts';
import { deploymentOfGraph } from './graph-deployment.ts';
import { quotasInForce } from './quotas.ts';

const bucket = (ratePerSecond: number, burst: number) => ({ ratePerSecond, burst });
const plan: ApiUsagePlan = {
  ...{ id: 'Basic', stage: 'live', throttle: bucket(40, 20), quota: { requests: 1_000_000, period: 'week' } },
  routes: { 'POST /orders': bucket(5, 2), 'GET /health': bucket(1, 1) },
};
const shop: Api = {
  ...{ id: 'Shop', kind: 'rest', apiId: 'rest1', name: 'shop', stages: ['live'] },
  routes: [
    { key: 'POST /orders', integration: { kind: 'mock' }, authorizer: null, needsKey: true },
    { key: 'POST /returns', integration: { kind: 'mock' }, authorizer: null, needsKey: true },
    { key: 'GET /health', integration: { kind: 'mock' }, authorizer: null },
  ],
};

const load = loadOfPlan(examplePlan);
const mean = load.webhookRatePerSecond;

function rowsOf(api: Api, taken: Readonly<Record<string, number>> | null) {
  const graph = { ...exampleGraph(), apis: [api] };
  const webhook = taken && Object.entries(taken).map(([key, weight]) => ({ key, weight }));
  const entered = {
    ...{ webSocket: null, webhook: api.id, stages: { webSocket: null, webhook: 'live' } },
    routes: { message: null, webhook },
  };
  const deployment = deploymentOfGraph(graph, entered, 'us-east-1');
  return quotasInForce(deployment)
    .filter(({ id }) => id.startsWith('usagePlan'))
    .map((quota) => ({ ...quota, asked: quota.demand(load, exampleCoefficients, deployment) }));
}

describe('what a usage plan gives a key', () => {
  test('is weighed against the webhooks that take routes which need one, each route’s own against its share', () => {
    const rows = rowsOf({ ...shop, usagePlans: [plan] }, { 'POST /orders': 1, 'POST /returns': 2, 'GET /health': 1 });
    expect(rows.map(({ id, limit, limitBurst, limitFrom, unit }) => [id, limit, limitBurst, limitFrom, unit])).toEqual([
      ['usagePlanThrottle.Basic', 40, 20, 'setting', 'requests/s'],
      ['usagePlanThrottle.Basic POST /orders', 5, 2, 'setting', 'requests/s'],
      ['usagePlanQuota.Basic', 1_000_000, null, 'setting', 'requests/week'],
    ]);
    const [all, orders, quota] = rows.map(({ asked }) => (asked.kind === 'value' ? asked : null));
    expect(all?.value).toBeCloseTo(mean * 0.75);
    expect(all?.burst?.value).toBeCloseTo((load.webhookBurst?.ratePerSecond ?? Number.NaN) * 0.75);
    expect(orders?.value).toBeCloseTo(mean * 0.25);
    expect(quota?.value).toBeCloseTo(mean * 0.75 * 604_800);
    expect(rows[0]?.sentence).toContain('Webhook posts (75% of them) to routes that need an API key, as if one key');
  });

  test('counts all webhooks where it is not known which routes they take, and none that take others', () => {
    const [throttle] = rowsOf({ ...shop, usagePlans: [plan] }, null);
    expect(throttle?.asked).toMatchObject({ kind: 'value', value: mean });
    expect(rowsOf({ ...shop, usagePlans: [plan] }, { 'GET /health': 1 })).toEqual([]);
  });

  test('is that of the plan that gives the most, of its stage; without a limit there is no row', () => {
    const others = [
      { ...plan, id: 'Free', throttle: bucket(1, 1), routes: {} },
      { ...plan, id: 'Test', stage: 'test', throttle: bucket(90, 90), routes: {} },
    ];
    const ids = (usagePlans: ApiUsagePlan[]) =>
      rowsOf({ ...shop, usagePlans }, { 'POST /returns': 1 }).map(({ resource }) => resource);
    expect(ids([...others, plan])).toEqual(['Basic', 'Basic']);
    expect(ids([plan, { ...plan, id: 'Open', throttle: null, quota: null, routes: {} }])).toEqual([]);
  });

  test('cannot exceed what the account has', () => {
    const [throttle] = rowsOf({ ...shop, usagePlans: [{ ...plan, throttle: bucket(20_000, 9_000) }] }, null);
    expect(throttle).toMatchObject({ limit: 10_000, limitBurst: 5_000, limitFrom: 'derived' });
  });
});
