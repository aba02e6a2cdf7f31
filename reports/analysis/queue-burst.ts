/** What the plan's webhook burst leaves in the queue. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { type Backlog, backlog } from '../../capacity/demand/backlog.ts';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import type { Load } from '../../capacity/demand/load.ts';
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
  const most = quotaFact('pollerMaxConcurrency').default;
  const maximum = Math.min(deployment.maximumConcurrency ?? most, deployment.reservedConcurrency.deliver ?? most);
  return backlog({
    burstRatePerSecond: load.webhookBurst.ratePerSecond,
    burstSeconds: load.webhookBurst.lastsSeconds,
    restRatePerSecond: load.webhookRatePerSecond,
    service: {
      startPerSecond: quotaFact('pollerInitialConcurrency').default * perExecution,
      rampPerSecond2: (quotaFact('pollerGrowthPerMinute').default / 60) * perExecution,
      maxPerSecond: maximum * perExecution,
    },
  });
}
