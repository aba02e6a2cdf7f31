import { expect, test } from 'vitest';
import { cost } from './cost.ts';
import { exampleCoefficients, exampleDeployment, examplePlan } from './example-stack.fixture.ts';
import { loadOfPlan } from './load.ts';
import { priceOf, usEast1Prices } from './prices.ts';

const workload = { load: loadOfPlan(examplePlan), coefficients: exampleCoefficients, deployment: exampleDeployment };

test('tiers: the first billion messages at $1.00 a million, the rest at $0.80', () => {
  expect(priceOf(1e9, usEast1Prices.webSocketMessage)).toBeCloseTo(1_000, 9);
  expect(priceOf(3e9, usEast1Prices.webSocketMessage)).toBeCloseTo(2_600, 9);
});

test.each([
  // (3,600 × (1 + 1 answer) + 50 pushes)/s × 2,628,000 s = 19.053 G: 1,000 + 18,053 × 0.8
  ['webSocket.messages', 15_442.4],
  // 432,000 connections × 43,800 min × 0.25 / M
  ['webSocket.connectionMinutes', 4_730.4],
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
])('%s costs $%f a month', (id, usd) => {
  const amount = cost(workload, usEast1Prices).components.find((component) => component.id === id)?.amount;
  expect(amount?.kind === 'value' && amount.usdPerMonth).toBeCloseTo(usd, 1);
});

test('a month, a user and a million pushes: the sum of the components', () => {
  const total = cost(workload, usEast1Prices);
  expect(total.usdPerMonth).toBeCloseTo(30_743.79, 0);
  expect(total.usdPerUserMonth).toBeCloseTo(0.035583, 5);
  // 131.4 M pushes a month
  expect(total.usdPerMillionPushes).toBeCloseTo(233.97, 1);
});

test('a 33 KB message is metered as two', () => {
  const large = cost({ ...workload, load: { ...workload.load, messageBytes: 33 * 1_024 } }, usEast1Prices);
  const amount = large.components[0]?.amount;
  expect(amount?.kind === 'value' && amount.quantityPerMonth).toBeCloseTo((3_600 * 3 + 50) * 2_628_000, 0);
});

test('a component without its coefficient is left out of the sum, and the cost says that it is not complete', () => {
  const reads = { kind: 'unknown', unit: 'RRU', reason: 'no data' } as const;
  const coefficients = { ...exampleCoefficients, readUnits: { ...exampleCoefficients.readUnits, perWebhook: reads } };
  const total = cost({ ...workload, coefficients }, usEast1Prices);
  expect(total.complete).toBe(false);
  expect(total.usdPerMonth).toBeCloseTo(30_743.79 - 36.14, 0);
});
