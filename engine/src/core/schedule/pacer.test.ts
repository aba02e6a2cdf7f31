import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arrivalsOf,
  burstPhases,
  constantSchedule,
  countedSchedule,
  dueTimes,
  isInShare,
  phasedSchedule,
  type RatePhase,
  type Schedule,
} from './pacer.ts';

/** Every arrival of a schedule, in microseconds. */
function arrivals(schedule: Schedule): number[] {
  const all: number[] = [];
  const next = dueTimes(schedule);
  for (;;) {
    const due = next();
    if (due === Number.POSITIVE_INFINITY) return all;
    all.push(due);
  }
}

const burst = (...of: Parameters<typeof burstPhases>) => phasedSchedule(burstPhases(...of));

describe('a constant rate', () => {
  test('is due at equal intervals, the first immediately and the last before the end', () => {
    expect(arrivals(constantSchedule(4, 1))).toEqual([0, 250_000, 500_000, 750_000]);
  });
  test('of 80/s for 45 s has 3,600 arrivals and no gap other than 12.5 ms', () => {
    const all = arrivals(constantSchedule(80, 45));
    expect(all).toHaveLength(3_600);
    all.forEach((due, i) => {
      expect(due).toBeCloseTo(i * 12_500, 3);
    });
  });
  test('of 0 has no arrival', () => {
    expect(arrivals(constantSchedule(0, 10))).toEqual([]);
  });
  test('has ⌈rate × time⌉ arrivals for any rate and time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 20 }), (rate, seconds) => {
        expect(arrivals(constantSchedule(rate / 10, seconds))).toHaveLength(Math.ceil((rate * seconds) / 10));
      }),
    );
  });
});

test('a counted schedule has exactly its arrivals, even at rates that do not divide evenly', () => {
  expect(arrivals(countedSchedule(1_000, 100)).at(-1)).toBeCloseTo(9_990_000, 3);
  for (const [count, rate] of [
    [1, 0.3],
    [7, 3],
    [1_000, 333.33],
    [19_000, 1_500],
  ] as const)
    expect(arrivals(countedSchedule(count, rate))).toHaveLength(count);
});

describe('a burst', () => {
  const schedule = burst(5, 45, { burstStartSeconds: 20, burstSeconds: 10, burstRatePerSecond: 90 });
  const all = arrivals(schedule);
  const between = (from: number, to: number) => all.filter((due) => due >= from * 1e6 && due < to * 1e6).length;

  test('replaces the steady rate in its window: 100 + 900 + 75 arrivals', () => {
    expect([between(0, 20), between(20, 30), between(30, 45)]).toEqual([100, 900, 75]);
    expect(all).toHaveLength(1_075);
  });
  test('begins and ends on time, with its own gaps', () => {
    expect(all[100]).toBe(20_000_000);
    expect((all[101] ?? 0) - (all[100] ?? 0)).toBeCloseTo(1e6 / 90, 3);
    expect(all[1_000]).toBeCloseTo(30_000_000, 3);
  });
  test('carries over the fraction of the steady rate: no arrival is lost at the boundaries', () => {
    // 3/s for 0.5 s is 1.5 arrivals: the second half arrives in the burst.
    const seams = burst(3, 2, { burstStartSeconds: 0.5, burstSeconds: 0.5, burstRatePerSecond: 10 });
    expect(arrivals(seams).map((due) => Math.round(due / 1_000))).toEqual([
      0, 333, 550, 650, 750, 850, 950, 1_167, 1_500, 1_833,
    ]);
  });
  test('that extends beyond the end is cut off; one that starts after it has no effect', () => {
    expect(arrivals(burst(1, 2, { burstStartSeconds: 1, burstSeconds: 9, burstRatePerSecond: 4 }))).toHaveLength(5);
    expect(arrivals(burst(1, 2, { burstStartSeconds: 2, burstSeconds: 9, burstRatePerSecond: 4 }))).toHaveLength(2);
  });
  test('without a steady rate is all there is', () => {
    const alone = burst(0, 10, { burstStartSeconds: 5, burstSeconds: 1, burstRatePerSecond: 2 });
    expect(arrivals(alone)).toEqual([5_000_000, 5_500_000]);
  });
});

const inSeconds = (all: number[]) => all.map((due) => due / 1e6);

describe('a linear ramp', () => {
  test('from 0 to 8/s in 4 s brings 16 arrivals, number i at √i: H(t) = t²', () => {
    const all = inSeconds(
      arrivals(phasedSchedule([{ kind: 'linear', fromPerSecond: 0, toPerSecond: 8, lastsSeconds: 4 }])),
    );
    expect(all).toHaveLength(16);
    all.forEach((due, i) => {
      expect(due).toBeCloseTo(Math.sqrt(i), 9);
    });
  });
  test('down to 0 mirrors it', () => {
    const all = inSeconds(
      arrivals(phasedSchedule([{ kind: 'linear', fromPerSecond: 8, toPerSecond: 0, lastsSeconds: 4 }])),
    );
    expect(all).toHaveLength(16);
    all.forEach((due, i) => {
      expect(due).toBeCloseTo(4 - Math.sqrt(16 - i), 6);
    });
  });
});

test('an exponential ramp from 1/s to 16/s in 4 s doubles each second: 15 / ln 2 = 21.6 arrivals, number i at log2(1 + i ln 2)', () => {
  const phase: RatePhase = { kind: 'exponential', fromPerSecond: 1, toPerSecond: 16, lastsSeconds: 4 };
  expect(arrivalsOf([phase])).toBeCloseTo(15 / Math.LN2, 9);
  const all = inSeconds(arrivals(phasedSchedule([phase])));
  expect(all).toHaveLength(22);
  all.forEach((due, i) => {
    expect(due).toBeCloseTo(Math.log2(1 + i * Math.LN2), 9);
  });
});

test('a staircase of 3 steps from 10/s to 30/s in 3 s brings 10, 20 and 30', () => {
  const all = inSeconds(
    arrivals(phasedSchedule([{ kind: 'staircase', fromPerSecond: 10, toPerSecond: 30, steps: 3, lastsSeconds: 3 }])),
  );
  expect([0, 1, 2].map((second) => all.filter((due) => Math.floor(due + 1e-9) === second).length)).toEqual([
    10, 20, 30,
  ]);
});

test('a burst brings everything at its start, and does not shift what follows', () => {
  const all = inSeconds(
    arrivals(
      phasedSchedule([
        { kind: 'constant', ratePerSecond: 2, lastsSeconds: 1 },
        { kind: 'burst', arrivals: 3, lastsSeconds: 2 },
        { kind: 'constant', ratePerSecond: 1, lastsSeconds: 2 },
      ]),
    ),
  );
  expect(all).toEqual([0, 0.5, 1, 1, 1, 3, 4]);
});

test('phases in any order bring ⌈their sum⌉ arrivals, in order, each within the time', () => {
  const rate = fc.integer({ min: 1, max: 50 });
  const phase: fc.Arbitrary<RatePhase> = fc.oneof(
    fc.record({ kind: fc.constant('constant' as const), ratePerSecond: rate, lastsSeconds: rate }),
    fc.record({
      kind: fc.constantFrom('linear' as const, 'exponential' as const),
      fromPerSecond: rate,
      toPerSecond: rate,
      lastsSeconds: rate,
    }),
    fc.record({ kind: fc.constant('burst' as const), arrivals: rate, lastsSeconds: rate }),
  );
  fc.assert(
    fc.property(fc.array(phase, { minLength: 1, maxLength: 5 }), (phases) => {
      const schedule = phasedSchedule(phases);
      const all = arrivals(schedule);
      expect(Math.abs(all.length - Math.ceil(arrivalsOf(phases) - 1e-6))).toBeLessThanOrEqual(1);
      expect(all.every((due, i) => due >= (all[i - 1] ?? 0) - 1e-3 && due < schedule.endsAtMicros)).toBe(true);
    }),
  );
});

describe('Poisson arrivals', () => {
  const poisson = (seed: number) => arrivals(constantSchedule(100, 200, { kind: 'poisson', seed }));
  test('have the rate, gaps with the deviation of their mean, and the same seed repeats them', () => {
    const all = poisson(1);
    // 20,000 ± 4 standard deviations of √20,000.
    expect(Math.abs(all.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
    const gaps = all.map((due, i) => due - (all[i - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeGreaterThan(0.97);
    expect(deviation / mean).toBeLessThan(1.03);
    // Half of all gaps are under mean × ln 2.
    expect(gaps.filter((gap) => gap < mean * Math.LN2).length / gaps.length).toBeCloseTo(0.5, 1);
    expect(poisson(1)).toEqual(all);
    expect(poisson(2)).not.toEqual(all);
  });
  test('stop after the requested number', () => {
    const { segments, endsAtMicros } = constantSchedule(100, 1_000);
    const schedule = { segments, endsAtMicros, spread: { kind: 'poisson', seed: 3 }, maxArrivals: 50 } as const;
    expect(arrivals(schedule)).toHaveLength(50);
  });
});

describe('a share', () => {
  const picked = (share: number, units: number) =>
    Array.from({ length: units }, (_, n) => n).filter((n) => isInShare(n, share));
  test('of 1% picks every hundredth', () => {
    expect(picked(0.01, 300)).toEqual([99, 199, 299]);
  });
  test('of 0 picks none and of 1 picks all', () => {
    expect(picked(0, 50)).toEqual([]);
    expect(picked(1, 50)).toHaveLength(50);
  });
  test('is exact after any number of units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 1_000 }), (percent, units) => {
        expect(picked(percent / 100, units)).toHaveLength(Math.floor((percent * units) / 100));
      }),
    );
  });
});
