/** Whether the steady state of a run was steady, by the median latency of each of its seconds. */
import type { Observation } from '../../record/observation.ts';
import { hasBurst, type Workload } from '../../record/workload.ts';
import { percentileMs } from './latency.ts';
import { milliseconds } from './numbers.ts';
import { type Steadiness, steadinessOf } from './steadiness.ts';
import type { Reason } from './warnings/reason.ts';

export interface SteadyStateRow {
  id: 'roundTrip' | 'delivery';
  name: string;
  /** Seconds of the timeline that were judged: first, last, how many. Null: none. */
  seconds: { from: number; to: number; count: number } | null;
  /** Its index is replaced by a second of the timeline; its means are ms. */
  finding:
    | Exclude<Steadiness, { index: number }>
    | (Omit<Extract<Steadiness, { index: number }>, 'index'> & { second: number });
}

const latencies = [
  { id: 'roundTrip', name: 'round trip', histogram: 'roundTripMicros' },
  { id: 'delivery', name: 'delivery', histogram: 'deliveryMicros' },
] as const;

/**
 * The median of each second, which one stall does not move. A burst of webhooks is unsteady by design: its seconds, and as many after it for
 * the queue to empty, are left out. Seconds without a sample too.
 */
export function steadyStateRows({ client, clock }: Observation, workload: Workload): SteadyStateRow[] {
  const first = clock.steadyFirstSecond ?? Number.POSITIVE_INFINITY;
  const last = clock.steadyLastSecond ?? Number.NEGATIVE_INFINITY;
  const burstFrom = hasBurst(workload) ? first + workload.burstStartSeconds : Number.POSITIVE_INFINITY;
  const burstTo = burstFrom + 2 * workload.burstSeconds;
  const judged = client.seconds.filter(
    ({ second }) => second >= first && second <= last && !(second >= burstFrom && second < burstTo),
  );
  return latencies.map(({ id, name, histogram }) => {
    const values = judged.flatMap(({ second, histograms }) => {
      const median = percentileMs(histograms[histogram], 0.5);
      return median === null ? [] : [{ second: second - clock.firstSecond, median }];
    });
    const found = steadinessOf(values.map(({ median }) => median));
    const [from, to] = [values[0]?.second, values.at(-1)?.second];
    return {
      id,
      name,
      seconds: from === undefined || to === undefined ? null : { from, to, count: values.length },
      finding: withSecond(found, values),
    };
  });
}

function withSecond(found: Steadiness, values: readonly { second: number }[]): SteadyStateRow['finding'] {
  if (found.kind !== 'settles' && found.kind !== 'drifts') return found;
  const { index, ...rest } = found;
  return { ...rest, second: values[index]?.second ?? 0 };
}

export function steadyStateWarnings(rows: readonly SteadyStateRow[]): Reason[] {
  return rows.flatMap(({ id, name, finding }) => {
    if (finding.kind === 'steady' || finding.kind === 'tooFew') return [];
    return [
      {
        code: `notSteady.${id}`,
        sentence: `The steady state was not steady: ${name} ${findingInWords(finding)} (median of each second, on average).`,
        next:
          finding.kind === 'settles'
            ? 'Its percentiles include the time before that: run for longer, so that it weighs less.'
            : 'Run for longer, and look at the timeline for what filled up: a queue, a token bucket, the machine.',
      },
    ];
  });
}

/** `settled at second 35: 41 ms before, 20 ms after`. */
export function findingInWords(finding: SteadyStateRow['finding']): string {
  switch (finding.kind) {
    case 'steady':
      return 'was steady';
    case 'settles':
      return `settled only at second ${finding.second}: ${meansOf(finding)}`;
    case 'drifts':
      return `was steady only until second ${finding.second}: ${meansOf(finding)}`;
    case 'never':
      return `never settled: ${milliseconds(finding.before)} in the first half, ${milliseconds(finding.after)} in the second`;
    case 'tooFew':
      return `was not judged: ${finding.values} seconds with samples, ${finding.needed} are needed`;
  }
}

const meansOf = ({ before, after }: { before: number; after: number }): string =>
  `${milliseconds(before)} before, ${milliseconds(after)} after`;
