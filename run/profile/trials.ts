/** The trials of a profile: the plan's load, with one kind of it alone. */
import type { Workload } from '../../record/workload.ts';

/** `connections` has the phases of connects and of disconnects. */
type TrialKind = 'connections' | 'message' | 'webhook' | 'push' | 'mixed';

export interface PlannedTrial {
  kind: TrialKind;
  workload: Workload;
}

export type HeldLoad = Partial<Pick<Workload, 'connections' | 'connectRatePerSecond'>>;

/** Long enough for a border of two periods between the last connect and the first disconnect. */
const heldPeriods = 2;
const shortestSeconds = 5;
/** Webhooks of a profile are new events: a replay costs something else. */
const withoutWebhooks = { webhookRatePerSecond: 0, burstRatePerSecond: 0, replayShare: 0 };

/**
 * Without messages or webhooks in the plan (or without somewhere to post them), the trials of these are left out, and the mixed one where nothing is mixed. `periodSeconds`: of CloudWatch, in
 * which connects and disconnects must not meet. `held`: of the phase of connections, in place of the load's.
 */
export function plannedTrials(base: Workload, periodSeconds: number, held: HeldLoad = {}): PlannedTrial[] {
  const quiet = { ...base, ...withoutWebhooks, messageRatePerSecond: 0 };
  // Nothing happens in it: as short as it may be.
  const connections = { ...quiet, ...held, steadySeconds: Math.max(heldPeriods * periodSeconds, shortestSeconds) };
  const { messageRatePerSecond, webhookRatePerSecond } = base;
  const hasMessages = messageRatePerSecond > 0;
  const hasWebhooks = webhookRatePerSecond > 0;
  // Nobody connects to a stack without WebSockets.
  if (base.connections === 0)
    return [{ kind: 'webhook', workload: { ...quiet, webhookRatePerSecond, offlineShare: 1 } }];
  const trials: PlannedTrial[] = [{ kind: 'connections', workload: connections }];
  if (hasMessages) trials.push({ kind: 'message', workload: { ...quiet, messageRatePerSecond } });
  if (hasWebhooks) {
    trials.push({ kind: 'webhook', workload: { ...quiet, webhookRatePerSecond, offlineShare: 1 } });
    trials.push({ kind: 'push', workload: { ...quiet, webhookRatePerSecond, offlineShare: 0 } });
  }
  const mixed = { ...quiet, messageRatePerSecond, webhookRatePerSecond };
  // With messages only it would be their trial again; with webhooks only that of those without a push, or of those with one.
  const isMixed = hasWebhooks && (hasMessages || (base.offlineShare > 0 && base.offlineShare < 1));
  return isMixed ? [...trials, { kind: 'mixed', workload: mixed }] : trials;
}
