/** The load generator's own health: doubted first. */
import type { ClientSecond, Observation } from '../../record/observation.ts';
import { percentileMs } from './latency.ts';
import { milliseconds, percent, plural } from './numbers.ts';
import type { Reason } from './warnings/reason.ts';

/** Above these the measurements are the generator's, not the target's. */
const generatorLimits = {
  sendLagP99Ms: 50,
  loopDelayP99Ms: 50,
  /** Share of a core that a fleet's thread may use, and for how many seconds in a row it may use more. */
  cpuShare: 0.9,
  busySeconds: 5,
  /** The share of everything due that must have been sent. */
  sentShare: 0.99,
  /** Share of its descriptors that a process may have in use. */
  descriptorShare: 0.95,
} as const;

/** Error codes of a process or a source address that has no resources left for one more socket. */
const exhaustionCodes = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'];

export interface GeneratorHealth {
  /** Steady state, or the whole run when that was never reached; null without samples. */
  sendLagP99Ms: number | null;
  sendLagMaxMs: number | null;
  loopDelayP99Ms: number | null;
  /** Mean share of a core that a fleet's thread used. */
  cpuShare: number | null;
  /** Longest stretch of seconds above the CPU limit. */
  busySeconds: number;
  /** Sent over intended; null where nothing was due. */
  sentShare: { connects: number | null; messages: number | null; webhooks: number | null };
  /** Largest share of its descriptors that a fleet's process had in use; null: not known. */
  descriptorShare: number | null;
  /** Connects and posts that failed because the generator's machine had no resources left. */
  exhausted: number;
  limits: typeof generatorLimits;
}

export function generatorHealth({ client, clock }: Pick<Observation, 'client' | 'clock'>): GeneratorHealth {
  const { totals, seconds } = client;
  const steady = seconds.filter(
    ({ second }) => second >= (clock.steadyFirstSecond ?? Infinity) && second <= (clock.steadyLastSecond ?? -Infinity),
  );
  const judged = steady.length > 0 ? steady : seconds;
  const histograms = steady.length > 0 ? client.steadyHistograms : client.histograms;
  return {
    sendLagP99Ms: percentileMs(histograms.sendLagMicros, 0.99),
    sendLagMaxMs: percentileMs(histograms.sendLagMicros, 1),
    loopDelayP99Ms: percentileMs(histograms.loopDelayMicros, 0.99),
    cpuShare: cpuShareOf(judged),
    busySeconds: longestBusyStretch(judged),
    sentShare: {
      connects: shareOf(totals.connectsAttempted, totals.connectsIntended),
      messages: shareOf(totals.messagesSent, totals.messagesIntended),
      webhooks: shareOf(totals.webhooksPosted, totals.webhooksIntended),
    },
    descriptorShare: client.descriptorShare ?? null,
    exhausted: Object.entries(client.failures).reduce(
      (sum, [failure, n]) => (exhaustionCodes.some((code) => failure.endsWith(code)) ? sum + n : sum),
      0,
    ),
    limits: generatorLimits,
  };
}

/** Why the generator was the bottleneck, a reason each; empty when it was not. */
export function generatorReasons(health: GeneratorHealth): Reason[] {
  const { limits } = health;
  const reasons: Reason[] = [];
  if (health.sendLagP99Ms !== null && health.sendLagP99Ms > limits.sendLagP99Ms)
    reasons.push({
      code: 'sendLag',
      sentence: `The generator sent late: p99 of the send lag was ${milliseconds(health.sendLagP99Ms)}, over the limit of ${limits.sendLagP99Ms} ms.`,
      next: 'Lower the rates, stop other work on this machine, or spread the load over more cores or machines.',
    });
  if (health.loopDelayP99Ms !== null && health.loopDelayP99Ms > limits.loopDelayP99Ms)
    reasons.push({
      code: 'loopDelay',
      sentence: `The generator’s event loop stalled: p99 of its delay was ${milliseconds(health.loopDelayP99Ms)}, over the limit of ${limits.loopDelayP99Ms} ms.`,
      next: 'Use more fleets with fewer connections each, or a machine with more cores.',
    });
  if (health.busySeconds >= limits.busySeconds)
    reasons.push({
      code: 'cpu',
      sentence: `The generator’s threads used over ${percent(limits.cpuShare)} of a core for ${plural(health.busySeconds, 'second')} in a row.`,
      next: 'Use more fleets, or a machine with more or faster cores.',
    });
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

const shareOf = (part = 0, whole = 0): number | null => (whole > 0 ? part / whole : null);

function cpuShareOf(seconds: readonly ClientSecond[]): number | null {
  const used = seconds.reduce((sum, { counters }) => sum + counters.threadCpuMicros, 0);
  const elapsed = seconds.reduce((sum, { counters }) => sum + counters.threadElapsedMicros, 0);
  return elapsed > 0 ? used / elapsed : null;
}

function longestBusyStretch(seconds: readonly ClientSecond[]): number {
  let longest = 0;
  let current = 0;
  for (const second of seconds) {
    current = (cpuShareOf([second]) ?? 0) > generatorLimits.cpuShare ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}
