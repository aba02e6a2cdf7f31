import { expect, test } from 'vitest';
import { balance, balanced, countOf, meanMicros, quantileMicros } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

const ratePerSecond = { roundTripMicros: 200, webhookMicros: 100 };
const lastsMs = 5_000;
const hopMs = 1;
const standstill = { fromMs: 2_000, toMs: 3_000 };

test('a target that stands still for 1 s of 5 shows in mean, p90 and p99 as arithmetic says', async () => {
  const { totals } = await runVirtually(
    {
      connections: 20,
      connectRatePerSecond: 1_000,
      messageRatePerSecond: ratePerSecond.roundTripMicros,
      webhookRatePerSecond: ratePerSecond.webhookMicros,
      steadySeconds: lastsMs / 1_000,
      timeoutSeconds: 5,
    },
    { network: { hopMs, standstill } },
  );
  expect(balance(totals)).toEqual(balanced);
  expect(totals.counters.messagesAnswered).toBe(1_000);
  for (const name of ['roundTripMicros', 'webhookMicros'] as const) {
    const counts = totals.histograms[name];
    const arrivals = (ratePerSecond[name] * lastsMs) / 1_000;
    expect(countOf(counts)).toBe(arrivals);
    // A fifth of the arrivals wait for the rest of the second, uniformly from 0 to 1 s; every answer also takes two hops.
    const heldMs = Array.from({ length: arrivals / 5 }, (_, n) => 1_000 - (n * 1_000) / ratePerSecond[name]);
    const truth = [...Array.from({ length: (arrivals * 4) / 5 }, () => 0), ...heldMs].toSorted((a, b) => a - b);
    const quantileMs = (q: number) => (truth[Math.ceil(q * truth.length) - 1] ?? Number.NaN) + 2 * hopMs;
    const meanMs = truth.reduce((sum, ms) => sum + ms, 0) / truth.length + 2 * hopMs;
    // One interval of the schedule, because the standstill may begin anywhere in it, plus the 1 ms by which a timer may be late.
    const stepMs = 1_000 / ratePerSecond[name] + 1;
    for (const [actualMicros, expectedMs] of [
      [meanMicros(counts), meanMs],
      [quantileMicros(counts, 0.9), quantileMs(0.9)],
      [quantileMicros(counts, 0.99), quantileMs(0.99)],
    ] as const)
      expect(Math.abs(actualMicros / 1_000 - expectedMs), `${name} ${expectedMs}`).toBeLessThanOrEqual(stepMs);
  }
});
