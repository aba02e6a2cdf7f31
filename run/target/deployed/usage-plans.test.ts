import { expect, test } from 'vitest';
import { plansOfApi } from './usage-plans.ts';

test('the plans of an API, by stage: one of the stack by its logical id, another by its name', () => {
  const plans = [
    {
      ...{ id: 'p1', name: 'basic', throttle: { rateLimit: 10, burstLimit: 4 } },
      quota: { limit: 500, period: 'MONTH' as const, offset: 0 },
      apiStages: [
        {
          ...{ apiId: 'shop', stage: 'live' },
          throttle: { '/orders/{id}/GET': { rateLimit: 2, burstLimit: 1 }, '//*': { rateLimit: 1, burstLimit: 1 } },
        },
        { apiId: 'other', stage: 'live' },
      ],
    },
    { id: 'p2', name: 'open', apiStages: [{ apiId: 'shop', stage: 'test' }] },
    { id: 'p3', name: 'of nobody' },
  ];
  expect(plansOfApi('shop', plans, new Map([['p1', 'Basic']]))).toEqual({
    usagePlans: [
      {
        ...{ id: 'Basic', stage: 'live', throttle: { ratePerSecond: 10, burst: 4 } },
        routes: { 'GET /orders/{id}': { ratePerSecond: 2, burst: 1 }, 'ANY /': { ratePerSecond: 1, burst: 1 } },
        quota: { requests: 500, period: 'month' },
      },
      { id: 'open', stage: 'test', throttle: null, routes: {}, quota: null },
    ],
  });
  expect(plansOfApi('third', plans, new Map())).toEqual({});
});
