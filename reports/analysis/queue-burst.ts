/** What the plan's webhook burst leaves in the queue. */
import { type Backlog, backlog } from '../../capacity/demand/backlog.ts';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import type { Load } from '../../capacity/demand/load.ts';
import { pollerCapacity } from '../../capacity/demand/pollers.ts';
import type { Deployment } from '../../capacity/headroom/quota.ts';
import { combine } from '../../capacity/known.ts';

/** Null: the plan has no burst. */
export type QueueBurst = Backlog | { kind: 'unknown'; reason: string } | null;

export function queueBurstOf(load: Load | undefined, coefficients: Coefficients, deployment: Deployment): QueueBurst {
  if (!load?.webhookBurst) return null;
  const secondsPerMessage = combine(
    [coefficients.invocations.deliver, coefficients.meanSeconds.deliver],
    ([batches = 0, seconds = 0]) => batches * seconds,
  );
  if (secondsPerMessage.kind === 'unknown') return secondsPerMessage;
  if (secondsPerMessage.value <= 0)
    return { kind: 'unknown', reason: 'No invocation of the deliver function was measured.' };
  const perExecution = 1 / secondsPerMessage.value;
  const { initial, growthPerMinute, most } = pollerCapacity(deployment);
  const maximum = Math.min(most, deployment.reservedConcurrency.deliver ?? most);
  return backlog({
    burstRatePerSecond: load.webhookBurst.ratePerSecond,
    burstSeconds: load.webhookBurst.lastsSeconds,
    restRatePerSecond: load.webhookRatePerSecond,
    service: {
      startPerSecond: initial * perExecution,
      rampPerSecond2: (growthPerMinute / 60) * perExecution,
      maxPerSecond: maximum * perExecution,
    },
  });
}
