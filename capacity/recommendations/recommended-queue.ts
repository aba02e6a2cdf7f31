/** The queue's event source, and how long and how often a message may wait. */
import { usEast1Prices } from '../../aws/prices.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import { hoursPerMonth } from '../cost/quantity.ts';
import { concurrencyOf, invocationRate, meanMoment, queueRate } from '../demand/rates.ts';
import type { FedQueue } from '../headroom/deployment.ts';
import type { LittleFacts } from './facts.ts';
import { accountLimit, burstConcurrency, isIdle, neededReservation } from './needed-concurrency.ts';
import {
  type Context,
  type Draft,
  demandOf,
  notKnown,
  restated,
  targetUtilisation,
  urgency,
} from './recommendation-terms.ts';

/** MaximumConcurrency of an event source: AWS accepts 2 to 1,000. */
const smallestMaximum = 2;
const largestMaximum = 1_000;
/** Without a batch window, a batch holds at most 10 messages. */
const batchWithoutWindow = 10;
/** Provisioned pollers of an event source: at least 2 to 200 (default 2), at most 2,000 by the API's reference. Lambda, read 2026-11. */
const provisioned = { least: 2, largestMinimum: 200 };
const pollerHourUsd = usEast1Prices.sqsPollerHour.tiers[0].usd;

const maximumFor = (moment: number): number => Math.min(largestMaximum, Math.max(smallestMaximum, moment));

/** A maximum that is higher than is needed by less than this is left as it is. An assumption. */
const trivialShare = 0.1;

/** Null: none, the pollers' own limit does. */
function maximumOf(moment: number, present: number | null): number | null {
  if (moment > largestMaximum) return null;
  const needed = maximumFor(moment);
  return present !== null && present >= needed && present <= needed * (1 + trivialShare) ? present : needed;
}

/** Ids of a queue's rows and of the advice on it: with its own id after them where the stack has several. */
export const idOf = ({ deployment }: Context, { id }: FedQueue, ofOne: string): string =>
  deployment.queues.length > 1 ? `${ofOne}.${id}` : ofOne;

/** Advice on each queue that a function empties. */
export const forEachQueue =
  (advice: (context: Context, queue: FedQueue) => Draft[]) =>
  (context: Context): Draft[] =>
    context.deployment.queues.flatMap((queue) => advice(context, queue));

/** Full batches of ten while they fit an invocation's payload and the function's time. */
export function batchSize(context: Context, queue: FedQueue): Draft[] {
  const { load, coefficients, limits } = context;
  if (isIdle(context, coefficients.queues[queue.id])) return [];
  const limitOf = (quotaId: 'invocationPayloadBytes' | 'pollerBatchSize') =>
    limits.find(({ id }) => id === idOf(context, queue, quotaId))?.limit ?? quotaFact(quotaId).default;
  const payload = limitOf('invocationPayloadBytes');
  const byPayload = load.webhookBytes > 0 ? Math.max(1, Math.floor(payload / load.webhookBytes)) : batchWithoutWindow;
  const value = Math.max(1, Math.min(batchWithoutWindow, byPayload, limitOf('pollerBatchSize')));
  const mean = meanMoment(load);
  const messages = queueRate(mean, coefficients, queue.id);
  const batches = invocationRate(mean, coefficients, queue.function);
  const filled =
    batches.kind === 'value' && batches.value > 0 && messages.kind === 'value'
      ? { mean: messages.value / batches.value, of: queue.batchSize }
      : null;
  const rows = ['invocationPayloadBytes', 'pollerBatchSize', 'sqsInFlightMessages'];
  return [
    {
      ...urgency(
        context.projection,
        rows.map((id) => idOf(context, queue, id)),
      ),
      id: idOf(context, queue, 'sqs.batchSize'),
      subject: `batch size of the event source of ${queue.id}`,
      unit: 'messages',
      present: queue.batchSize,
      value,
      setting: `batchSize of ${queue.id}`,
      kind: queue.batchSize === value ? 'keep' : 'set',
      change: { settings: { queues: { [queue.id]: { batchSize: value } } } },
      facts: {
        of: 'batchSize',
        withoutWindow: batchWithoutWindow,
        payloadBytes: payload,
        webhookBytes: load.webhookBytes,
        byPayload,
        filled,
      },
    },
  ];
}

/** The plan states fewer executions than the event source's setting gives: one of the two is not what is in force, so the setting is to be set. */
const isOverstated = (context: Context, queue: FedQueue, executions: number): boolean =>
  (context.plan.quotas[idOf(context, queue, 'pollerMaxConcurrency')] ?? Number.POSITIVE_INFINITY) < executions;

const pollerRows = (context: Context, queue: FedQueue): string[] =>
  ['pollerMaxConcurrency', 'pollerGrowthPerMinute'].map((id) => idOf(context, queue, id));

/**
 * As many batches at a time as the burst needs: by MaximumConcurrency up to 1,000, by the pollers' own limit up to 1,250, beyond it (or where
 * they would come up too slowly) by provisioned pollers.
 */
export function pollers(context: Context, queue: FedQueue): Draft[] {
  const { deployment, coefficients, load, limits, projection, date } = context;
  if (isIdle(context, coefficients.queues[queue.id])) return [];
  const emptiedBy = queue.function;
  const maxRow = idOf(context, queue, 'pollerMaxConcurrency');
  const base = {
    ...urgency(projection, pollerRows(context, queue)),
    id: idOf(context, queue, 'sqs.maximumConcurrency'),
    subject: `maximum concurrency of the event source of ${queue.id}`,
    unit: 'executions',
    present: queue.maximumConcurrency,
    setting: `maximumConcurrency of ${queue.id}`,
  };
  const need = burstConcurrency(context, emptiedBy);
  if (need.kind === 'unknown') return [{ ...base, ...notKnown(need.reason) }];
  const growth = demandOf(context, idOf(context, queue, 'pollerGrowthPerMinute'));
  const own = limits.find(({ id }) => id === maxRow)?.default ?? 0;
  const little = { mean: need.mean, moment: need.moment, date };
  if (queue.provisionedPollers || need.moment > own || growth?.exceeded) {
    const steady = concurrencyOf(emptiedBy, meanMoment(load), context);
    const mean = steady.kind === 'value' ? steady.value : 0;
    return [provisionedPollers(context, queue, { mean, little })];
  }
  const wanted = maximumOf(need.moment, queue.maximumConcurrency);
  const account = accountLimit(context);
  const others = deployment.functions
    .filter(({ id }) => id !== emptiedBy)
    .map((each) => neededReservation(context, each))
    .reduce((sum, each) => sum + (each.kind === 'value' ? each.moment : 0), 0);
  const left = maximumFor(Math.min(need.moment, account - others));
  const isTight = left < need.moment && left < maximumFor(need.moment);
  return [
    {
      ...base,
      value: wanted,
      kind: queue.maximumConcurrency === wanted && !isOverstated(context, queue, wanted ?? own) ? 'keep' : 'set',
      change: {
        settings: { queues: { [queue.id]: { maximumConcurrency: wanted } } },
        quotas: restated(context, { [maxRow]: wanted ?? own }),
      },
      facts: {
        of: 'pollers',
        queue: queue.id,
        function: emptiedBy,
        ...{ little, own },
        least: smallestMaximum,
        most: largestMaximum,
        untilRaised: isTight ? { value: left, others, account } : null,
      },
    },
  ];
}

/** `mean`: Little's L of the mean day; `little`: of the burst. */
function provisionedPollers(
  context: Context,
  queue: FedQueue,
  { mean, little }: { mean: number; little: LittleFacts },
): Draft {
  const { projection } = context;
  const each = quotaFact('provisionedPollerConcurrency').default;
  const [most, perMinute] = [
    quotaFact('provisionedMaxConcurrency').default,
    quotaFact('provisionedGrowthPerMinute').default,
  ];
  const present = queue.provisionedPollers;
  const maximum = Math.max(provisioned.least, present?.maximum ?? 0, Math.ceil(Math.min(most, little.moment) / each));
  // What comes within a minute is met by those that are there already, and by the growth of that minute.
  const ready = little.mean - mean > perMinute ? Math.ceil((little.mean - perMinute) / each) : provisioned.least;
  const minimum = Math.min(
    provisioned.largestMinimum,
    maximum,
    Math.max(provisioned.least, present?.minimum ?? 0, ready),
  );
  return {
    ...urgency(projection, pollerRows(context, queue)),
    id: idOf(context, queue, 'sqs.provisionedPollers'),
    subject: `provisioned pollers of the event source of ${queue.id}`,
    unit: 'pollers, at least and at most',
    value: `${minimum} to ${maximum}`,
    present: present && `${present.minimum} to ${present.maximum}`,
    setting: `provisionedPollers of ${queue.id}`,
    kind:
      present?.minimum === minimum && present.maximum === maximum && !isOverstated(context, queue, maximum * each)
        ? 'keep'
        : 'set',
    change: {
      settings: { queues: { [queue.id]: { provisionedPollers: { minimum, maximum }, maximumConcurrency: null } } },
      quotas: restated(context, {
        [idOf(context, queue, 'pollerMaxConcurrency')]: Math.min(most, maximum * each),
        [idOf(context, queue, 'pollerGrowthPerMinute')]: perMinute,
      }),
    },
    facts: {
      of: 'provisionedPollers',
      queue: queue.id,
      function: queue.function,
      ...{ little, minimum, maximum },
      ordinary: {
        perMinute: quotaFact('pollerGrowthPerMinute').default,
        most: quotaFact('pollerMaxConcurrency').default,
      },
      provisioned: { each, perMinute, most },
      usdPerMonth: minimum * hoursPerMonth * pollerHourUsd,
      usdPerHour: pollerHourUsd,
    },
  };
}

/** Long enough for the longest wait: of a day, and after an outage of the consumer. */
export function retention(context: Context, queue: FedQueue): Draft[] {
  const ids = ['sqsRetention', 'sqsRetention.outage'].map((id) => idOf(context, queue, id));
  const rows = ids.map((id) => demandOf(context, id));
  const present = rows[0]?.quota.limit;
  const [remedy] = quotaFact('sqsRetention').remedies;
  const most = remedy.kind === 'set' ? (remedy.most ?? 0) : 0;
  // What is longer is another design's; so is a queue that takes in more than is ever taken out.
  const longest = Math.max(0, ...rows.map((row) => row?.value ?? 0).filter((wait) => wait <= most));
  if (
    present === undefined ||
    longest <= present ||
    demandOf(context, idOf(context, queue, 'pollerMaxConcurrency'))?.exceeded
  )
    return [];
  const hour = 3_600;
  const value = Math.min(most, Math.ceil(longest / targetUtilisation / hour) * hour);
  return [
    {
      ...urgency(context.projection, ids),
      id: idOf(context, queue, 'sqs.retention'),
      subject: `the retention of ${queue.id}`,
      unit: 's',
      value,
      present,
      setting: `retentionSeconds of ${queue.id}`,
      kind: 'set',
      change: {
        settings: { queues: { [queue.id]: { retentionSeconds: value } } },
        quotas: restated(context, { [idOf(context, queue, 'sqsRetention')]: value }),
      },
      facts: { of: 'retention', longestWaitSeconds: longest, mostSeconds: most, utilisation: targetUtilisation },
    },
  ];
}

/** As many receives as it takes until a message meets an execution. */
export function maxReceives(context: Context, queue: FedQueue): Draft[] {
  const id = idOf(context, queue, 'sqsMaxReceiveCount');
  const row = demandOf(context, id);
  const [remedy] = quotaFact('sqsMaxReceiveCount').remedies;
  const most = remedy.kind === 'set' ? (remedy.most ?? 0) : 0;
  if (!row?.exceeded || row.value > most) return [];
  const value = Math.min(most, Math.ceil(row.value / targetUtilisation));
  return [
    {
      ...urgency(context.projection, [id]),
      id: idOf(context, queue, 'sqs.maxReceiveCount'),
      subject: `receives before a message of ${queue.id} is dead-lettered`,
      unit: 'receives',
      value,
      present: row.quota.limit,
      setting: `maxReceiveCount of ${queue.id}`,
      kind: 'set',
      change: {
        settings: { queues: { [queue.id]: { maxReceiveCount: value } } },
        quotas: restated(context, { [id]: value }),
      },
      facts: {
        of: 'maxReceives',
        receives: row.value,
        utilisation: targetUtilisation,
        demandSentence: row.quota.sentence,
      },
    },
  ];
}
