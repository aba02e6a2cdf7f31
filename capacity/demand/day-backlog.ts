/** The queue over a day whose webhooks follow the plan's curve. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { combine, type Known } from '../known.ts';
import type { Coefficients } from './coefficients.ts';
import type { Load } from './load.ts';
import { assumedOutageSeconds } from './plan-parts.ts';
import { type PollerSettings, pollerCapacity } from './pollers.ts';

interface Consumers extends PollerSettings {
  reservedConcurrency: { deliver?: number | undefined };
  retentionSeconds?: number | undefined;
}

const secondsPerHour = 3_600;
const secondsPerMinute = 60;

/**
 * Longest wait in s: max B / μ, with the backlog B at the end of each hour and μ what all pollers take (Little's law: concurrency / seconds a webhook).
 * A fluid model, first in, first out. Where more arrives in a day than is taken, waiting grows until messages expire: retention · λ / μ.
 */
export function longestWait(load: Load, coefficients: Coefficients, consumers: Consumers): Known<number> {
  const { webhookRatePerSecond, webhooksByHour = [1] } = load;
  const { invocations, meanSeconds } = coefficients;
  const executions = executionsOf(consumers);
  const retention = consumers.retentionSeconds ?? quotaFact('sqsRetention').default;
  return combine([invocations.deliver, meanSeconds.deliver], ([batches = 0, seconds = 0]) => {
    const perWebhook = batches * seconds;
    if (perWebhook === 0 || webhookRatePerSecond === 0) return 0;
    const taken = executions / perWebhook;
    if (webhookRatePerSecond > taken) return (retention * webhookRatePerSecond) / taken;
    const arrivals = webhooksByHour.map((share) => share * webhookRatePerSecond);
    return highestBacklog(arrivals, taken) / taken;
  });
}

const executionsOf = (consumers: Consumers): number => {
  const { most } = pollerCapacity(consumers);
  return Math.min(most, consumers.reservedConcurrency.deliver ?? most);
};

/**
 * Longest wait in s where whatever takes the queue's messages fails for D seconds and then starts again: the consumers take μ(t) = min(max, start + ramp · t)
 * messages/s, first in, first out. While μ < λ the wait still grows: D + T − ∫₀ᵀ μ dt / λ, with T = (λ − start) / ramp. A fluid model; webhooks at
 * the day's mean. Where λ exceeds what the consumers ever take, it never ends: retention · λ / μ, as in {@link longestWait}.
 */
export function longestWaitAfterOutage(load: Load, coefficients: Coefficients, consumers: Consumers): Known<number> {
  const { webhookRatePerSecond: rate, consumerOutageSeconds: outage = assumedOutageSeconds } = load;
  const { invocations, meanSeconds } = coefficients;
  const { initial, growthPerMinute } = pollerCapacity(consumers);
  const retention = consumers.retentionSeconds ?? quotaFact('sqsRetention').default;
  return combine([invocations.deliver, meanSeconds.deliver], ([batches = 0, seconds = 0]) => {
    const perWebhook = batches * seconds;
    if (rate === 0) return 0;
    if (perWebhook === 0) return outage;
    const most = executionsOf(consumers) / perWebhook;
    if (rate > most) return Math.max(outage, (retention * rate) / most);
    const start = Math.min(initial / perWebhook, most);
    if (start >= rate) return outage;
    const ramp = growthPerMinute / secondsPerMinute / perWebhook;
    const settles = (rate - start) / ramp;
    return outage + settles - (start * settles + (ramp * settles ** 2) / 2) / rate;
  });
}

/** Over two days, so that the second begins with what the first left. */
function highestBacklog(arrivals: readonly number[], taken: number): number {
  let [backlog, highest] = [0, 0];
  for (const rate of [...arrivals, ...arrivals]) {
    backlog = Math.max(0, backlog + (rate - taken) * secondsPerHour);
    highest = Math.max(highest, backlog);
  }
  return highest;
}
