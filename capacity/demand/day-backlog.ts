/** The queue over a day whose webhooks follow the plan's curve. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { combine, type Known } from '../known.ts';
import type { Coefficients } from './coefficients.ts';
import type { Load } from './load.ts';

interface Consumers {
  maximumConcurrency: number | null;
  reservedConcurrency: { deliver?: number | undefined };
  retentionSeconds?: number | undefined;
}

const secondsPerHour = 3_600;

/**
 * Longest wait in s: max B / μ, with the backlog B at the end of each hour and μ what all pollers take (Little's law: concurrency / seconds a webhook).
 * A fluid model, first in, first out. Where more arrives in a day than is taken, waiting grows until messages expire: retention · λ / μ.
 */
export function longestWait(load: Load, coefficients: Coefficients, consumers: Consumers): Known<number> {
  const { webhookRatePerSecond, webhooksByHour = [1] } = load;
  const { invocations, meanSeconds } = coefficients;
  const most = quotaFact('pollerMaxConcurrency').default;
  const executions = Math.min(consumers.maximumConcurrency ?? most, consumers.reservedConcurrency.deliver ?? most);
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

/** Over two days, so that the second begins with what the first left. */
function highestBacklog(arrivals: readonly number[], taken: number): number {
  let [backlog, highest] = [0, 0];
  for (const rate of [...arrivals, ...arrivals]) {
    backlog = Math.max(0, backlog + (rate - taken) * secondsPerHour);
    highest = Math.max(highest, backlog);
  }
  return highest;
}
