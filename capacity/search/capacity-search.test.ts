import { describe, expect, test } from 'vitest';
import { type SearchTrial, searchCapacity } from './capacity-search.ts';

const settings = { start: 100, max: 100_000, width: 0.05 };
/** A system that carries up to so much, exactly. */
const carries = (capacity: number) => async (load: number) => load <= capacity;
const loadsOf = ({ trials }: { trials: readonly { load: number }[] }) => trials.map(({ load }) => Math.round(load));

describe('a system without noise', () => {
  test('ramp by doubling, vote on the failure, bisection to 5%, six clean passes', async () => {
    const result = await searchCapacity(carries(2_790), settings);
    expect(result.kind).toBe('found');
    // √(1,600 · 3,200) = 2,263, √(2,263 · 3,200) = 2,691, √(2,691 · 3,200) = 2,934, √(2,691 · 2,934) = 2,810 = 1.044 × 2,691
    expect(loadsOf(result)).toEqual([
      ...[100, 200, 400, 800, 1_600, 3_200, 3_200, 2_263, 2_691, 2_934, 2_810],
      ...Array(6).fill(2_691),
    ]);
    expect([result.lower, result.upper].map((load) => Math.round(load ?? 0))).toEqual([2_691, 2_810]);
  });

  test('when the maximum is carried there is no upper bound, and no number above it', async () => {
    const result = await searchCapacity(carries(1e9), { ...settings, max: 1_000 });
    expect([result.lower, result.upper]).toEqual([1_000, null]);
    expect(loadsOf(result)).toEqual([100, 200, 400, 800, 1_000, ...Array(6).fill(1_000)]);
  });

  test('a start that is too high is halved until something is carried', async () => {
    const result = await searchCapacity(carries(30), settings);
    expect(result.lower).toBeGreaterThan(28);
    expect(result.lower).toBeLessThanOrEqual(30);
  });

  test('nothing carried: the lower bound is 0, not a guess', async () => {
    const result = await searchCapacity(async () => false, settings);
    expect(result).toMatchObject({ kind: 'found', lower: 0 });
  });

  test('what fails at any load is not asked at another, unless some load was carried', async () => {
    const failsAlways = () => true;
    const never = await searchCapacity(async () => false, { ...settings, failsAlways });
    expect(never).toMatchObject({ kind: 'found', lower: 0, upper: 100 });
    expect(loadsOf(never)).toEqual([100]);
    const some = await searchCapacity(carries(2_790), { ...settings, failsAlways });
    expect(Math.round(some.lower)).toBe(2_691);
  });

  test('a start that fails is not halved below what a trial has one of', async () => {
    const result = await searchCapacity(async () => false, { ...settings, smallest: 0.2 });
    // 100 / 2⁸ = 0.39; half of that would be less than one in five seconds.
    expect(result.trials).toHaveLength(9);
    expect(result).toMatchObject({ kind: 'found', lower: 0, upper: 100 / 2 ** 8 });
  });

  test('loads are whole multiples of the resolution, and the bracket closes on it', async () => {
    const result = await searchCapacity(carries(37), { start: 10, max: 1_000, width: 0.001, resolution: 1 });
    expect([result.lower, result.upper]).toEqual([37, 38]);
    expect(result.trials.every(({ load }) => Number.isInteger(load))).toBe(true);
  });
});

describe('chance', () => {
  test('one failure by accident early in the ramp is voted down', async () => {
    let made = 0;
    const result = await searchCapacity(async (load) => {
      made += 1;
      return made !== 3 && load <= 2_790;
    }, settings);
    expect(result.lower).toBeGreaterThan(2_790 / 1.05);
  });

  test('a pass by accident above the capacity does not survive the re-runs: the answer steps down', async () => {
    let lucky = 1;
    const result = await searchCapacity(async (load) => {
      if (load > 2_790 && load < 3_000 && lucky > 0) {
        lucky -= 1;
        return true;
      }
      return load <= 2_790;
    }, settings);
    expect(result.lower).toBeLessThanOrEqual(2_790);
    expect(result.lower).toBeGreaterThan(2_790 * 0.9);
    // The bracket is the load that failed its re-runs and the one below it.
    expect((result.upper ?? 0) / result.lower).toBeCloseTo(1.05, 9);
    const verified = result.trials.slice(-4);
    expect(verified.every(({ load, passed }) => passed && load === result.lower)).toBe(true);
  });

  test.each([
    { noise: 0.02, most: 0, trialsUnder: 18 },
    { noise: 0.08, most: 10, trialsUnder: 20 },
    { noise: 0.15, most: 240, trialsUnder: 23 },
  ])(
    'trials failing with P = Φ(ln(load/2790)/$noise): at most $most of 10,000 searches overstate by over 5%',
    async ({ noise, most, trialsUnder }) => {
      const random = mulberry32(20_261_121);
      const searches = 10_000;
      let overstated = 0;
      let trials = 0;
      let logError = 0;
      for (let i = 0; i < searches; i += 1) {
        const result = await searchCapacity(
          async (load) => random() >= normalDistribution(Math.log(load / 2_790) / noise),
          settings,
        );
        if (result.lower > 2_790 * 1.05) overstated += 1;
        trials += result.trials.length;
        logError += Math.log(result.lower / 2_790);
      }
      expect(overstated).toBeLessThanOrEqual(most);
      expect(trials / searches).toBeLessThan(trialsUnder);
      // Low, the price of safety, but not absurdly so.
      expect(Math.exp(logError / searches)).toBeGreaterThan(0.84);
    },
  );
});

describe('resumed from its log', () => {
  const evidenceOf = (load: number) => ({ passed: load <= 2_790, p99Ms: load / 10 });

  test('evidence is kept with each trial', async () => {
    const { trials } = await searchCapacity(async (load) => evidenceOf(load), settings);
    expect(trials[0]).toEqual({ load: 100, purpose: 'ramp', passed: true, p99Ms: 10 });
  });

  test('a trial that rejects interrupts the search; the log resumes to the same answer without repeating a trial', async () => {
    const whole = await searchCapacity(async (load) => evidenceOf(load), settings);
    let made = 0;
    const broken = await searchCapacity(async (load) => {
      made += 1;
      if (made === 9) throw new Error('target stopped');
      return evidenceOf(load);
    }, settings);
    expect(broken).toMatchObject({ kind: 'interrupted', reason: expect.stringContaining('target stopped') });
    expect(broken.trials).toEqual(whole.trials.slice(0, 8));
    const prior = JSON.parse(JSON.stringify(broken.trials)) as SearchTrial<{ p99Ms: number }>[];
    const resumed: number[] = [];
    const result = await searchCapacity(
      async (load) => {
        resumed.push(load);
        return evidenceOf(load);
      },
      { ...settings, prior },
    );
    expect(result).toEqual(whole);
    expect(resumed).toEqual(whole.trials.slice(8).map(({ load }) => load));
  });

  test('the log of another search is refused, with what differs', async () => {
    const prior = [{ load: 250, purpose: 'ramp' as const, passed: true }];
    const result = await searchCapacity(carries(2_790), { ...settings, prior });
    expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining('its trial 1 was at 250') });
    expect(result.trials).toEqual(prior);
  });

  test('each new trial is reported, with the bracket so far', async () => {
    const brackets: [number, number | null][] = [];
    await searchCapacity(carries(350), {
      ...settings,
      onTrial: (_, { lower, upper }) => brackets.push([lower, upper]),
    });
    expect(brackets.slice(0, 3)).toEqual([
      [100, null],
      [200, null],
      [200, 400],
    ]);
  });
});

test.each([
  [{ ...settings, start: 0 }, 'starts at 0'],
  [{ ...settings, max: 50 }, 'below the start'],
  [{ ...settings, width: 5 }, '0.05 is 5%'],
])('refused: %o', async (wrong, reason) => {
  const result = await searchCapacity(carries(1), wrong);
  expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason), trials: [] });
});

/** T. Ettinger's generator: the same noise in every run of the test. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Φ(z), Abramowitz and Stegun 26.2.17; to 1e-7. */
function normalDistribution(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = (Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI)) * terms.reduceRight((sum, b) => (sum + b) * t, 0);
  return z > 0 ? 1 - tail : tail;
}
