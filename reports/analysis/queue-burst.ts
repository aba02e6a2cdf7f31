/** What the plan's webhook burst leaves in the queue. */
import { type Backlog, backlog } from '../../capacity/demand/backlog.ts';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import type { Load } from '../../capacity/demand/load.ts';
import { pollerCapacity } from '../../capacity/demand/pollers.ts';
import { burstMoment, concurrencyOf, queueRate } from '../../capacity/demand/rates.ts';
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { combine } from '../../capacity/known.ts';
import { webhookQueue } from '../../capacity/storm/from-quotas.ts';

/** Null: the plan has no burst, or the stack no queue for it. */
export type QueueBurst = Backlog | { kind: 'unknown'; reason: string } | null;

export function queueBurstOf(load: Load | undefined, coefficients: Coefficients, deployment: Deployment): QueueBurst {
  const queue = webhookQueue({ deployment, coefficients });
  if (!load?.webhookBurst || queue === null) return null;
  const moment = burstMoment(load);
  // Seconds of execution for each message.
  const secondsPerMessage = combine(
    [concurrencyOf(queue.function, moment, { coefficients, deployment }), queueRate(moment, coefficients, queue.id)],
    ([busy = 0, messages = 0]) => (messages > 0 ? busy / messages : 0),
  );
  if (secondsPerMessage.kind === 'unknown') return secondsPerMessage;
  if (secondsPerMessage.value <= 0)
    return { kind: 'unknown', reason: `No invocation of ${queue.function} was measured.` };
  const perExecution = 1 / secondsPerMessage.value;
  const { initial, growthPerMinute, most } = pollerCapacity(queue);
  const { reservedConcurrency = null } = deployment.functions.find(({ id }) => id === queue.function) ?? {};
  return backlog({
    burstRatePerSecond: load.webhookBurst.ratePerSecond,
    burstSeconds: load.webhookBurst.lastsSeconds,
    restRatePerSecond: load.webhookRatePerSecond,
    service: {
      startPerSecond: initial * perExecution,
      rampPerSecond2: (growthPerMinute / 60) * perExecution,
      maxPerSecond: Math.min(most, reservedConcurrency ?? most) * perExecution,
    },
  });
}
