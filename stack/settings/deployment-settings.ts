/**
 * Settings for a deployment that do not state the account's concurrency: a flood of webhooks must leave some of it for `$connect` all the same, and the
 * stack must deploy in every account. Pure. docs/adr/0021 says more.
 */
import type { FoundConcurrency } from '../account-concurrency.ts';
import {
  defaultAccountConcurrency,
  floorOf,
  smallestReservation,
  throttledShare,
  webhookShares,
} from '../concurrency.ts';
import { parseSettings, type StackSettings, type StackSettingsInput, totalReserved } from './settings.ts';

/** What keeps a flood of webhooks from all of the account, for a sentence; `null`: the settings state it themselves. */
export type FloodGuard =
  | { kind: 'reserved'; total: number; ingest: number; deliver: number | null }
  | Throttled
  /** There is no function in front of the queue, so its maximum is enough. */
  | { kind: 'queueOnly'; deliver: number | null; reason: string | null }
  /** A throttle of the caller's own. */
  | { kind: 'own'; reason: string };

interface Throttled {
  kind: 'throttled';
  ratePerSecond: number;
  burst: number;
  deliver: number | null;
  /** Executions that ingest holds if each takes its whole timeout, and its share of the account. */
  atWorst: number;
  share: number;
  /** Executions of the account, and how many of them other stacks have left. */
  account: number;
  pool: number;
  timeoutSeconds: number;
  reason: string;
}

/** Throws a ZodError, as parseSettings does. */
export function deploymentSettings(
  input: StackSettingsInput,
  found: FoundConcurrency,
): { settings: StackSettings; guard: FloodGuard | null } {
  const stated = parseSettings(input);
  const { accountConcurrency } = stated;
  // Its tasks take no part of the account's concurrent executions.
  if (stated.compute === 'server') return { settings: stated, guard: null };
  if (accountConcurrency !== null) {
    if (stated.ingest !== 'lambda' || stated.functions.ingest.reservedConcurrency !== null)
      return { settings: stated, guard: null };
    const reason = reasonOf(accountConcurrency, accountConcurrency - floorOf(accountConcurrency));
    return throttled(input, stated, { account: accountConcurrency, pool: accountConcurrency, reason });
  }
  if (found.kind === 'unknown') {
    const account = defaultAccountConcurrency;
    return throttled(input, stated, { account, pool: account, reason: found.reason });
  }
  const { total, unreserved } = found;
  const whole = parseSettings({ ...input, accountConcurrency: total });
  const pool = poolOf(whole, found);
  const { deliver: ofDeliver, ingest: ofIngest } = stated.functions;
  const shares = webhookShares(pool, {
    reserved: totalReserved(stated.functions),
    deliver: ofDeliver.reservedConcurrency,
    floor: floorOf(total),
  });
  const deliver = maximumOf(stated, shares.deliver);
  const settings = { ...whole, queue: { ...whole.queue, maximumConcurrency: deliver } };
  if (settings.ingest !== 'lambda') return { settings, guard: { kind: 'queueOnly', deliver, reason: null } };
  const room = unreserved - floorOf(total);
  // The caller's own, and what other stacks have left.
  const ingest = ofIngest.reservedConcurrency ?? Math.min(shares.ingest ?? 0, room);
  if (ingest < smallestReservation && ofIngest.reservedConcurrency === null)
    return throttled(input, without(whole), { account: total, pool, reason: reasonOf(total, room) });
  const functions = { ...settings.functions, ingest: { ...settings.functions.ingest, reservedConcurrency: ingest } };
  return { settings: { ...settings, functions }, guard: { kind: 'reserved', total, ingest, deliver } };
}

/** What the stack has shares of: all of the account, unless others must have reserved some of it; as much as the stack's own functions do may be an earlier deployment's of it. */
function poolOf({ functions }: StackSettings, { total, unreserved }: { total: number; unreserved: number }): number {
  return total - unreserved > totalReserved(functions) ? unreserved : total;
}

/** Of the event source: the caller's own first. Null: it has provisioned pollers. */
const maximumOf = ({ queue }: StackSettings, share: number): number | null =>
  queue.provisionedPollers === null ? (queue.maximumConcurrency ?? share) : null;

const reasonOf = (total: number, room: number): string =>
  `of the account's ${total} concurrent executions ${Math.max(0, room)} can be reserved`;

/** Nothing is reserved for ingest. */
const without = (settings: StackSettings): StackSettings => ({
  ...settings,
  functions: { ...settings.functions, ingest: { ...settings.functions.ingest, reservedConcurrency: null } },
});

/**
 * Needs nothing of the account: API Gateway admits no more webhooks than ingest's share of it can hold in the worst case, in which each takes as long
 * as its function may (burst + rate · timeout), or than the plan's busiest second has, if that is more. Where the account is not known, it is one with Lambda's
 * default quota. Where others have reserved some of it, the share is of what they left.
 */
function throttled(
  input: StackSettingsInput,
  settings: StackSettings,
  { account, pool, reason }: { account: number; pool: number; reason: string },
): { settings: StackSettings; guard: FloodGuard } {
  const shares = webhookShares(pool, { reserved: 0, deliver: settings.functions.deliver.reservedConcurrency });
  const deliver = maximumOf(parseSettings({ ...input, accountConcurrency: null }), shares.deliver);
  const queue = { ...settings.queue, maximumConcurrency: deliver };
  // Without an ingest function a flood ends in the queue, or beyond.
  if (settings.ingest !== 'lambda')
    return { settings: { ...settings, queue }, guard: { kind: 'queueOnly', deliver, reason } };
  if (input.webhookThrottle !== undefined) return { settings: { ...settings, queue }, guard: { kind: 'own', reason } };
  const { timeoutSeconds } = settings.functions.ingest;
  const share = throttledShare(account, pool);
  const webhookThrottle = throttleOf(share, timeoutSeconds, settings.webhookPeakPerSecond);
  const { ratePerSecond, burst } = webhookThrottle;
  const atWorst = Math.ceil(burst + ratePerSecond * timeoutSeconds);
  return {
    settings: { ...settings, queue, webhookThrottle },
    guard: { kind: 'throttled', ...webhookThrottle, deliver, atWorst, share, account, pool, timeoutSeconds, reason },
  };
}

/** Of the executions, this part is for webhooks that come at once. */
const burstShare = 0.25;
/** What the plan's peak may bring at once: the second's webhooks of it. An assumption. */
const peakBurstSeconds = 1;

function throttleOf(executions: number, timeoutSeconds: number, peakPerSecond: number) {
  const burst = Math.floor(executions * burstShare);
  const safe = Math.floor((executions - burst) / timeoutSeconds);
  return {
    burst: Math.max(burst, Math.ceil(peakPerSecond * peakBurstSeconds)),
    ratePerSecond: Math.max(safe, Math.ceil(peakPerSecond)),
  };
}

/** For whoever synthesizes. */
export function guardSentence(guard: FloodGuard): string {
  const state = 'State accountConcurrency in the settings (docs/operations.md)';
  switch (guard.kind) {
    case 'reserved':
      return `Of the account's ${guard.total} concurrent executions, webhooks get ${guard.ingest} reserved and the queue ${atMost(guard.deliver)}, so that a flood of them leaves the rest for connections. ${state}, so that reports count with it.`;
    case 'queueOnly':
      return `The queue gets ${atMost(guard.deliver, ' executions')}, so that a flood of webhooks leaves the rest of the account for connections${guard.reason === null ? '' : `, which is presumed to have Lambda's default of ${defaultAccountConcurrency}: ${guard.reason}`}. ${state}, so that reports count with it.`;
    case 'throttled':
      return `Webhooks are throttled to ${guard.ratePerSecond}/s with a burst of ${guard.burst}, and the queue gets ${atMost(guard.deliver, ' executions')}, because ${guard.reason}. ${worstSentence(guard)}`;
    case 'own':
      return `Nothing but your webhookThrottle and the queue's maximum keeps a flood of webhooks from all of the account's concurrent executions: ${guard.reason}. ${state}, and have a quota below 1,000 raised.`;
  }
}

/** Null: it has provisioned pollers, whose maximum is a setting of its own. */
const atMost = (deliver: number | null, unit = ''): string =>
  deliver === null ? 'what its provisioned pollers take' : `${deliver}${unit} at most`;

function worstSentence({ atWorst, share, account, pool, timeoutSeconds }: Throttled): string {
  const whole = pool === account ? `an account of ${account}` : `the ${pool} that others have left of ${account}`;
  const held = `If each takes its whole timeout (${timeoutSeconds} s) they hold ${atWorst} executions`;
  return atWorst <= share
    ? `${held}, within the ${share} that are webhooks' share of ${whole}, so that a flood of them leaves some for connections. State accountConcurrency in the settings (docs/operations.md), or a webhookThrottle of your own, for more.`
    : `${held}, more than the ${share} that this account could spare: webhooks that hang can starve connections, those that take milliseconds cannot. The rate is your webhookPeakPerSecond; have the account's quota (L-B99A9384) raised before you go live.`;
}
