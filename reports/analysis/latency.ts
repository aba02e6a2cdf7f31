/** Latency percentiles from merged bucket counts. */
import { percentileInterval } from '../../capacity/statistics/intervals.ts';
import { percentileOfCounts } from '../../capacity/statistics/percentile.ts';
import { highestValueOf } from '../../engine/src/buckets.ts';
import type { BucketCounts, HistogramName } from '../../engine/src/records.ts';
import type { Observation } from '../../record/observation.ts';

export interface PercentileMs {
  ms: number;
  /** Fewer samples than the percentile needs at 95% confidence (Wilks). */
  tooFewSamples: boolean;
  /** 95% confidence interval; null where the samples are too few to bound it on both sides, and for a maximum. */
  interval95: { lowerMs: number; upperMs: number } | null;
}

export interface LatencySummary {
  samples: number;
  p50: PercentileMs;
  p90: PercentileMs;
  p99: PercentileMs;
  p999: PercentileMs;
  max: PercentileMs;
}

export interface LatencyRow {
  id: 'connect' | 'roundTrip' | 'webhook' | 'delivery' | 'service' | 'publish' | 'fanOut' | 'fanOutLast' | 'recovery';
  name: string;
  meaning: string;
  /** `service` starts when the message was sent, and is not a latency. */
  kind: 'latency' | 'serviceTime';
  /** Steady state; null when nothing was measured in it. */
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

export function latencyRows({ histograms, steadyHistograms }: Observation['client']): LatencyRow[] {
  const shown = rows.filter(({ histogram, ifAny }) => !ifAny || histograms[histogram]);
  return shown.map(({ id, histogram, name, meaning, kind }) => ({
    id,
    name,
    meaning,
    kind,
    steady: summaryOf(steadyHistograms[histogram]),
    run: summaryOf(histograms[histogram]),
  }));
}

function summaryOf(counts: BucketCounts | undefined): LatencySummary | null {
  const values = toValueCounts(counts);
  const samples = values.reduce((sum, { count }) => sum + count, 0);
  const at = (quantile: number): PercentileMs | null => {
    const answer = percentileOfCounts(values, quantile);
    if (answer.kind !== 'value') return null;
    const interval = percentileInterval(values, quantile);
    return {
      ms: answer.value,
      tooFewSamples: answer.tooFewSamples,
      interval95: interval.kind === 'value' ? { lowerMs: interval.lower, upperMs: interval.upper } : null,
    };
  };
  const [p50, p90, p99, p999, max] = [at(0.5), at(0.9), at(0.99), at(0.999), at(1)];
  return p50 && p90 && p99 && p999 && max ? { samples, p50, p90, p99, p999, max } : null;
}

/** One percentile in ms, or null without samples: for a line of the timeline. */
export function percentileMs(counts: BucketCounts | undefined, quantile: number): number | null {
  const answer = percentileOfCounts(toValueCounts(counts), quantile);
  return answer.kind === 'value' ? answer.value : null;
}

const toValueCounts = (counts: BucketCounts = {}) =>
  Object.entries(counts).map(([index, count]) => ({ value: highestValueOf(Number(index)) / 1_000, count }));
