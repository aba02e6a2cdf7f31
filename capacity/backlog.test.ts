import { expect, test } from 'vitest';
import { backlog, waitingMessages } from './backlog.ts';

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
  // The cap is reached after 240 s.
  expect([0, 190, 240, 600].map((t) => waitingMessages(burst, t))).toEqual([0, 90_250, 84_000, 0]);
});

test('consumers faster than the burst leave no backlog', () => {
  const answer = backlog({ burstRatePerSecond: 100, burstSeconds: 60, restRatePerSecond: 10, service: constant(500) });
  expect(answer).toMatchObject({ kind: 'drains', peakMessages: 0, oldestAgeSeconds: 0 });
});

test('a rest rate at the consumers’ limit never drains', () => {
  const answer = backlog({ burstRatePerSecond: 900, burstSeconds: 60, restRatePerSecond: 500, service: constant(500) });
  expect(answer.kind).toBe('neverDrains');
});
