import { expect, test } from 'vitest';
import { LatencyDraws, latencyProfileSchema, namedLatencyProfile, operationMatcher } from './latency-profile.ts';

const typical = namedLatencyProfile('typical');

function quantiles(samples: number[]): { p50: number; p90: number; p99: number } {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

test('none adds nothing', () => {
  const draws = new LatencyDraws(namedLatencyProfile('none'), 7, 'gateway');
  expect(draws.any).toBe(false);
  expect(draws.next('dynamodb', 'GetItem')).toBe(0);
});

test('the same seed draws the same latencies, regardless of other operations in between', () => {
  const alone = new LatencyDraws(typical, 7, 'dynamodb');
  const mixed = new LatencyDraws(typical, 7, 'dynamodb');
  const expected = Array.from({ length: 20 }, () => alone.next('dynamodb', 'GetItem'));
  const found = Array.from({ length: 20 }, () => {
    mixed.next('dynamodb', 'PutItem');
    mixed.next('sqs', 'SendMessage');
    return mixed.next('dynamodb', 'GetItem');
  });
  expect(found).toEqual(expected);
  const otherSeed = new LatencyDraws(typical, 8, 'dynamodb');
  expect(otherSeed.next('dynamodb', 'GetItem')).not.toBe(expected[0]);
  const otherProcess = new LatencyDraws(typical, 7, 'sqs');
  expect(otherProcess.next('dynamodb', 'GetItem')).not.toBe(expected[0]);
});

test('an operation uses the first matching line', () => {
  const profile = latencyProfileSchema.parse({
    name: 'fixed',
    latencies: { sqs: { 'Send*': { delay: 3 }, '*': { delay: 5 } } },
  });
  const draws = new LatencyDraws(profile, 1, 'sqs');
  expect(draws.next('sqs', 'SendMessage')).toBe(3);
  expect(draws.next('sqs', 'DeleteMessage')).toBe(5);
  expect(draws.next('dynamodb', 'GetItem')).toBe(0);
});

test('patterns: * matches anything, case is ignored, nothing else is special', () => {
  const matches = (pattern: string, operation: string) => operationMatcher(pattern)(operation);
  expect(matches('*Deliver*', 'Loadline-DeliverFunction-1')).toBe(true);
  expect(matches('getitem', 'GetItem')).toBe(true);
  expect(matches('GetItem', 'BatchGetItem')).toBe(false);
  expect(matches('$connect', '$connect')).toBe(true);
  expect(matches('POST /a.c', 'POST /abc')).toBe(false);
});

test('send, receive and invoke of `typical` together are within a tenth of the published queue-to-handler latency', () => {
  const draws = new LatencyDraws(typical, 7, 'test');
  const chain = Array.from(
    { length: 100_000 },
    () => draws.next('sqs', 'SendMessage') + draws.next('sqs', 'ReceiveMessage') + draws.next('lambda', 'Invoke'),
  );
  const { p50, p90, p99 } = quantiles(chain);
  // Published: 16.2, 33.8 and 105 ms.
  expect(p50 / 16.2).toBeGreaterThan(0.9);
  expect(p50 / 16.2).toBeLessThan(1.1);
  expect(p90 / 33.8).toBeGreaterThan(0.9);
  expect(p90 / 33.8).toBeLessThan(1.1);
  expect(p99 / 105).toBeGreaterThan(0.9);
  expect(p99 / 105).toBeLessThan(1.1);
});

test('every line of `typical` states its source, when it was read and its confidence', () => {
  const lines = Object.values(typical.latencies).flatMap((operations) => Object.values(operations ?? {}));
  expect(lines.length).toBeGreaterThan(10);
  for (const { source, readOn, confidence } of lines) {
    expect(source.length).toBeGreaterThan(20);
    expect(readOn).toBe('2026-11');
    expect(confidence).toMatch(/^(published|derived|assumed)$/);
  }
});

test('a profile with a service that does not exist is refused', () => {
  expect(latencyProfileSchema.safeParse({ name: 'x', latencies: { dynamo: {} } }).success).toBe(false);
});
