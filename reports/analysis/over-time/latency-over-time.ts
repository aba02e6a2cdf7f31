/** How latencies were distributed, second by second and in all, ready to be drawn. Pure. */
import type { Slo } from '../../../capacity/demand/plan.ts';
import { highestValueOf } from '../../../engine/src/buckets.ts';
import type { BucketCounts } from '../../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../../record/observation.ts';
import { endedFailures } from '../judgement/failed-work.ts';
import { percentileMs, steadyHistograms } from '../latency.ts';

/** p50, p90 and p99 of what ended in a second, in ms; null: nothing did, or it lies among what failed. */
type LatencySecond = [second: number, p50: number | null, p90: number | null, p99: number | null];

export interface LatencyOverTime {
  id: 'roundTrip' | 'delivery';
  name: string;
  /** Of the objective, in ms. */
  sloP99Ms: number;
  seconds: LatencySecond[];
}

export interface LatencyDistribution {
  id: 'connect' | 'roundTrip' | 'delivery';
  name: string;
  sloP99Ms: number;
  /** [q, ms]: a share q of the samples was at most that, from the median to p99.9, as far as there are samples for it. What failed is in none. */
  quantiles: [number, number][];
}

const seriesOf = { roundTrip: 'roundTripMicros', delivery: 'deliveryMicros', connect: 'connectMicros' } as const;

/** Those of which anything was measured. */
export function latencyOverTime({ client, clock }: Observation, slo: Slo): LatencyOverTime[] {
  const of = (id: LatencyOverTime['id'], name: string, sloP99Ms: number): LatencyOverTime => ({
    ...{ id, name, sloP99Ms },
    seconds: client.seconds.map((second) => percentilesOf(second, id, clock.firstSecond)),
  });
  return [of('roundTrip', 'Round trip', slo.roundTripP99Ms), of('delivery', 'Delivery', slo.deliveryP99Ms)].filter(
    ({ seconds }) => seconds.some(([, p50]) => p50 !== null),
  );
}

function percentilesOf(second: ClientSecond, id: LatencyOverTime['id'], first: number): LatencySecond {
  const counts = second.histograms[seriesOf[id]];
  const failed = id === 'roundTrip' ? endedFailures(second.counters, false).roundTrip : 0;
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => percentileMs(counts, q, failed));
  return [second.second - first, p50 ?? null, p90 ?? null, p99 ?? null];
}

/** Of what was due in the steady state; connects, which come before it, of the whole run. */
export function latencyDistributions(observation: Observation, slo: Slo): LatencyDistribution[] {
  const steady = steadyHistograms(observation);
  const run = observation.client.histograms;
  const of = (
    id: LatencyDistribution['id'],
    { name, sloP99Ms, counts }: { name: string; sloP99Ms: number; counts: BucketCounts | undefined },
  ): LatencyDistribution => ({ id, name, sloP99Ms, quantiles: quantilesOf(counts) });
  return [
    of('connect', { name: 'connect', sloP99Ms: slo.connectP99Ms, counts: run.connectMicros }),
    of('roundTrip', { name: 'round trip', sloP99Ms: slo.roundTripP99Ms, counts: steady.roundTripMicros }),
    of('delivery', { name: 'delivery', sloP99Ms: slo.deliveryP99Ms, counts: steady.deliveryMicros }),
  ].filter(({ quantiles }) => quantiles.length > 0);
}

/** Equally far apart where 1 / (1 − q) is on a log axis: eleven from the median to p99.9. */
const drawnQuantiles = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999];

/** A quantile beyond the sample's largest value would be invented. */
function quantilesOf(counts: BucketCounts = {}): [number, number][] {
  const sorted = Object.entries(counts)
    .map(([bucket, count]) => ({ ms: highestValueOf(Number(bucket)) / 1_000, count }))
    .toSorted((a, b) => a.ms - b.ms);
  const samples = sorted.reduce((sum, { count }) => sum + count, 0);
  return drawnQuantiles.flatMap((q): [number, number][] => {
    if (samples * (1 - q) < 1 - 1e-9) return [];
    const rank = Math.ceil(q * samples);
    let seen = 0;
    const at = sorted.find(({ count }) => {
      seen += count;
      return seen >= rank;
    });
    return at === undefined ? [] : [[q, at.ms]];
  });
}
