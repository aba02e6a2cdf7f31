import { expect, test } from 'vitest';
import { askedCosts } from './asked-costs.ts';
import type { Stretch } from './profile.ts';

const units = { connect: 0, disconnect: 0, message: 0, webhook: 0, push: 0 };
const stretch = (polls: number, stageReads: number): Stretch => ({
  ...{ units, asks: { polls, stageReads } },
  use: new Map([
    ['lambda.fallback.invocations', polls + stageReads],
    ['lambda.fallback.durationMs', 8 * (polls + stageReads)],
    ['dynamodb.table.readUnits', 1.5 * (polls - stageReads)],
  ]),
});

test('a poll costs the mean of all requests, and of the table what reads of events alone do; with an interval', () => {
  const costs = askedCosts({ whole: stretch(1_000, 100), batches: [100, 110, 90, 100].map((n) => stretch(n, 10)) });
  expect(costs.get('lambda.fallback.invocations')).toMatchObject({
    poll: { value: 1, units: 1_100 },
    stageRead: { value: 1 },
  });
  expect(costs.get('lambda.fallback.durationMs')?.firstRead).toMatchObject({ value: 8, margin: 0 });
  expect(costs.get('dynamodb.table.readUnits')).toMatchObject({ poll: { value: 1.5, units: 900 } });
  expect(costs.get('dynamodb.table.readUnits')).not.toHaveProperty('stageRead');
});

test('where nobody polled nothing is known', () => {
  expect(askedCosts({ whole: { units, use: new Map([['lambda.fallback.invocations', 5]]) }, batches: [] }).size).toBe(
    0,
  );
});
