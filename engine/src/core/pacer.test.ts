import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { burstSchedule, constantSchedule, countedSchedule, dueAtMicros, isInShare, type Schedule } from './pacer.ts';

/** Every arrival of a schedule, in microseconds. */
function arrivals(schedule: Schedule): number[] {
  const all: number[] = [];
  for (let i = 0; ; i++) {
    const due = dueAtMicros(schedule, i);
    if (due === Number.POSITIVE_INFINITY) return all;
    all.push(due);
  }
}

describe('a constant rate', () => {
  test('is due at equal gaps, the first at once, and ends before the end', () => {
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
  test('has ⌈rate × time⌉ arrivals, whatever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 20 }), (rate, seconds) => {
        expect(arrivals(constantSchedule(rate / 10, seconds))).toHaveLength(Math.ceil((rate * seconds) / 10));
      }),
    );
  });
});

test('a counted schedule has exactly its arrivals, also at rates that divide badly', () => {
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
  const schedule = burstSchedule(5, 45, { startsAtSeconds: 20, lastsSeconds: 10, ratePerSecond: 90 });
  const all = arrivals(schedule);
  const between = (from: number, to: number) => all.filter((due) => due >= from * 1e6 && due < to * 1e6).length;

  test('takes the place of the steady rate in its window: 100 + 900 + 75 arrivals', () => {
    expect([between(0, 20), between(20, 30), between(30, 45)]).toEqual([100, 900, 75]);
    expect(all).toHaveLength(1_075);
  });
  test('begins and ends on time, with its own gaps', () => {
    expect(all[100]).toBe(20_000_000);
    expect((all[101] ?? 0) - (all[100] ?? 0)).toBeCloseTo(1e6 / 90, 3);
    expect(all[1_000]).toBeCloseTo(30_000_000, 3);
  });
  test('keeps what the steady rate had left over: no arrival is lost at the seams', () => {
    // 3/s for 0.5 s is 1.5 arrivals: the second half arrives in the burst.
    const seams = burstSchedule(3, 2, { startsAtSeconds: 0.5, lastsSeconds: 0.5, ratePerSecond: 10 });
    expect(arrivals(seams).map((due) => Math.round(due / 1_000))).toEqual([
      0, 333, 550, 650, 750, 850, 950, 1_167, 1_500, 1_833,
    ]);
  });
  test('that lasts beyond the end is cut; one that begins after it is none', () => {
    expect(arrivals(burstSchedule(1, 2, { startsAtSeconds: 1, lastsSeconds: 9, ratePerSecond: 4 }))).toHaveLength(5);
    expect(arrivals(burstSchedule(1, 2, { startsAtSeconds: 2, lastsSeconds: 9, ratePerSecond: 4 }))).toHaveLength(2);
  });
  test('on no steady rate is alone', () => {
    const alone = burstSchedule(0, 10, { startsAtSeconds: 5, lastsSeconds: 1, ratePerSecond: 2 });
    expect(arrivals(alone)).toEqual([5_000_000, 5_500_000]);
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
