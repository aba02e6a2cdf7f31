/** The queue over a day whose webhooks follow the plan's curve. */
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Deployment, FedQueue } from '../headroom/deployment.ts';
import { combine, type Known, mapKnown } from '../known.ts';
import { assumedOutageSeconds } from './assumed-usage.ts';
import type { Coefficients } from './coefficients.ts';
import type { Load } from './load.ts';
import { pollerCapacity } from './pollers.ts';
import { concurrencyOf, meanMoment, queueRate } from './rates.ts';

const secondsPerHour = 3_600;
const secondsPerMinute = 60;

interface Stack {
  coefficients: Coefficients;
  deployment: Deployment;
}

/** Messages a second that arrive in a queue, and seconds of execution that one of them takes. */
function workOf(queue: FedQueue, load: Load, stack: Stack): Known<{ rate: number; seconds: number }> {
  const mean = meanMoment(load);
  return combine(
    [queueRate(mean, stack.coefficients, queue.id), concurrencyOf(queue.function, mean, stack)],
    ([rate = 0, busy = 0]) => ({ rate, seconds: rate > 0 ? busy / rate : 0 }),
  );
}

/**
 * Longest wait in s: max B / μ, with the backlog B at the end of each hour and μ what all pollers take (Little's law: concurrency / seconds a message).
 * A fluid model, first in, first out. Where more arrives in a day than is taken, waiting grows until messages expire: retention · λ / μ.
 */
export function longestWait(load: Load, queue: FedQueue, stack: Stack): Known<number> {
  const { webhooksByHour = [1] } = load;
  const executions = executionsOf(queue, stack.deployment);
  const retention = queue.retentionSeconds ?? quotaFact('sqsRetention').default;
  return mapKnown(workOf(queue, load, stack), ({ rate, seconds }) => {
    if (seconds === 0 || rate === 0) return 0;
    const taken = executions / seconds;
    if (rate > taken) return (retention * rate) / taken;
    const arrivals = webhooksByHour.map((share) => share * rate);
    return highestBacklog(arrivals, taken) / taken;
  });
}

const executionsOf = (queue: FedQueue, { functions }: Deployment): number => {
  const { most } = pollerCapacity(queue);
  return Math.min(most, functions.find(({ id }) => id === queue.function)?.reservedConcurrency ?? most);
};

/**
 * Longest wait in s where whatever takes the queue's messages fails for D seconds and then starts again: the consumers take μ(t) = min(max, start + ramp · t)
 * messages/s, first in, first out. While μ < λ the wait still grows: D + T − ∫₀ᵀ μ dt / λ, with T = (λ − start) / ramp. A fluid model; arrivals at
 * the day's mean. Where λ exceeds what the consumers ever take, it never ends: retention · λ / μ, as in {@link longestWait}.
 */
export function longestWaitAfterOutage(load: Load, queue: FedQueue, stack: Stack): Known<number> {
  const { consumerOutageSeconds: outage = assumedOutageSeconds } = load;
  const { initial, growthPerMinute } = pollerCapacity(queue);
  const retention = queue.retentionSeconds ?? quotaFact('sqsRetention').default;
  return mapKnown(workOf(queue, load, stack), ({ rate, seconds }) => {
    if (rate === 0) return 0;
    if (seconds === 0) return outage;
    const most = executionsOf(queue, stack.deployment) / seconds;
    if (rate > most) return Math.max(outage, (retention * rate) / most);
    const start = Math.min(initial / seconds, most);
    if (start >= rate) return outage;
    const ramp = growthPerMinute / secondsPerMinute / seconds;
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
