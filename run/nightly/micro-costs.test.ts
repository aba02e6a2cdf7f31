import { expect, test } from 'vitest';
import type { RunTotals } from './measured-run.ts';
import { microCosts } from './micro-costs.ts';

const run = (totals: Partial<RunTotals>): RunTotals => ({
  ...{ connects: 0, messages: 0, webhooks: 0, bytesSent: 0, bytesReceived: 0, incomplete: null, settled: null },
  ...{ series: new Map(), ...totals },
});
const costs = (webhookWrites: number) =>
  microCosts({
    connect: run({
      connects: 100,
      series: new Map([
        ['dynamodb.table.consumedWrite.sum', 200],
        ['lambda.connect.invocations.sum', 100],
      ]),
    }),
    message: run({
      connects: 20,
      messages: 400,
      bytesSent: 102_400,
      series: new Map([
        ['dynamodb.table.consumedWrite.sum', 40],
        ['lambda.message.invocations.sum', 400],
      ]),
    }),
    webhook: run({
      ...{ connects: 20, webhooks: 100, bytesReceived: 40_700 },
      series: new Map([
        ['dynamodb.table.consumedWrite.sum', 40 + webhookWrites],
        ['local.coldStarts.sum', 7],
      ]),
      settled: { processorMicros: 900_000, messages: 0, webhooks: 60, seconds: 6 },
    }),
  }).map(({ metric, value, unit }) => [metric, value, unit]);

test('what connections need is taken off messages and webhooks: each has what is its own', () => {
  expect(costs(200)).toEqual([
    ['connect-writeUnits-table', 2, 'WRU/connect'],
    ['connect-invocations-connect', 1, 'invocations/connect'],
    ['message-invocations-message', 1, 'invocations/message'],
    ['message-bytesSent', 256, 'bytes/message'],
    ['webhook-writeUnits-table', 2, 'WRU/webhook'],
    ['webhook-bytesReceived', 407, 'bytes/webhook'],
    ['webhook-cpu', 15_000, 'µs/webhook'],
  ]);
});

test('one more write of a handler is one more unit of its load, and of no other', () => {
  expect(costs(300)).toContainEqual(['webhook-writeUnits-table', 3, 'WRU/webhook']);
  expect(costs(300).filter(([metric]) => String(metric).startsWith('message'))).toEqual(
    costs(200).filter(([metric]) => String(metric).startsWith('message')),
  );
});
