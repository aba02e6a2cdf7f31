/** Objectives for a p99: judged by all that was due, failures included, unless the generator decided it. */
import type { Slo } from '../../../capacity/demand/plan.ts';
import type { CounterName, HistogramName } from '../../../engine/src/records.ts';
import type { ClientSecond } from '../../../record/observation.ts';
import { mergeHistograms, type PercentileMs, summaryOf } from '../latency.ts';
import { clientsRetry, declaredFailures, endedFailures } from './failed-work.ts';
import { type Finding, type Judged, nothingMeasured, type SloRow, steadyDoubt, unjudged } from './objective.ts';
import { closeDoubt, type Delays, delaysOf, doubtOf, withoutDelayed } from './soundness.ts';

interface LatencyObjective {
  id: 'connect' | 'roundTrip' | 'delivery';
  limit: number;
  /** Connects come before the steady state, and again after a loss. */
  window: 'run' | 'steady';
  histogram: HistogramName;
  lag: 'connectLagMicros' | 'sendLagMicros';
  /** Counters that end a unit well; failures are counted apart. */
  ended: readonly CounterName[];
}

const objectives: readonly Omit<LatencyObjective, 'limit'>[] = [
  {
    ...{ id: 'connect', window: 'run', histogram: 'connectMicros' },
    ...{ lag: 'connectLagMicros', ended: ['connectsOpened'] },
  },
  {
    ...{ id: 'roundTrip', window: 'steady', histogram: 'roundTripMicros' },
    ...{ lag: 'sendLagMicros', ended: ['messagesAnswered'] },
  },
  {
    ...{ id: 'delivery', window: 'steady', histogram: 'deliveryMicros' },
    ...{ lag: 'sendLagMicros', ended: ['pushesDelivered', 'pushesLate'] },
  },
];

/** One for each that is stated. */
export const p99Rows = (
  slo: Partial<Pick<Slo, 'connectP99Ms' | 'roundTripP99Ms' | 'deliveryP99Ms'>>,
  judged: Judged,
): SloRow[] =>
  objectives.flatMap((objective): SloRow[] => {
    const { id } = objective;
    const limit = slo[`${id}P99Ms`];
    if (limit === undefined) return [];
    const name = `${judged.latency.find((row) => row.id === id)?.name ?? id} p99`;
    return [{ id: `${id}P99Ms`, name, unit: 'ms', limit, ...judge({ ...objective, limit }, judged) }];
  });

function judge(objective: LatencyObjective, judged: Judged): Finding {
  const { id, window, lag, limit } = objective;
  const found = findingOf(judged.latency.find((row) => row.id === id)?.[window]?.p99 ?? null, limit);
  if (found.kept === null) return found;
  const { observation } = judged;
  const units = unitsOf(objective, judged);
  const delays = delaysOf(observation, lag, units);
  const inDoubt = window === 'steady' ? steadyDoubt(judged.generator) : null;
  if (inDoubt === null && found.kept) return found;
  const ofCloses = found.failedShare === null ? null : closeDoubt(observation, delays);
  if (ofCloses !== null) return unjudged(ofCloses);
  // What the target declared has failed, however slow the generator was.
  if (found.failedShare !== null && declaredShare(objective, judged) > decisiveShare) return found;
  if (inDoubt !== null) return unjudged(inDoubt);
  const doubt = doubtOf(observation, delays, units);
  if (doubt === null) return found;
  const sound = findingOf(soundP99(objective, judged, delays), limit);
  if (sound.kept !== false) return unjudged(doubt);
  // Too much failed either way: then the share is that of the ledger.
  return sound.failedShare !== null && found.failedShare !== null ? found : sound;
}

/** Of everything that was due, what the target refused or closed itself: with more than this there is no p99. */
function declaredShare({ id }: LatencyObjective, { observation: { client }, latency }: Judged): number {
  const { samples = 0, failed = 0 } = latency.find((row) => row.id === id)?.run ?? {};
  const declared = declaredFailures(client.totals, clientsRetry(client.totals))[id] ?? 0;
  return samples + failed === 0 ? 0 : declared / (samples + failed);
}
const decisiveShare = 0.01;

function findingOf(p99: PercentileMs | null, limit: number): Finding {
  if (p99 === null) return nothingMeasured;
  const { tooFewSamples, interval95 } = p99;
  // More than a hundredth of what was due took longer than any limit.
  if (p99.kind === 'failed')
    return { ...nothingMeasured, kept: false, tooFewSamples, failedShare: p99.failedShare, notJudged: null };
  return { measured: p99.ms, kept: p99.ms <= limit, tooFewSamples, interval95, failedShare: null, notJudged: null };
}

/** What ended in a second, well or not. */
function unitsOf({ id, ended }: LatencyObjective, judged: Judged): (second: ClientSecond) => number {
  const failures = failuresOf(id, judged);
  return (second) => ended.reduce((sum, name) => sum + second.counters[name], failures(second));
}

function failuresOf(id: LatencyObjective['id'], { observation }: Judged): (second: ClientSecond) => number {
  const retries = clientsRetry(observation.client.totals);
  return ({ counters }) => endedFailures(counters, retries)[id] ?? 0;
}

/** The p99 of what the generator did not delay; null where nothing else was measured. */
function soundP99(objective: LatencyObjective, judged: Judged, { shares }: Delays): PercentileMs | null {
  const { id, window, histogram } = objective;
  const { client, clock } = judged.observation;
  const first = window === 'run' ? Number.NEGATIVE_INFINITY : (clock.steadyFirstSecond ?? Number.POSITIVE_INFINITY);
  const within = client.seconds
    .map((second, n) => ({ second, share: shares[n] ?? 0 }))
    .filter(({ second }) => second.second >= first);
  const kept = within.map(({ second, share }) => ({
    [histogram]: withoutDelayed(second.histograms[histogram], share),
  }));
  const failures = failuresOf(id, judged);
  const delayedFailures = within.reduce((sum, { second, share }) => sum + failures(second) * share, 0);
  const failed = (judged.latency.find((row) => row.id === id)?.[window]?.failed ?? 0) - delayedFailures;
  return summaryOf(mergeHistograms(kept)[histogram], Math.max(0, Math.floor(failed)))?.p99 ?? null;
}
