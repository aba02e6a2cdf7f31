import { describe, expect, test } from 'vitest';
import type { ApiKeyModel, UsagePlanModel } from '../../template/apis/api-models.ts';
import { periodOf, UsagePlans } from './usage-plans.ts';

const key = (id: string): ApiKeyModel => ({ id, value: `of ${id}`, plan: 'Basic' });
const basic: UsagePlanModel = { logicalId: 'Basic', throttle: null, quota: null, routes: {} };

function plansWith(plan: Partial<UsagePlanModel>) {
  const refused: string[] = [];
  const plans = new UsagePlans({ count: (quota, scope) => refused.push(`${quota} ${scope}`) });
  return {
    refused,
    /** What becomes of one request. */
    ask(id: string, routeKey: string, at: { ms?: number; date?: string; apiId?: string } = {}) {
      const { ms = 0, date = '2026-11-27T12:00:00Z', apiId = 'api' } = at;
      const request = { key: key(id), plan: { ...basic, ...plan }, apiId, routeKey };
      const moment = { monotonicMs: ms, epochMs: Date.parse(date) };
      const refusal = plans.refusal(request, moment);
      if (refusal === null) plans.take(request, moment);
      return refusal;
    },
  };
}

describe('a throttle', () => {
  test('is that of each key alone, over all routes and APIs of the plan', () => {
    const { ask, refused } = plansWith({ throttle: { ratePerSecond: 1, burst: 2 } });
    expect([ask('a', 'GET /x'), ask('a', 'GET /y', { apiId: 'other' }), ask('a', 'GET /x')]).toEqual([
      null,
      null,
      'THROTTLED',
    ]);
    expect(ask('b', 'GET /x')).toBeNull();
    expect(ask('a', 'GET /x', { ms: 1_000 })).toBeNull();
    expect(refused).toEqual(['usagePlanThrottle Basic']);
  });

  test('of a route is besides that of the plan: what it refuses takes nothing of the other', () => {
    const { ask } = plansWith({
      throttle: { ratePerSecond: 1, burst: 2 },
      routes: { 'POST /x': { ratePerSecond: 1, burst: 1 } },
    });
    expect([ask('a', 'POST /x'), ask('a', 'POST /x'), ask('a', 'GET /x'), ask('a', 'GET /x')]).toEqual([
      null,
      'THROTTLED',
      null,
      'THROTTLED',
    ]);
  });
});

describe('a quota', () => {
  test('is used up by a key, and there again in the next period; what was refused does not count', () => {
    const { ask, refused } = plansWith({ quota: { limit: 2, period: 'DAY', offset: 0 } });
    const today = Array.from({ length: 4 }, () => ask('a', 'GET /x', { date: '2026-11-27T23:59:59Z' }));
    expect(today).toEqual([null, null, 'QUOTA_EXCEEDED', 'QUOTA_EXCEEDED']);
    expect(ask('b', 'GET /x', { date: '2026-11-27T23:59:59Z' })).toBeNull();
    expect(ask('a', 'GET /x', { date: '2026-11-28T00:00:00Z' })).toBeNull();
    expect(refused).toEqual(['usagePlanQuota Basic', 'usagePlanQuota Basic']);
  });

  test.each([
    ['DAY', 0, '2026-11-27T00:00:00Z', '2026-11-27T23:59:59Z', '2026-11-28T00:00:00Z'],
    // A Sunday begins a week, or a Monday with an offset of 1.
    ['WEEK', 0, '2026-11-22T00:00:00Z', '2026-11-28T23:59:59Z', '2026-11-29T00:00:00Z'],
    ['WEEK', 1, '2026-11-23T00:00:00Z', '2026-11-29T23:59:59Z', '2026-11-30T00:00:00Z'],
    ['MONTH', 0, '2026-11-01T00:00:00Z', '2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z'],
    ['MONTH', 14, '2026-11-15T00:00:00Z', '2026-12-14T23:59:59Z', '2026-12-15T00:00:00Z'],
  ] as const)('%s with an offset of %d: from %s to %s', (period, offset, first, last, next) => {
    const of = (date: string) => periodOf({ period, offset }, Date.parse(date));
    expect(of(last)).toBe(of(first));
    expect(of(next)).not.toBe(of(first));
    expect(of(new Date(Date.parse(first) - 1).toISOString())).not.toBe(of(first));
  });
});
