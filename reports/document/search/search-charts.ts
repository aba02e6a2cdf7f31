/** Latency against load with the bracket, and the search trial by trial. */
import { approx, milliseconds, plural } from '../../analysis/numbers.ts';
import type { LineChart, Points } from '../charts/chart.ts';
import type { SearchSummary } from './search-summary.ts';

export function searchCharts(search: SearchSummary): LineChart[] {
  return [...latencyCharts(search), trialsChart(search)];
}

/** A drawing for each latency that a trial measured, each with its own objective. */
function latencyCharts(search: SearchSummary): LineChart[] {
  const ids = [...new Set(search.trials.flatMap(({ latencies = [] }) => latencies.map(({ id }) => id)))];
  return ids.flatMap((id) => {
    const measured = search.trials
      .flatMap(({ load, latencies = [] }) =>
        latencies.filter((each) => each.id === id).map((each) => ({ load, ...each })),
      )
      .toSorted((a, b) => a.load - b.load);
    const [first] = measured;
    return first === undefined ? [] : [latencyChart(search, id, measured)];
  });
}

interface Measured {
  load: number;
  name: string;
  p50Ms: number | null;
  p99Ms: number | null;
  sloP99Ms: number | null;
}

function latencyChart(search: SearchSummary, id: string, measured: readonly Measured[]): LineChart {
  const [{ name, sloP99Ms }] = measured as [Measured];
  const over = measured.filter(({ p99Ms }) => sloP99Ms !== null && p99Ms !== null && p99Ms > sloP99Ms);
  const without = measured.filter(({ p99Ms }) => p99Ms === null).length;
  const broken =
    sloP99Ms === null
      ? ''
      : over[0] === undefined
        ? ` No trial’s p99 was above the objective’s ${milliseconds(sloP99Ms)}.`
        : ` The lowest load with a p99 above the objective’s ${milliseconds(sloP99Ms)} was ${approx(over[0].load)} ${search.unit}.`;
  const of = (pick: (each: Measured) => number | null): Points => measured.map((each) => [each.load, pick(each)]);
  return {
    ...{ kind: 'lines', id: `load-${id}`, title: `${name.charAt(0).toUpperCase()}${name.slice(1)} against load` },
    sentence: `Each trial’s ${name}, p50 and p99, at its load.${broken}${without > 0 ? ` In ${plural(without, 'trial')} there was none: too much failed.` : ''}`,
    x: { name: search.unit, scale: 'log' },
    y: { name: 'ms', scale: 'log' },
    lines: [
      { name: 'p50', points: of(({ p50Ms }) => p50Ms), draw: 'dots' },
      { name: 'p99', points: of(({ p99Ms }) => p99Ms), draw: 'dots' },
    ],
    bounds: sloP99Ms === null ? [] : [{ name: 'SLO of p99', value: sloP99Ms }],
    spans: bracketOf(search),
    moments: [],
  };
}

function bracketOf({ lower, upper, unit }: SearchSummary): LineChart['spans'] {
  if (lower <= 0 || upper === null) return [];
  return [{ name: `bracket: ${approx(lower)} to ${approx(upper)} ${unit}`, from: lower, to: upper, tone: 'bad' }];
}

function trialsChart({ trials, unit, lower, upper }: SearchSummary): LineChart {
  const of = (passed: boolean): Points =>
    trials.map((trial, i) => [i + 1, trial.passed === passed ? trial.load : null]);
  const carried = trials.filter(({ passed }) => passed).length;
  return {
    ...{ kind: 'lines', id: 'trials', title: 'Trial by trial' },
    sentence: `${plural(trials.length, 'trial')}, of which ${carried} carried their load: first doubling it, then halving the bracket, then verifying its lower end.`,
    x: { name: 'trial', scale: 'linear', from: 0.5, to: trials.length + 0.5 },
    y: { name: unit, scale: 'log' },
    lines: [
      { name: 'carried', points: of(true), draw: 'dots' },
      { name: 'not carried', points: of(false), draw: 'dots' },
    ],
    bounds: [
      ...(lower > 0 ? [{ name: 'lower end', value: lower }] : []),
      ...(upper === null ? [] : [{ name: 'upper end', value: upper }]),
    ],
    spans: [],
    moments: [],
  };
}
