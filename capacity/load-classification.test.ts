import { describe, expect, test } from 'vitest';
import { classifyLoad, conditionalThroughput, type LossGoal } from './load-classification.ts';

/** The goals and trials of the draft's example, at a load of 1,000,000/s. */
const goals: LossGoal[] = [
  { finalTrialSeconds: 60, durationSumSeconds: 60, lossRatio: 0, exceedRatio: 0 }, // RFC 2544
  { finalTrialSeconds: 60, durationSumSeconds: 120, lossRatio: 0, exceedRatio: 0.5 }, // TST009
  { finalTrialSeconds: 1, durationSumSeconds: 120, lossRatio: 0.005, exceedRatio: 0.5 }, // 1 s final
  { finalTrialSeconds: 60, durationSumSeconds: 60, lossRatio: 0.005, exceedRatio: 0.2 }, // 20% exceed
];
const [rfc2544, tst009, oneSecond, twentyPercent] = goals;
const repeat = (times: number, durationSeconds: number, lossRatio: number) =>
  Array.from({ length: times }, () => ({ durationSeconds, lossRatio }));
const points = [
  repeat(59, 1, 0),
  repeat(1, 1, 0.01),
  repeat(59, 1, 0.01),
  repeat(1, 60, 0),
  repeat(1, 60, 0.001),
  repeat(1, 60, 0.02),
];
const upTo = (point: number) => points.slice(0, point).flat();
const letters = { undecided: 'U', lowerBound: 'L', upperBound: 'B' };
const classes = (point: number) => goals.map((goal) => letters[classifyLoad(upTo(point), goal)]).join('');

describe('the draft’s example: goals RFC 2544, TST009, 1 s final, 20% exceed', () => {
  test('59 short trials without loss decide nothing', () => {
    expect(classes(1)).toBe('UUUU');
  });

  test('one short trial that lost 1% is an upper bound for RFC 2544, which tolerates no loss at all', () => {
    expect(classes(2)).toBe('BUUU');
  });

  test('59 more of them exceed 20% of the time as well', () => {
    expect(classes(3)).toBe('BUUB');
  });
});

test('short trials that lost much are excused by a share of the short ones that did not: 59 × 0.2 / 0.8 = 14.75 of them', () => {
  const goal = { finalTrialSeconds: 60, durationSumSeconds: 60, lossRatio: 0.005, exceedRatio: 0.2 };
  // Without the excuse 14 s would exceed 20% of 60 s. 27 s less 14.75 s does.
  expect(classifyLoad([...repeat(59, 1, 0), ...repeat(14, 1, 0.01)], goal)).toBe('undecided');
  expect(classifyLoad([...repeat(59, 1, 0), ...repeat(26, 1, 0.01)], goal)).toBe('undecided');
  expect(classifyLoad([...repeat(59, 1, 0), ...repeat(27, 1, 0.01)], goal)).toBe('upperBound');
});

describe('full trials', () => {
  const goalOf = (goal: LossGoal | undefined) => {
    if (!goal) throw new Error('no goal');
    return goal;
  };

  test('one of 60 s without loss fills RFC 2544, and half of TST009’s 120 s, which is all that goal asks to be good', () => {
    const trials = repeat(1, 60, 0);
    expect([rfc2544, tst009, twentyPercent].map((goal) => classifyLoad(trials, goalOf(goal)))).toEqual([
      'lowerBound',
      'lowerBound',
      'lowerBound',
    ]);
    expect(classifyLoad(repeat(59, 1, 0), goalOf(oneSecond))).toBe('undecided');
    expect(classifyLoad(repeat(60, 1, 0), goalOf(oneSecond))).toBe('lowerBound');
  });

  test('a loss of exactly the tolerated ratio is low', () => {
    expect(classifyLoad(repeat(1, 60, 0.005), goalOf(twentyPercent))).toBe('lowerBound');
    expect(classifyLoad(repeat(1, 60, 0.0051), goalOf(twentyPercent))).toBe('upperBound');
  });

  test('conditional throughput is the load less the loss of the trial at the goal’s quantile', () => {
    const trials = [...repeat(1, 60, 0.02), ...repeat(1, 60, 0)];
    const of = (goal: LossGoal | undefined, some = trials) => conditionalThroughput(some, goalOf(goal), 1e6);
    // 20%: (1 − 0.2) × 120 s = 96 s reach into the lossy trial; TST009: half of 120 s don't.
    expect([of(rfc2544), of(tst009), of(twentyPercent)]).toEqual([980_000, 1e6, 980_000]);
    // 30 s of the 60 s that TST009 wants good are missing: nothing is known of them.
    expect(of(tst009, repeat(1, 30, 0))).toBe(0);
    expect(of(oneSecond, repeat(59, 1, 0))).toBe(0);
    expect(of(oneSecond, repeat(60, 1, 0.004))).toBe(996_000);
  });
});

describe('what is not a measurement', () => {
  const goal = { finalTrialSeconds: 60, durationSumSeconds: 60, lossRatio: 0, exceedRatio: 0 };
  const lost = { durationSeconds: 60, lossRatio: Number.NaN };

  test('a loss that is not a number never makes a lower bound', () => {
    expect(classifyLoad([lost], goal)).toBe('upperBound');
    expect(conditionalThroughput([lost], goal, 1e6)).toBe(0);
  });

  test('no trials, or an exceed ratio outside [0, 1), decide nothing', () => {
    expect(classifyLoad([], { ...goal, durationSumSeconds: 0 })).toBe('undecided');
    expect(classifyLoad([{ durationSeconds: 60, lossRatio: 0 }], { ...goal, exceedRatio: 1 })).toBe('undecided');
  });
});
