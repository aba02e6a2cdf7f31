/** The loads under which every variant is measured, from that of the plan. Pure. */
import type { Workload } from '../../record/workload.ts';

/** `load`: the plan's, for latencies and durations. `webhooks`: webhooks alone, ten times as many as the plan's most. `costs`: each kind of load by itself, of a service of tasks. */
export type Step = 'load' | 'webhooks' | 'costs';

const withoutWebhooks = { webhookRatePerSecond: 0, burstRatePerSecond: 0, burstSeconds: 0, burstStartSeconds: 0 };

/** Times the highest rate of the plan: a burst that a stack has to take, or refuse so that it comes again. */
const burstFactor = 10;
/** Fewer would be answered before anything is full. */
const fewestWebhooksPerSecond = 100;
const webhookSeconds = 6;
/** Owners of webhooks: they need no more. */
const ownersConnections = 50;

/** Connections whose memory is to be told from what V8 keeps for itself. */
export const heldLoad = { connections: 5_000, connectRatePerSecond: 400 };
const costConnections = { most: 500, perSecond: 400 };
/** Fewer are lost in what a process does unasked, and in the ticks by which its CPU is counted. */
const fewestPerSecond = { messages: 1_000, webhooks: 60 };
/** Six batches of two seconds, of which four are left for an interval. */
const costSeconds = 12;

const mostWebhooks = ({ webhookRatePerSecond, burstRatePerSecond }: Workload): number =>
  Math.max(webhookRatePerSecond, burstRatePerSecond);

/** Null: the plan has no webhooks. */
export function webhookLoad(load: Workload): Workload | null {
  const most = mostWebhooks(load);
  if (most === 0) return null;
  return {
    ...load,
    ...withoutWebhooks,
    ...{ messageRatePerSecond: 0, replayShare: 0, steadySeconds: webhookSeconds },
    connections: Math.min(load.connections, ownersConnections),
    webhookRatePerSecond: Math.max(burstFactor * most, fewestWebhooksPerSecond),
  };
}

/** Where the generator could not send as many, half and a quarter of them. */
export const webhookLoads = (load: Workload): Workload[] =>
  [1, 1 / 2, 1 / 4].map((share) => ({ ...load, webhookRatePerSecond: load.webhookRatePerSecond * share }));

/** What `loadline profile` makes its phases of, beside that of connections alone. */
export const costLoad = (load: Workload): Workload => ({
  ...load,
  ...withoutWebhooks,
  steadySeconds: Math.min(load.steadySeconds, costSeconds),
  connections: Math.min(load.connections, costConnections.most),
  connectRatePerSecond: Math.max(load.connectRatePerSecond, costConnections.perSecond),
  ...(load.messageRatePerSecond > 0 && {
    messageRatePerSecond: Math.max(load.messageRatePerSecond, fewestPerSecond.messages),
  }),
  ...(mostWebhooks(load) > 0 && { webhookRatePerSecond: Math.max(mostWebhooks(load), fewestPerSecond.webhooks) }),
});

/** Of a benchmark on this machine: starting and stopping the stack, draining, collecting. Measured on two cores. */
const aroundSeconds = 12;
/** Phases of a profile with messages and webhooks. */
const profilePhases = 5;

/** About how long it takes. */
export function expectedSeconds(step: Step, { connections, connectRatePerSecond, steadySeconds }: Workload): number {
  const each = connections / connectRatePerSecond + steadySeconds + aroundSeconds;
  return step === 'costs' ? profilePhases * each : each;
}
