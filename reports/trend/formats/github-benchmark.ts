/** github-action-benchmark: `customSmallerIsBetter` and `customBiggerIsBetter`, a file each. Source: its README, read 2026-11. */
import type { NewestValue } from './newest-values.ts';

interface GithubBenchmark {
  name: string;
  unit: string;
  value: number;
  /** Half the distance between the smallest and the largest repeat. */
  range: string;
  extra: string;
}

export function githubBenchmarks(values: readonly NewestValue[], better: 'smaller' | 'bigger'): GithubBenchmark[] {
  const harm = better === 'smaller' ? 'higher' : 'lower';
  return values
    .filter(({ series }) => series.harm === harm)
    .map(({ series, point, low, high }) => ({
      ...{ name: series.name, unit: series.unit, value: point.value },
      range: `± ${Number(((high - low) / 2).toPrecision(3))}`,
      extra: [
        `night ${point.night}`,
        `${series.statistic} of ${Math.max(1, point.repeats.length)}`,
        ...(series.machineBound ? [series.machine.text] : []),
      ].join('\n'),
    }));
}
