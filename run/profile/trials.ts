/** The trials of a profile: the plan's load, with one kind of it alone. */
import type { Workload } from '../../record/workload.ts';

/** `connections` has the phases of connects and of disconnects. */
type TrialKind = 'connections' | 'message' | 'webhook' | 'push' | 'mixed' | 'poll';

export interface PlannedTrial {
  kind: TrialKind;
  workload: Workload;
}

export type HeldLoad = Partial<Pick<Workload, 'connections' | 'connectRatePerSecond'>>;

/** How many messages, and addresses of webhooks, there are: each has phases of its own. */
export interface RouteCounts {
  message: number;
  webhook: number;
}

/** Long enough for a border of two periods between the last connect and the first disconnect. */
const heldPeriods = 2;
const shortestSeconds = 5;
/** Webhooks of a profile are new events: a replay costs something else. */
const withoutWebhooks = { webhookRatePerSecond: 0, burstRatePerSecond: 0, replayShare: 0 };

/**
 * Without messages or webhooks in the plan (or without somewhere to post them), the trials of these are left out, and the mixed one where nothing is mixed. `periodSeconds`: of CloudWatch, in
 * which connects and disconnects must not meet. `held`: of the phase of connections, in place of the load's. `servesTabs`: the stack answers tabs over HTTP, so that there
 * is a trial in which all poll.
 */
export function plannedTrials(
  base: Workload,
  {
    periodSeconds,
    routes,
    held = {},
    servesTabs = false,
  }: { periodSeconds: number; routes: RouteCounts; held?: HeldLoad | undefined; servesTabs?: boolean },
): PlannedTrial[] {
  const quiet = { ...base, ...withoutWebhooks, messageRatePerSecond: 0, pollingShare: 0 };
  // Nothing happens in it: as short as it may be.
  const connections = { ...quiet, ...held, steadySeconds: Math.max(heldPeriods * periodSeconds, shortestSeconds) };
  const { messageRatePerSecond, webhookRatePerSecond } = base;
  const hasMessages = messageRatePerSecond > 0;
  const hasWebhooks = webhookRatePerSecond > 0;
  // Nobody connects to a stack without WebSockets.
  if (base.connections === 0) {
    const webhooks = { ...quiet, webhookRatePerSecond, offlineShare: 1 };
    const alone: PlannedTrial[] = [{ kind: 'webhook', workload: webhooks }];
    return routes.webhook > 1 ? [...alone, { kind: 'mixed', workload: webhooks }] : alone;
  }
  const trials: PlannedTrial[] = [{ kind: 'connections', workload: connections }];
  if (hasMessages) trials.push({ kind: 'message', workload: { ...quiet, messageRatePerSecond } });
  if (hasWebhooks) {
    trials.push({ kind: 'webhook', workload: { ...quiet, webhookRatePerSecond, offlineShare: 1 } });
    trials.push({ kind: 'push', workload: { ...quiet, webhookRatePerSecond, offlineShare: 0 } });
  }
  const mixed = { ...quiet, messageRatePerSecond, webhookRatePerSecond };
  // With messages of one route only it would be their trial again; with webhooks only that of those without a push, or of those with one.
  const areSeveral = (hasMessages && routes.message > 1) || (hasWebhooks && routes.webhook > 1);
  const isMixed = areSeveral || (hasWebhooks && (hasMessages || (base.offlineShare > 0 && base.offlineShare < 1)));
  if (isMixed) trials.push({ kind: 'mixed', workload: mixed });
  // Nobody has a connection in it.
  if (servesTabs) trials.push({ kind: 'poll', workload: { ...quiet, pollingShare: 1 } });
  return trials;
}

/** A part of the messages and webhooks of a load. */
export const withShare = (workload: Workload, share: number): Workload => ({
  ...workload,
  messageRatePerSecond: workload.messageRatePerSecond * share,
  webhookRatePerSecond: workload.webhookRatePerSecond * share,
});

/**
 * Of several messages, or addresses: what the mixed phase asks of each, a phase of its own asks as well, so that throttles and queues let through what they do
 * there. One that the mix has none of is measured all the same.
 */
export function shareAt(
  place: number,
  { of, weights = [] }: { of: number; weights?: readonly number[] | undefined },
): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const own = sum === 0 ? 0 : (weights[place] ?? 0) / sum;
  return own > 0 ? own : 1 / of;
}
