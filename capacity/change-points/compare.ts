/**
 * Two versions measured in turn on one machine: whether one is worse. Pure.
 *
 * Each pair was run one after the other, and the order changes from pair to pair, so what the machine did meanwhile is in both. Student's t of the pairs' differences, of logarithms where
 * all values are above zero; one-sided by the direction of harm, and corrected for the number of series that are compared (Bonferroni).
 */
import { studentTQuantile } from '../statistics/student-t.ts';
import type { Harm } from './judge.ts';

/** Chance that a comparison of two equal versions calls any of its series worse. */
const falseAlarmsPerComparison = 0.02;
/** Fewer say nothing about noise. */
const minPairs = 3;

export interface Pair {
  base: number;
  head: number;
}

type ComparedVerdict = 'worse' | 'better' | 'same';

export type Compared =
  | { kind: 'notEnough'; pairs: number }
  | {
      kind: 'compared';
      verdict: ComparedVerdict;
      /** Head over base; null where a value is not above zero. */
      ratio: number | null;
      /** 95% confidence interval of the ratio; null without one. */
      interval95: { low: number; high: number } | null;
      /** Medians would hide what the pairs have in common: means of the values, or of their logarithms. */
      base: number;
      head: number;
      /** Every value of either side was the same: then any difference is one. */
      isExact: boolean;
      /** Standard deviation of the base from run to run (A/A), as a share of its value; null where a value is not above zero. */
      noise: number | null;
    };

/** `series`: how many are compared. */
export function comparePairs(pairs: readonly Pair[], { harm, series }: { harm: Harm; series: number }): Compared {
  const isExact =
    pairs.length > 0 && pairs.every(({ base, head }) => base === pairs[0]?.base && head === pairs[0]?.head);
  // Two equal pairs of a count leave no room for chance.
  if (pairs.length < (isExact ? 2 : minPairs)) return { kind: 'notEnough', pairs: pairs.length };
  const isRatio = pairs.every(({ base, head }) => base > 0 && head > 0);
  const to = isRatio ? Math.log : (value: number) => value;
  const from = isRatio ? Math.exp : (value: number) => value;
  const bases = pairs.map(({ base }) => to(base));
  const differences = pairs.map(({ base, head }) => to(head) - to(base));
  const [shift, deviation] = [meanOf(differences), deviationOf(differences)];
  const error = deviation / Math.sqrt(pairs.length);
  const limit = studentTQuantile(1 - falseAlarmsPerComparison / Math.max(1, series), pairs.length - 1) * error;
  const isBeyond = isExact ? shift !== 0 : Math.abs(shift) > limit;
  const verdict = !isBeyond ? 'same' : shift > 0 === (harm === 'higher') ? 'worse' : 'better';
  const width = studentTQuantile(0.975, pairs.length - 1) * error;
  const base = meanOf(bases);
  return {
    ...{ kind: 'compared', verdict, isExact },
    ratio: isRatio ? from(shift) : null,
    interval95: isRatio ? { low: from(shift - width), high: from(shift + width) } : null,
    ...(isExact
      ? { base: pairs[0]?.base ?? 0, head: pairs[0]?.head ?? 0 }
      : { base: from(base), head: from(base + shift) }),
    noise: isRatio ? deviationOf(bases) : null,
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}
