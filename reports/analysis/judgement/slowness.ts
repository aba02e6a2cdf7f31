/** Why a latency was long although what was due was answered: from what the target measured of itself. Pure. */
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { maxOfSeries, resourceIds, sumOfSeries } from '../series.ts';
import { fails } from './fault-effects.ts';
import type { Work } from './work.ts';
import { functionsOfWork, refusalsOfWork } from './work-of-target.ts';

export type SlowCause =
  /** Refused, and tried again by who had asked. */
  | { kind: 'refused'; quota: string; scope: string | null; refusals: number }
  /** A process of the local target did nothing for a while. */
  | { kind: 'standstill'; ms: number }
  /** A delay that was injected on purpose, or failures after which it was tried again. */
  | { kind: 'fault'; name: string; fired: number; how: 'delayed' | 'failed' }
  /** Invocations of the local target that waited for its machine. */
  | { kind: 'machine'; waits: number; invocations: number }
  /** The oldest message of the queue waited. */
  | { kind: 'queue'; oldestAgeSeconds: number }
  | { kind: 'function'; function: string; p99Ms: number };

/** What concerns less than this of the work cannot move its p99. */
const leastShare = 0.01;
/** A part that takes at least this of the whole is what the whole consists of. */
const partOfWhole = 0.5;

const workOf = { connect: 'connects', roundTrip: 'messages', delivery: 'pushes' } as const satisfies Record<
  string,
  Work
>;

/** What explains a p99 that is over its limit, the most certain first; null: nothing that was measured. */
export function slowCause(
  id: keyof typeof workOf,
  { p99Ms, units }: { p99Ms: number; units: number },
  { run, observation }: { run: RunRecord; observation: Observation },
): SlowCause | null {
  const work = workOf[id];
  const { server } = observation;
  const [refused] = refusalsOfWork(work, run, observation);
  if (refused && refused.refusals >= leastShare * units) return { kind: 'refused', ...refused };
  const standstillMs = numberOf(maxOfSeries(server, 'local.longestStandstillMillis.max'));
  if (standstillMs >= partOfWhole * p99Ms) return { kind: 'standstill', ms: standstillMs };
  const [fault] = (run.target.model?.faults ?? [])
    .flatMap((each): Extract<SlowCause, { kind: 'fault' }>[] => {
      const { kind, name, fired = 0 } = each;
      const how = kind === 'latency' || kind === 'delayedDelivery' ? 'delayed' : fails(each, work) ? 'failed' : null;
      return how === null || fired < leastShare * units ? [] : [{ kind: 'fault', name, fired, how }];
    })
    .toSorted((a, b) => b.fired - a.fired);
  if (fault) return fault;
  const waits = numberOf(sumOfSeries(server, 'local.environmentWaits.sum'));
  const waited = sumOfSeries(server, 'local.environmentWaitMillis.sum');
  // Where they all came at once, the last one waited twice as long as the mean one.
  const isLong = waited.kind === 'unknown' || (2 * waited.value) / waits >= partOfWhole * p99Ms;
  const functions = functionsOfWork(work, run.target);
  const invocations = functions
    .map((id) => numberOf(sumOfSeries(server, `lambda.${id}.invocations.sum`)))
    .reduce((sum, each) => sum + each, 0);
  if (waits > 0 && isLong && waits >= leastShare * invocations) return { kind: 'machine', waits, invocations };
  return functionOf(functions, p99Ms, server) ?? queueOf(work, p99Ms, server);
}

function functionOf(functions: readonly string[], p99Ms: number, server: Observation['server']): SlowCause | null {
  const [slowest] = functions
    .map((id) => ({ function: id, p99Ms: numberOf(maxOfSeries(server, `lambda.${id}.duration.p99.window`)) }))
    .toSorted((a, b) => b.p99Ms - a.p99Ms);
  return slowest && slowest.p99Ms >= partOfWhole * p99Ms ? { kind: 'function', ...slowest } : null;
}

function queueOf(work: Work, p99Ms: number, server: Observation['server']): SlowCause | null {
  const ages = resourceIds(server, 'sqs', 'oldestAgeSeconds.max').map((id) =>
    numberOf(maxOfSeries(server, `sqs.${id}.oldestAgeSeconds.max`)),
  );
  const oldestAgeSeconds = Math.max(0, ...ages);
  const explains = work === 'pushes' && oldestAgeSeconds * 1_000 >= partOfWhole * p99Ms;
  return explains ? { kind: 'queue', oldestAgeSeconds } : null;
}

const numberOf = (answer: { kind: string; value?: number }): number => answer.value ?? 0;
