/** What the plan's webhook burst leaves in the queue. */
import { type Backlog, backlog } from '../../capacity/demand/backlog.ts';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import type { Load } from '../../capacity/demand/load.ts';
import type { Deployment } from '../../capacity/headroom/quota.ts';

export type QueueBurst = Backlog | { kind: 'unknown'; reason: string } | null;

/** Pollers begin with 5 concurrent batches and add 300 a minute (AWS Lambda developer guide, SQS scaling, read 2026-11). */
const pollerStart = 5;
const pollerRampPerSecond = 300 / 60;
const pollerMaximum = 1_250;

export function queueBurstOf(load: Load | undefined, coefficients: Coefficients, deployment: Deployment): QueueBurst {
  if (!load?.webhookBurst) return null;
  const batches = coefficients.invocations.deliver;
  const seconds = coefficients.meanSeconds.deliver;
  if (batches.kind === 'unknown') return { kind: 'unknown', reason: batches.reason };
  if (seconds.kind === 'unknown') return { kind: 'unknown', reason: seconds.reason };
  if (batches.value * seconds.value <= 0)
    return { kind: 'unknown', reason: 'The deliver function was not seen at work.' };
  const perExecution = 1 / (batches.value * seconds.value);
  const maximum = Math.min(
    deployment.maximumConcurrency ?? pollerMaximum,
    deployment.reservedConcurrency.deliver ?? pollerMaximum,
  );
  return backlog({
    burstRatePerSecond: load.webhookBurst.ratePerSecond,
    burstSeconds: load.webhookBurst.lastsSeconds,
    restRatePerSecond: load.webhookRatePerSecond,
    service: {
      startPerSecond: pollerStart * perExecution,
      rampPerSecond2: pollerRampPerSecond * perExecution,
      maxPerSecond: maximum * perExecution,
    },
  });
}
