/** Latency second by second, and all of it. */

import { milliseconds, plural } from '../../analysis/numbers.ts';
import type { Happening } from '../../analysis/over-time/happenings.ts';
import type { LatencyDistribution, LatencyOverTime } from '../../analysis/over-time/latency-over-time.ts';
import type { Timeline } from '../../analysis/over-time/timeline.ts';
import type { LineChart } from './chart.ts';
import { limitingSpans } from './happenings-chart.ts';
import { spansOf } from './timeline.ts';

/** `happenings`: the limiting part is marked where it limited. */
export const latencyBands = (
  all: readonly LatencyOverTime[],
  timeline: Timeline | null,
  happenings: readonly Happening[],
): LineChart[] =>
  all.map((latency) => ({
    ...bandsOf(latency, timeline),
    spans: [...(timeline ? spansOf(timeline) : []), ...(timeline ? limitingSpans(happenings, timeline) : [])],
  }));

function bandsOf({ id, name, sloP99Ms, seconds }: LatencyOverTime, timeline: Timeline | null): LineChart {
  const steady = timeline?.steady;
  const judged = steady ? seconds.filter(([at]) => at >= steady.from && at <= steady.to) : seconds;
  const p99s = judged.flatMap(([, , , p99]) => (p99 === null ? [] : [p99]));
  const over = p99s.filter((ms) => ms > sloP99Ms).length;
  const during = steady ? ' of the steady state' : '';
  return {
    ...{ kind: 'lines', id: `over-time-${id}`, title: `${name}: p50, p90 and p99 of each second` },
    sentence:
      p99s.length === 0
        ? `${name}: no second${during} has a p99.`
        : `${name}: the p99 of single seconds${during} was between ${milliseconds(Math.min(...p99s))} and ${milliseconds(Math.max(...p99s))}, and above the objective’s ${milliseconds(sloP99Ms)} in ${over === 0 ? 'none' : plural(over, 'second')} of ${p99s.length}. A gap: nothing was measured, or over 1% failed.`,
    x: { name: 'second', scale: 'linear', from: 0, to: Math.max(1, timeline?.lastSecond ?? seconds.at(-1)?.[0] ?? 1) },
    y: { name: 'ms', scale: 'log' },
    lines: [
      { name: 'p50', points: seconds.map(([at, p50]) => [at, p50]) },
      { name: 'p90', points: seconds.map(([at, , p90]) => [at, p90]), band: true },
      { name: 'p99', points: seconds.map(([at, , , p99]) => [at, p99]), band: true },
    ],
    bounds: [{ name: 'SLO of p99', value: sloP99Ms }],
    spans: [],
    moments: [],
  };
}

export function distributionChart(all: readonly LatencyDistribution[]): LineChart {
  const each = all.map(({ name, quantiles }) => {
    const [q = 0, ms = 0] = quantiles.at(-1) ?? [];
    return `${name} ${milliseconds(quantiles[0]?.[1] ?? 0)} at the median, ${milliseconds(ms)} at p${Number((100 * q).toFixed(1))}`;
  });
  return {
    ...{ kind: 'lines', id: 'distribution', title: 'Distribution, from the median to p99.9' },
    sentence:
      each.length === 0
        ? 'No latency has a distribution: nothing was measured.'
        : `${each.join('; ')}. Only of what was answered, and as far as there are samples for a percentile.`.replace(
            /^./,
            (first) => first.toUpperCase(),
          ),
    x: { name: 'percentile', scale: 'percentile', from: 2, to: 1_000 },
    y: { name: 'ms', scale: 'log' },
    lines: all.map(({ name, quantiles }) => ({ name, points: quantiles.map(([q, ms]) => [1 / (1 - q), ms]) })),
    bounds: all.map(({ name, sloP99Ms }) => ({ name: `SLO of ${name} p99`, value: sloP99Ms })),
    spans: [],
    moments: [],
  };
}
