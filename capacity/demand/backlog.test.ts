import { describe, expect, test } from 'vitest';
import { backlog } from './backlog.ts';

const constant = (perSecond: number) => ({ startPerSecond: perSecond, rampPerSecond2: 0, maxPerSecond: perSecond });

test('2,000/s for 60 s against 500/s leaves 90,000 messages, 300 s to drain at 200/s, the oldest 180 s', () => {
  const answer = backlog({
    burstRatePerSecond: 2_000,
    burstSeconds: 60,
    restRatePerSecond: 200,
    service: constant(500),
  });
  if (answer.kind !== 'drains') throw new Error(answer.reason);
  expect(answer.peakMessages).toBe(90_000);
  expect(answer.peakAtSeconds).toBe(60);
  expect(answer.drainSeconds).toBeCloseTo(300, 6);
  expect(answer.oldestAgeSeconds).toBeCloseTo(180, 6);
});

test('a ramp of 5/s² from 50/s to 1,250/s under 1,000/s peaks at 90,250 after 190 s and is empty after 576 s', () => {
  const service = { startPerSecond: 50, rampPerSecond2: 5, maxPerSecond: 1_250 };
  const burst = { burstRatePerSecond: 1_000, burstSeconds: 600, restRatePerSecond: 1_000, service };
  const answer = backlog(burst);
  if (answer.kind !== 'drains') throw new Error(answer.reason);
  expect(answer.peakMessages).toBeCloseTo(90_250, 6);
  expect(answer.peakAtSeconds).toBe(190);
  expect(answer.emptyAtSeconds).toBeCloseTo(576, 5);
});

test('consumers faster than the burst leave no backlog', () => {
  const answer = backlog({ burstRatePerSecond: 100, burstSeconds: 60, restRatePerSecond: 10, service: constant(500) });
  expect(answer).toMatchObject({ kind: 'drains', peakMessages: 0, oldestAgeSeconds: 0 });
});

test('a rest rate at the consumers’ limit never drains', () => {
  const answer = backlog({ burstRatePerSecond: 900, burstSeconds: 60, restRatePerSecond: 500, service: constant(500) });
  expect(answer.kind).toBe('neverDrains');
});

describe('the oldest age is exact', () => {
  const ramp = { startPerSecond: 50, rampPerSecond2: 5, maxPerSecond: 1_250 };

  test('under a ramp it is the message taken as the consumers reach the rate of the burst', () => {
    const burst = { burstRatePerSecond: 1_000, burstSeconds: 600, restRatePerSecond: 0, service: ramp };
    // Taken at 190 s, when μ = 1,000/s and 5/2 · 190² + 50 · 190 = 99,750 have been taken; it arrived at 99.75 s.
    expect(backlog(burst)).toMatchObject({ oldestAgeSeconds: expect.closeTo(90.25, 9) });
  });

  test('of a short burst it is the last message', () => {
    const burst = { burstRatePerSecond: 1_000, burstSeconds: 10, restRatePerSecond: 0, service: ramp };
    // 2.5 t² + 50 t = 10,000: t = (−50 + √102,500) / 5 = 54.03 s, less 10.
    expect(backlog(burst)).toMatchObject({
      emptyAtSeconds: expect.closeTo((Math.sqrt(102_500) - 50) / 5, 9),
      oldestAgeSeconds: expect.closeTo((Math.sqrt(102_500) - 50) / 5 - 10, 9),
    });
  });
});

test.each([
  ['a rate that is not a number', { burstRatePerSecond: Number.NaN }, 'got NaN, 60'],
  ['a negative time', { burstSeconds: -1 }, 'got 2000, -1'],
  ['a later rate above the burst', { restRatePerSecond: 3_000 }, 'not a burst'],
])('%s is refused, with the reason', (_, change, reason) => {
  const burst = { burstRatePerSecond: 2_000, burstSeconds: 60, restRatePerSecond: 200, service: constant(500) };
  expect(backlog({ ...burst, ...change })).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
});

test('no arrivals leave nothing, even without consumers', () => {
  const nothing = { burstRatePerSecond: 0, burstSeconds: 10, restRatePerSecond: 0, service: constant(0) };
  expect(backlog(nothing)).toMatchObject({ kind: 'drains', peakMessages: 0 });
});
