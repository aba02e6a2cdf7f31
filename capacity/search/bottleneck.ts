/** What stopped a load from being carried: named from what was seen beyond the limit and not below it. */

export interface Refusals {
  /** Id of the quota (aws/quotas), or of a throttle or limit of the target that is not one of AWS's quotas. */
  quota: string;
  /** The route, function, table or queue that it belongs to; null: the whole account. */
  scope: string | null;
  refusals: number;
}

export interface FunctionUse {
  /** Logical id. */
  id: string;
  /** What it is in the way of: the answer to a message, the events of a queue, or neither. */
  serves: 'message' | 'queue' | 'other';
  /** Largest number of executions at a time; null where it was not measured. */
  maxConcurrency: number | null;
  meanMs: number | null;
  p99Ms: number | null;
}

export interface QueueUse {
  /** Logical ids: the queue's, and that of the function that empties it. */
  id: string;
  function: string;
  /** Batches at a time that its pollers may run; null: the poller's own growth. */
  pollerConcurrency: number | null;
  oldestAgeSeconds: number | null;
  /** Whether its depth was still growing at the end of the steady state; null: not known. */
  growing: boolean | null;
}

/** What one trial showed, apart from whether it passed. */
export interface TrialEvidence {
  /** Why the generator could not offer the load; null when it did. */
  generatorLimited: string | null;
  /** Objectives that were broken, as in "delivery p99 was 2,100 ms; the plan allows 1,500 ms". */
  broken: string[];
  /** `code`s of the broken objectives. */
  brokenCodes: string[];
  refusals: Refusals[];
  functions: FunctionUse[];
  /** Of each queue that a function empties. */
  queues: QueueUse[];
  roundTripP99Ms: number | null;
  /** Invocations that waited for an environment of the machine that runs a local target, over all invocations; null on AWS. */
  machineWaitShare: number | null;
}

type Finding =
  /** Refusals per trial, beyond the limit and below it; `others`: those beyond the limit that refused as well. */
  | { kind: 'quota'; quota: string; scope: string | null; refusals: number; refusalsBelow: number; others: Refusals[] }
  /** `concurrency`: batches that the queue's pollers may run at a time. */
  | { kind: 'poller'; queue: string; concurrency: number; oldestAgeSeconds: number | null }
  | { kind: 'handlerDuration'; serves: 'message'; function: string; p99Ms: number; roundTripP99Ms: number }
  | { kind: 'handlerDuration'; serves: 'queue'; function: string; p99Ms: number }
  /** `waitShare`: of the invocations of a local target, those that waited for this machine. */
  | { kind: 'machine'; waitShare: number }
  /** Why it could not offer the load. */
  | { kind: 'generator'; reason: string }
  | { kind: 'unknown' };

/** `broken`: the objectives that broke beyond the limit, a sentence each; empty where the generator was the limit. */
export type Bottleneck = Finding & { broken: string[] };

/** A share of invocations that waited for the machine from which on it explains a broken latency: below it, p99 cannot be moved. */
const machineShare = 0.01;
/** A function's own p99 from this share of the whole round trip on is what the round trip consists of. */
const durationShare = 0.5;

/**
 * Names what bound, from the trials just beyond the bracket (that failed) and just below it (that passed). In this order:
 * a generator that could not offer the load, which is inconclusive about the target; a quota that refused beyond the limit and not, or far less, below
 * it, the one with the most refusals more a trial; the queue's pollers, all running while the queue grew; this machine, where a local target's
 * invocations waited for it; a function whose own duration fills the latency that broke. Else it is unknown, and what broke is said.
 */
export function attributeBottleneck(failed: readonly TrialEvidence[], passed: readonly TrialEvidence[]): Bottleneck {
  const broken = brokenObjectives(failed);
  const limited = failed.find(({ generatorLimited }) => generatorLimited !== null);
  if (limited?.generatorLimited != null && failed.every(({ generatorLimited }) => generatorLimited !== null))
    return { kind: 'generator', reason: limited.generatorLimited, broken: [] };
  const judged = failed.filter(({ generatorLimited }) => generatorLimited === null);
  return (
    quotaThatRefused(judged, passed, broken) ??
    busyPollers(judged, broken) ??
    busyMachine(judged, broken) ??
    longFunction(judged, broken) ?? { kind: 'unknown', broken }
  );
}

function quotaThatRefused(
  failed: readonly TrialEvidence[],
  passed: readonly TrialEvidence[],
  broken: string[],
): Bottleneck | null {
  const beyond = meanRefusals(failed);
  const below = meanRefusals(passed);
  const [most] = [...beyond.values()]
    .map((each) => ({ ...each, more: each.refusals - (below.get(keyOf(each))?.refusals ?? 0) }))
    .filter(({ more }) => more > 0)
    .toSorted((a, b) => b.more - a.more);
  if (!most) return null;
  const { quota, scope, refusals } = most;
  return {
    kind: 'quota',
    ...{ quota, scope, refusals },
    refusalsBelow: below.get(keyOf(most))?.refusals ?? 0,
    others: [...beyond.values()].filter((each) => keyOf(each) !== keyOf(most)),
    broken,
  };
}

function busyPollers(failed: readonly TrialEvidence[], broken: string[]): Bottleneck | null {
  for (const { queues, functions } of failed)
    for (const { id, function: emptiedBy, pollerConcurrency: concurrency, growing, oldestAgeSeconds } of queues) {
      const running = functions.find((use) => use.id === emptiedBy)?.maxConcurrency ?? null;
      if (concurrency === null || running === null || running < concurrency || growing !== true) continue;
      return { kind: 'poller', queue: id, concurrency, oldestAgeSeconds, broken };
    }
  return null;
}

function busyMachine(failed: readonly TrialEvidence[], broken: string[]): Bottleneck | null {
  const waitShare = Math.max(0, ...failed.map(({ machineWaitShare }) => machineWaitShare ?? 0));
  return waitShare < machineShare ? null : { kind: 'machine', waitShare, broken };
}

function longFunction(failed: readonly TrialEvidence[], broken: string[]): Bottleneck | null {
  for (const { functions, roundTripP99Ms, brokenCodes } of failed) {
    const [longest] = byDuration(functions, 'message');
    if (!brokenCodes.includes('slo.roundTripP99Ms') || roundTripP99Ms === null || longest === undefined) continue;
    if (longest.p99Ms < durationShare * roundTripP99Ms) continue;
    return { kind: 'handlerDuration', serves: 'message', ...longest, roundTripP99Ms, broken };
  }
  for (const { functions, queues, brokenCodes } of failed) {
    if (!brokenCodes.includes('slo.deliveryP99Ms')) continue;
    const ofGrowing = queues.flatMap((queue) => (queue.growing === true ? [queue.function] : []));
    const [longest] = byDuration(functions, 'queue').filter((use) => !ofGrowing.includes(use.function));
    if (longest !== undefined) return { kind: 'handlerDuration', serves: 'queue', ...longest, broken };
  }
  return null;
}

/** The functions whose duration is known, longest first. */
const byDuration = (functions: readonly FunctionUse[], wanted: FunctionUse['serves']) =>
  functions
    .flatMap(({ id, serves, p99Ms }) => (serves === wanted && p99Ms !== null ? [{ function: id, p99Ms }] : []))
    .toSorted((a, b) => b.p99Ms - a.p99Ms);

/** One sentence for each objective that broke: that of the first trial, the nearest to the limit. */
function brokenObjectives(trials: readonly TrialEvidence[]): string[] {
  const byCode = new Map<string, string>();
  for (const { broken, brokenCodes } of trials)
    for (const [i, sentence] of broken.entries()) {
      const code = brokenCodes[i] ?? sentence;
      if (!byCode.has(code)) byCode.set(code, sentence);
    }
  return [...byCode.values()];
}

/** Refusals a trial, by quota and scope. */
function meanRefusals(trials: readonly TrialEvidence[]): Map<string, Refusals> {
  const sums = new Map<string, Refusals>();
  for (const each of trials.flatMap(({ refusals }) => refusals)) {
    const sum = sums.get(keyOf(each));
    const refusals = (sum?.refusals ?? 0) + each.refusals / trials.length;
    sums.set(keyOf(each), { quota: each.quota, scope: each.scope, refusals });
  }
  return sums;
}

const keyOf = ({ quota, scope }: Refusals): string => `${quota} ${scope ?? ''}`;
