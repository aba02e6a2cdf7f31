/** Latency percentiles from merged bucket counts. */
import { percentileInterval } from '../../capacity/statistics/intervals.ts';
import { percentileOfCounts, type ValueCount } from '../../capacity/statistics/percentile.ts';
import { highestValueOf } from '../../engine/src/buckets.ts';
import type { BucketCounts, HistogramName } from '../../engine/src/records.ts';
import type { Observation } from '../../record/observation.ts';
import { failedWork, type LatencyId } from './judgement/failed-work.ts';

/**
 * A percentile of everything that was due. What failed took longer than everything that did not, so a percentile whose rank falls among
 * the failures has no value: of 100 messages, 2 without an answer, the p99 is one of those two.
 */
export type PercentileMs =
  | {
      kind: 'value';
      ms: number;
      /** Fewer samples than the percentile needs at 95% confidence (Wilks). */
      tooFewSamples: boolean;
      /** 95% confidence interval; null where the samples are too few to bound it on both sides, where its upper end lies among what failed, and for a maximum. */
      interval95: { lowerMs: number; upperMs: number } | null;
    }
  /** `failedShare`: of everything that was due, 0 to 1. */
  | { kind: 'failed'; ms: null; failedShare: number; tooFewSamples: boolean; interval95: null };

export interface LatencySummary {
  /** Measured values. */
  samples: number;
  /** What failed or never came, and so has no value: slower than every sample. */
  failed: number;
  p50: PercentileMs;
  p90: PercentileMs;
  p99: PercentileMs;
  p999: PercentileMs;
  max: PercentileMs;
}

export interface LatencyRow {
  id: LatencyId;
  name: string;
  meaning: string;
  /** `service` starts when the message was sent, and is not a latency. */
  kind: 'latency' | 'serviceTime';
  /** What was due in the steady state, including what ended in the drain; null when nothing was. */
  steady: LatencySummary | null;
  /** Whole run. */
  run: LatencySummary | null;
}

const rows: {
  id: LatencyRow['id'];
  histogram: HistogramName;
  name: string;
  meaning: string;
  kind: LatencyRow['kind'];
  /** Left out when empty. */
  ifAny?: true;
}[] = [
  { id: 'connect', histogram: 'connectMicros', name: 'connect', meaning: 'due → open', kind: 'latency' },
  {
    id: 'roundTrip',
    histogram: 'roundTripMicros',
    name: 'round trip',
    meaning: 'message due → answer',
    kind: 'latency',
  },
  { id: 'webhook', histogram: 'webhookMicros', name: 'webhook accept', meaning: 'post due → 200', kind: 'latency' },
  {
    id: 'delivery',
    histogram: 'deliveryMicros',
    name: 'delivery',
    meaning: 'post due → push received',
    kind: 'latency',
  },
  {
    id: 'service',
    histogram: 'serviceMicros',
    name: 'service time',
    meaning: 'message sent → answer',
    kind: 'serviceTime',
  },
  {
    id: 'publish',
    histogram: 'publishMicros',
    name: 'publish',
    meaning: 'publish due → answer',
    kind: 'latency',
    ifAny: true,
  },
  {
    id: 'fanOut',
    histogram: 'fanOutMicros',
    name: 'fan-out',
    meaning: 'publish due → received, each subscriber',
    kind: 'latency',
    ifAny: true,
  },
  {
    id: 'fanOutLast',
    histogram: 'fanOutLastMicros',
    name: 'fan-out, last',
    meaning: 'publish due → received by the last subscriber',
    kind: 'latency',
    ifAny: true,
  },
  {
    id: 'recovery',
    histogram: 'recoveryMicros',
    name: 'recovery',
    meaning: 'connection lost → open again',
    kind: 'latency',
    ifAny: true,
  },
];

export function latencyRows(observation: Pick<Observation, 'client' | 'clock'>): LatencyRow[] {
  const { histograms } = observation.client;
  const dueInSteady = steadyHistograms(observation);
  const failed = failedWork(observation);
  const shown = rows.filter(({ histogram, ifAny }) => !ifAny || histograms[histogram]);
  return shown.map(({ id, histogram, name, meaning, kind }) => {
    const run = summaryOf(histograms[histogram], failed[id].run);
    const steady = summaryOf(dueInSteady[histogram], failed[id].steady);
    return { id, name, meaning, kind, steady: steady && withShareOf(steady, run), run };
  });
}

/**
 * The first second of the steady state, in part still the ramp's, is not among its samples, but what failed in it is only known later. So a share that failed is
 * that of the run, as the ledger has it.
 */
function withShareOf(steady: LatencySummary, run: LatencySummary | null): LatencySummary {
  if (run === null) return steady;
  const failedShare = run.failed / (run.failed + run.samples);
  const shared = (each: PercentileMs): PercentileMs => (each.kind === 'failed' ? { ...each, failedShare } : each);
  const { p50, p90, p99, p999, max } = steady;
  return { ...steady, p50: shared(p50), p90: shared(p90), p99: shared(p99), p999: shared(p999), max: shared(max) };
}

type Histograms = Observation['client']['histograms'];

/** Those of the steady state and of the seconds after it: nothing is due in the drain, so what ends there was due before, and is the slowest part of it. */
export function steadyHistograms({ client, clock }: Pick<Observation, 'client' | 'clock'>): Histograms {
  const last = clock.steadyLastSecond;
  if (last === null) return client.steadyHistograms;
  const after = client.seconds.filter(({ second }) => second > last).map(({ histograms }) => histograms);
  return mergeHistograms([client.steadyHistograms, ...after]);
}

export function mergeHistograms(all: readonly Histograms[]): Histograms {
  const merged: Histograms = {};
  for (const histograms of all)
    for (const [name, counts] of Object.entries(histograms) as [HistogramName, BucketCounts][]) {
      const sum = { ...merged[name] };
      for (const [bucket, n] of Object.entries(counts)) sum[bucket] = (sum[bucket] ?? 0) + n;
      merged[name] = sum;
    }
  return merged;
}

export function summaryOf(counts: BucketCounts | undefined, failed: number): LatencySummary | null {
  const values = toValueCounts(counts);
  const samples = values.reduce((sum, { count }) => sum + count, 0);
  const at = (quantile: number): PercentileMs | null => percentileWithFailed(values, failed, quantile);
  const [p50, p90, p99, p999, max] = [at(0.5), at(0.9), at(0.99), at(0.999), at(1)];
  return p50 && p90 && p99 && p999 && max ? { samples, failed, p50, p90, p99, p999, max } : null;
}

/** Of a route, whose rows have other percentiles than those of the whole. */
export interface RouteSummary extends Pick<LatencySummary, 'samples' | 'failed' | 'p50' | 'p99'> {
  p95: PercentileMs;
}

export function routeSummaryOf(counts: BucketCounts | undefined, failed: number): RouteSummary | null {
  const summary = summaryOf(counts, failed);
  const p95 = percentileWithFailed(toValueCounts(counts), failed, 0.95);
  return summary && p95 && { samples: summary.samples, failed, p50: summary.p50, p95, p99: summary.p99 };
}

function percentileWithFailed(values: readonly ValueCount[], failed: number, quantile: number): PercentileMs | null {
  const all = failed > 0 ? [...values, { value: slowest, count: failed }] : values;
  const answer = percentileOfCounts(all, quantile);
  if (answer.kind !== 'value') return null;
  const { value, samples, tooFewSamples } = answer;
  if (value === slowest)
    return { kind: 'failed', ms: null, failedShare: failed / samples, tooFewSamples, interval95: null };
  const interval = percentileInterval(all, quantile);
  return {
    kind: 'value',
    ms: value,
    tooFewSamples,
    interval95:
      interval.kind === 'value' && interval.upper < slowest
        ? { lowerMs: interval.lower, upperMs: interval.upper }
        : null,
  };
}

/** Stands for what failed: later than any latency. */
const slowest = Number.MAX_VALUE;

/** One percentile in ms, or null where there is none (no samples, or its rank falls among the failed): for a line of the timeline. */
export function percentileMs(counts: BucketCounts | undefined, quantile: number, failed = 0): number | null {
  return percentileWithFailed(toValueCounts(counts), failed, quantile)?.ms ?? null;
}

const toValueCounts = (counts: BucketCounts = {}): ValueCount[] =>
  Object.entries(counts).map(([index, count]) => ({ value: highestValueOf(Number(index)) / 1_000, count }));
