import { expect, test } from 'vitest';
import type { Json } from '../../../template/template-error.ts';
import type { TemplateResource } from '../resources.ts';
import { apiKeysOf, usagePlansOf } from './api-key-model.ts';

const resource = (kind: TemplateResource['kind'], logicalId: string, properties: Record<string, Json> = {}) => ({
  ...{ kind, logicalId, type: kind, metadata: {} },
  properties,
});
const here = { apiId: 'api', stage: 'live' };
const planOf = (properties: Record<string, Json>) =>
  usagePlansOf([resource('usagePlan', 'Plan', { ApiStages: [{ ApiId: 'api', Stage: 'live' }], ...properties })], here);

test('keys of the plans of a stage, with the limits of each', () => {
  const resources = [
    resource('usagePlan', 'Basic', {
      ApiStages: [
        { ApiId: 'other', Stage: 'live' },
        {
          ...{ ApiId: 'api', Stage: 'live' },
          Throttle: {
            '/orders/{id}/GET': { RateLimit: 5, BurstLimit: '2' },
            '//POST': { RateLimit: 1, BurstLimit: 1 },
          },
        },
      ],
      Throttle: { RateLimit: '50', BurstLimit: 20 },
      Quota: { Limit: 1_000, Period: 'WEEK', Offset: 1 },
    }),
    resource('usagePlan', 'Elsewhere', { ApiStages: [{ ApiId: 'api', Stage: 'test' }] }),
    ...['One', 'Two', 'Off', 'Loose'].map((id) => resource('apiKey', id, { Value: `of ${id}`, Enabled: id !== 'Off' })),
    ...['One', 'Off'].map((id) => resource('usagePlanKey', `Link${id}`, { KeyId: id, UsagePlanId: 'Basic' })),
    resource('usagePlanKey', 'LinkTwo', { KeyId: 'Two', UsagePlanId: 'Elsewhere' }),
  ];
  const plans = usagePlansOf(resources, here);
  expect(plans).toEqual([
    {
      logicalId: 'Basic',
      throttle: { ratePerSecond: 50, burst: 20 },
      quota: { limit: 1_000, period: 'WEEK', offset: 1 },
      routes: { 'GET /orders/{id}': { ratePerSecond: 5, burst: 2 }, 'POST /': { ratePerSecond: 1, burst: 1 } },
    },
  ]);
  expect(apiKeysOf(resources, plans)).toEqual([{ id: 'One', value: 'of One', plan: 'Basic' }]);
});

test('without limits a plan has none', () => {
  expect(planOf({})).toEqual([{ logicalId: 'Plan', throttle: null, quota: null, routes: {} }]);
});

test.each<[Record<string, Json>, string]>([
  [{ Throttle: { RateLimit: 5 } }, 'Throttle: the local target needs RateLimit and BurstLimit together'],
  [{ Quota: { Limit: 5, Period: 'YEAR' } }, 'Quota.Period: expected DAY, WEEK or MONTH, found YEAR'],
  [{ Quota: { Limit: 5, Period: 'DAY', Offset: 1 } }, 'Quota.Offset: expected 0 to 0 where the period is DAY'],
])('%j is refused', (properties, sentence) => {
  expect(() => planOf(properties)).toThrow(sentence);
});
