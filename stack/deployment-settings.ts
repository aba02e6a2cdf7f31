/**
 * Settings for a deployment that do not state the account's concurrency: a flood of webhooks must leave some of it for `$connect` all the same, and the
 * stack must deploy in every account. Pure. docs/adr/0021 says more.
 */
import type { FoundConcurrency } from './account-concurrency.ts';
import { defaultAccountConcurrency, floorOf, smallestReservation, webhookShares } from './concurrency.ts';
import { parseSettings, type StackSettings, type StackSettingsInput } from './settings.ts';

/** What keeps a flood of webhooks from all of the account, for a sentence; `null`: the settings state it themselves. */
export type FloodGuard =
  | { kind: 'reserved'; total: number; ingest: number; deliver: number | null }
  | { kind: 'throttled'; ratePerSecond: number; burst: number; deliver: number | null; reason: string }
  /** Too small an account to reserve anything, or a throttle of the caller's own. */
  | { kind: 'none'; reason: string };

/** Throws a ZodError, as parseSettings does. */
export function deploymentSettings(
  input: StackSettingsInput,
  found: FoundConcurrency,
): { settings: StackSettings; guard: FloodGuard | null } {
  const stated = parseSettings(input);
  if (stated.accountConcurrency !== null) return { settings: stated, guard: null };
  if (found.kind === 'unknown') return throttled(input, stated, found.reason);
  const { total, unreserved } = found;
  const settings = parseSettings({ ...input, accountConcurrency: total });
  const { reservedConcurrency: wanted } = settings.functions.ingest;
  const { maximumConcurrency: deliver } = settings.queue;
  if (settings.ingest === 'direct') return { settings, guard: { kind: 'reserved', total, ingest: 0, deliver } };
  // The caller's own, and what other stacks have left.
  const isOwn = stated.functions.ingest.reservedConcurrency !== null;
  const room = unreserved - floorOf(total);
  const ingest = wanted === null || isOwn ? wanted : Math.min(wanted, room);
  if (ingest === null || ingest < smallestReservation) {
    const reason = `of its ${total} concurrent executions ${Math.max(0, room)} can be reserved`;
    // A throttle that keeps to a small account's share in the worst case would refuse nearly everything in the usual one.
    if (total < defaultAccountConcurrency) return { settings: without(settings), guard: { kind: 'none', reason } };
    return throttled(input, without(settings), reason);
  }
  const functions = { ...settings.functions, ingest: { ...settings.functions.ingest, reservedConcurrency: ingest } };
  return { settings: { ...settings, functions }, guard: { kind: 'reserved', total, ingest, deliver } };
}

/** Nothing is reserved for ingest. */
const without = (settings: StackSettings): StackSettings => ({
  ...settings,
  functions: { ...settings.functions, ingest: { ...settings.functions.ingest, reservedConcurrency: null } },
});

/**
 * Needs nothing of the account: API Gateway admits no more webhooks than ingest can hold executions in the worst case, in which each takes as long
 * as its function may: burst + rate · timeout. Its share is that of an account with Lambda's default quota.
 */
function throttled(
  input: StackSettingsInput,
  settings: StackSettings,
  reason: string,
): { settings: StackSettings; guard: FloodGuard } {
  const shares = webhookShares(settings.accountConcurrency ?? defaultAccountConcurrency, {
    reserved: 0,
    deliver: settings.functions.deliver.reservedConcurrency,
  });
  const deliver = settings.queue.maximumConcurrency ?? shares.deliver;
  const queue = { ...settings.queue, maximumConcurrency: deliver };
  // The variant `direct` has no ingest function: its flood ends in the queue.
  if (settings.ingest === 'direct' || input.webhookThrottle !== undefined)
    return { settings: { ...settings, queue }, guard: { kind: 'none', reason } };
  const webhookThrottle = safeThrottle(shares.ingest ?? smallestReservation, settings.functions.ingest.timeoutSeconds);
  return {
    settings: { ...settings, queue, webhookThrottle },
    guard: { kind: 'throttled', ...webhookThrottle, deliver, reason },
  };
}

/** Of the executions, this part is for webhooks that come at once. */
const burstShare = 0.25;

function safeThrottle(executions: number, timeoutSeconds: number): StackSettings['webhookThrottle'] {
  const burst = Math.max(1, Math.floor(executions * burstShare));
  return { burst, ratePerSecond: Math.max(1, Math.floor((executions - burst) / timeoutSeconds)) };
}

/** For whoever synthesizes. */
export function guardSentence(guard: FloodGuard): string {
  const state = 'State accountConcurrency in the settings (docs/operations.md)';
  switch (guard.kind) {
    case 'reserved':
      return `Of the account's ${guard.total} concurrent executions, webhooks get ${guard.ingest} reserved and the queue ${guard.deliver} at most, so that a flood of them leaves the rest for connections. ${state}, so that reports count with it.`;
    case 'throttled':
      return `Webhooks are throttled to ${guard.ratePerSecond}/s with a burst of ${guard.burst}, and the queue gets ${guard.deliver} executions at most, so that a flood of them leaves some of the account for connections: ${guard.reason}. ${state}, or a webhookThrottle of your own, for more.`;
    case 'none':
      return `Nothing keeps a flood of webhooks from all of the account's concurrent executions but the queue's maximum: ${guard.reason}. ${state}, and have a quota below 1,000 raised.`;
  }
}
