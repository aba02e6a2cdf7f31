/** The load generator's own health, in each phase of the run: doubted first. */
import type { BucketCounts } from '../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../record/observation.ts';
import { cpuShareOf, longestBusyStretch } from './judgement/busy-seconds.ts';
import { unsendableMessages } from './judgement/failed-work.ts';
import { mergeHistograms, percentileMs } from './latency.ts';
import { milliseconds, percent, plural } from './numbers.ts';
import type { Reason } from './warnings/reason.ts';

/** Above these the measurements are the generator's, not the target's. */
export const generatorLimits = {
  sendLagP99Ms: 50,
  loopDelayP99Ms: 50,
  /** Share of a core that a fleet's thread may use, and for how many seconds in a row it may use more. */
  cpuShare: 0.9,
  busySeconds: 5,
  /** The share of everything due that must have been sent, apart from what the target made impossible. */
  sentShare: 0.99,
  /** Share of its descriptors that a process may have in use. */
  descriptorShare: 0.95,
} as const;

/** Error codes of a process or a source address that has no resources left for one more socket. */
const exhaustionCodes = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'];

/** Before the steady state, in it, and after it. A run that never reached it has the first alone. */
export const runPhases = ['ramp', 'steady', 'drain'] as const;
export type RunPhase = (typeof runPhases)[number];
export const phaseNames = { ramp: 'the ramp', steady: 'the steady state', drain: 'the drain' } as const;

/** Of one phase; null without samples. */
export interface PhaseHealth {
  /** Of messages and posts, and of connects: from when they were due to when they began. */
  sendLagP99Ms: number | null;
  connectLagP99Ms: number | null;
  loopDelayP99Ms: number | null;
  /** The longest that the event loop stood still. */
  longestStallMs: number | null;
  /** Mean share of a core that a fleet's thread used. */
  cpuShare: number | null;
  /** Longest stretch of seconds above the CPU limit. */
  busySeconds: number;
}

export interface GeneratorHealth {
  /** Steady state, or the whole run when that was never reached; null without samples. */
  sendLagP99Ms: number | null;
  sendLagMaxMs: number | null;
  loopDelayP99Ms: number | null;
  /** Mean share of a core that a fleet's thread used. */
  cpuShare: number | null;
  /** Longest stretch of seconds above the CPU limit. */
  busySeconds: number;
  /** Each phase that the run had. */
  phases: Partial<Record<RunPhase, PhaseHealth>>;
  /** Sent over intended, without what the target made impossible; null where nothing was due. */
  sentShare: { connects: number | null; messages: number | null; webhooks: number | null };
  /** What could not be sent because of the target: no connection was open, it had stopped reading, or posts were waiting for its answers. */
  unsendable: { noConnection: number; notRead: number; unansweredPosts: number };
  /** Largest share of its descriptors that a fleet's process had in use; null: not known. */
  descriptorShare: number | null;
  /** Connects and posts that failed because the generator's machine had no resources left. */
  exhausted: number;
  limits: typeof generatorLimits;
}

type Measured = Pick<Observation, 'client' | 'clock'>;

export function generatorHealth({ client, clock }: Measured): GeneratorHealth {
  const { totals, seconds } = client;
  const steady = seconds.filter((second) => phaseOf(second, clock) === 'steady');
  const judged = steady.length > 0 ? steady : seconds;
  const histograms = steady.length > 0 ? steadyLags({ client, clock }) : client.histograms;
  const { messagesDroppedNoConnection, publishesDroppedNoConnection } = totals;
  return {
    sendLagP99Ms: percentileMs(histograms.sendLagMicros, 0.99),
    sendLagMaxMs: percentileMs(histograms.sendLagMicros, 1),
    loopDelayP99Ms: percentileMs(histograms.loopDelayMicros, 0.99),
    cpuShare: cpuShareOf(judged),
    busySeconds: longestBusyStretch(judged, generatorLimits.cpuShare),
    phases: Object.fromEntries(
      runPhases.flatMap((phase) => {
        const within = seconds.filter((second) => phaseOf(second, clock) === phase);
        return within.length === 0 ? [] : [[phase, phaseHealth(within)]];
      }),
    ),
    sentShare: {
      connects: shareOf(totals.connectsAttempted, totals.connectsIntended),
      messages: shareOf(totals.messagesSent, totals.messagesIntended - unsendableMessages(totals)),
      webhooks: shareOf(totals.webhooksPosted, totals.webhooksIntended - totals.webhooksDroppedUnanswered),
    },
    unsendable: {
      noConnection: messagesDroppedNoConnection + publishesDroppedNoConnection,
      notRead: totals.messagesDroppedNotRead + totals.publishesDroppedNotRead,
      unansweredPosts: totals.webhooksDroppedUnanswered,
    },
    descriptorShare: client.descriptorShare ?? null,
    exhausted: Object.entries(client.failures).reduce(
      (sum, [failure, n]) => (exhaustionCodes.some((code) => failure.endsWith(code)) ? sum + n : sum),
      0,
    ),
    limits: generatorLimits,
  };
}

/** A second has the phase in which it began, but the one in which the drain begins, the last of the steady state, is the drain's: what stands still then delays hardly anything else. */
export function phaseOf({ second }: Pick<ClientSecond, 'second'>, clock: Observation['clock']): RunPhase {
  const first = clock.steadyFirstSecond ?? Number.POSITIVE_INFINITY;
  const last = clock.steadyLastSecond ?? Number.NEGATIVE_INFINITY;
  if (second < first) return 'ramp';
  return second < last || (first === last && second === last) ? 'steady' : 'drain';
}

/** Of the steady state, less what was recorded in the second in which the drain begins. */
function steadyLags({ client, clock }: Measured): Observation['client']['histograms'] {
  const { sendLagMicros, loopDelayMicros } = client.steadyHistograms;
  const last = client.seconds.find(
    ({ second, ...rest }) => second === clock.steadyLastSecond && phaseOf({ second, ...rest }, clock) === 'drain',
  );
  const less = (all: BucketCounts | undefined, some: BucketCounts = {}): BucketCounts =>
    Object.fromEntries(
      Object.entries(all ?? {}).flatMap(([bucket, n]) => {
        const rest = n - (some[bucket] ?? 0);
        return rest > 0 ? [[bucket, rest]] : [];
      }),
    );
  return {
    sendLagMicros: less(sendLagMicros, last?.histograms.sendLagMicros),
    loopDelayMicros: less(loopDelayMicros, last?.histograms.loopDelayMicros),
  };
}

function phaseHealth(seconds: readonly ClientSecond[]): PhaseHealth {
  const histograms = mergeHistograms(seconds.map((second) => second.histograms));
  return {
    sendLagP99Ms: percentileMs(histograms.sendLagMicros, 0.99),
    connectLagP99Ms: percentileMs(histograms.connectLagMicros, 0.99),
    loopDelayP99Ms: percentileMs(histograms.loopDelayMicros, 0.99),
    longestStallMs: percentileMs(histograms.loopDelayMicros, 1),
    cpuShare: cpuShareOf(seconds),
    busySeconds: longestBusyStretch(seconds, generatorLimits.cpuShare),
  };
}

/** Why nothing that was due in the steady state can be judged, a reason each; empty when it can. */
export function steadyReasons(health: GeneratorHealth): Reason[] {
  const { limits } = health;
  const where = health.phases.steady ? 'in the steady state' : 'in the run';
  const reasons: Reason[] = [];
  if (health.sendLagP99Ms !== null && health.sendLagP99Ms > limits.sendLagP99Ms)
    reasons.push({
      code: 'sendLag',
      sentence: `The generator sent late ${where}: p99 of the send lag was ${milliseconds(health.sendLagP99Ms)}, over the limit of ${limits.sendLagP99Ms} ms.`,
      next: 'Lower the rates, stop other work on this machine, or spread the load over more cores or machines.',
    });
  if (health.loopDelayP99Ms !== null && health.loopDelayP99Ms > limits.loopDelayP99Ms)
    reasons.push({
      code: 'loopDelay',
      sentence: `The generator’s event loop stalled ${where}: p99 of its delay was ${milliseconds(health.loopDelayP99Ms)}, over the limit of ${limits.loopDelayP99Ms} ms.`,
      next: 'Use more fleets with fewer connections each, or a machine with more cores.',
    });
  if (health.busySeconds >= limits.busySeconds)
    reasons.push({
      code: 'cpu',
      sentence: `The generator’s threads used over ${percent(limits.cpuShare)} of a core for ${plural(health.busySeconds, 'second')} in a row ${where}.`,
      next: 'Use more fleets, or a machine with more or faster cores.',
    });
  return reasons;
}

/** Why nothing of the run can be judged, a reason each; empty when it can. */
export function runReasons(health: GeneratorHealth): Reason[] {
  const { limits } = health;
  const reasons: Reason[] = [];
  if (health.descriptorShare !== null && health.descriptorShare > limits.descriptorShare)
    reasons.push({
      code: 'descriptors',
      sentence: `The generator had ${percent(health.descriptorShare)} of its file descriptors in use, over the limit of ${percent(limits.descriptorShare)}.`,
      next: 'Raise the limit (ulimit -n) before the run, or use more fleets, each in its own process.',
    });
  if (health.exhausted > 0)
    reasons.push({
      code: 'exhausted',
      sentence: `${plural(health.exhausted, 'socket')} could not be opened because the generator’s machine ran out of descriptors, ports or memory.`,
      next: 'Add localAddresses, raise ulimit -n, or use more machines.',
    });
  for (const [what, share] of Object.entries(health.sentShare)) {
    if (share !== null && share < limits.sentShare)
      reasons.push({
        code: `unsent.${what}`,
        sentence: `Only ${percent(share)} of the ${what} that were due were sent; at least ${percent(limits.sentShare)} must be.`,
        next: 'Lower the offered rate until the generator keeps up, or check logs/ for why it stopped.',
      });
  }
  return reasons;
}

/** Whether a verdict's reason is about the generator, by its code: those here, and objectives that it left undecided. */
export const isGeneratorReason = ({ code }: Pick<Reason, 'code'>): boolean =>
  ['sendLag', 'loopDelay', 'cpu', 'descriptors', 'exhausted'].includes(code) || /^(unsent|notJudged)\./.test(code);

/** Why the generator was the bottleneck, a reason each; empty when it was not. */
export const generatorReasons = (health: GeneratorHealth): Reason[] => [
  ...steadyReasons(health),
  ...runReasons(health),
];

const shareOf = (part = 0, whole = 0): number | null => (whole > 0 ? part / whole : null);
