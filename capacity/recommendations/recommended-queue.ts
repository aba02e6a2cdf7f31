/** The queue's event source, and how long and how often a message may wait. */
import { sqsProvisionedPollerHourUsd } from '../../aws/prices.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import { concurrencyOf, meanMoment } from '../demand/rates.ts';
import { rolesOf } from '../headroom/lambda-quotas.ts';
import type { QuotaRowId } from '../headroom/quota.ts';
import type { LittleFacts } from './facts.ts';
import { accountLimit, burstConcurrency, hasWebhooks, neededReservation } from './needed-concurrency.ts';
import { type Context, type Draft, notKnown, restated, targetUtilisation, urgency } from './recommendation-terms.ts';

/** MaximumConcurrency of an event source: AWS accepts 2 to 1,000. */
const smallestMaximum = 2;
const largestMaximum = 1_000;
/** Without a batch window, a batch holds at most 10 messages. */
const batchWithoutWindow = 10;
/** Provisioned pollers of an event source: at least 2 to 200 (default 2), at most 2,000 by the API's reference. Lambda, read 2026-11. */
const provisioned = { least: 2, largestMinimum: 200 };
const hoursPerMonth = 730;

const maximumFor = (moment: number): number => Math.min(largestMaximum, Math.max(smallestMaximum, moment));

/** What the row of a quota asks, on the busiest day. */
function demandOf({ limits, load, coefficients, deployment }: Context, id: QuotaRowId) {
  const quota = limits.find((each) => each.id === id);
  const demand = quota?.demand(load, coefficients, deployment);
  return quota && demand?.kind === 'value'
    ? { quota, value: demand.value, exceeded: demand.value > quota.limit }
    : null;
}

/** Where the function behind the webhook API takes longer than the API waits, the API can queue the webhook by itself. */
export function directIngest(context: Context): Draft[] {
  const row = demandOf(context, 'httpIntegrationTimeout');
  if (!row?.exceeded || context.deployment.ingest === 'direct') return [];
  return [
    {
      ...urgency(context.projection, ['httpIntegrationTimeout']),
      id: 'stack.ingest',
      subject: 'how webhooks are taken in',
      unit: '',
      value: 'direct',
      present: 'lambda',
      setting: 'ingest',
      kind: 'set',
      change: { settings: { ingest: 'direct' } },
      facts: { of: 'directIngest', p99Seconds: row.value, timeoutSeconds: row.quota.limit },
    },
  ];
}

/** Full batches of ten while they fit an invocation's payload and the function's time. */
export function batchSize(context: Context): Draft[] {
  if (!hasWebhooks(context)) return [];
  const { load, deployment, coefficients, limits } = context;
  const limitOf = (id: 'invocationPayloadBytes' | 'pollerBatchSize') =>
    limits.find((quota) => quota.id === id)?.limit ?? quotaFact(id).default;
  const payload = limitOf('invocationPayloadBytes');
  const byPayload = load.webhookBytes > 0 ? Math.max(1, Math.floor(payload / load.webhookBytes)) : batchWithoutWindow;
  const value = Math.max(1, Math.min(batchWithoutWindow, byPayload, limitOf('pollerBatchSize')));
  const batches = coefficients.invocations.deliver;
  const filled =
    batches.kind === 'value' && batches.value > 0 ? { mean: 1 / batches.value, of: deployment.batchSize } : null;
  return [
    {
      ...urgency(context.projection, ['invocationPayloadBytes', 'pollerBatchSize', 'sqsInFlightMessages']),
      id: 'sqs.batchSize',
      subject: 'batch size of the queue’s event source',
      unit: 'messages',
      present: deployment.batchSize,
      value,
      setting: 'queue.batchSize',
      kind: deployment.batchSize === value ? 'keep' : 'set',
      change: { settings: { batchSize: value } },
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
const isOverstated = ({ plan }: Pick<Context, 'plan'>, executions: number): boolean =>
  (plan.quotas.pollerMaxConcurrency ?? Number.POSITIVE_INFINITY) < executions;

const pollerRows = ['pollerMaxConcurrency', 'pollerGrowthPerMinute'] as const;

/**
 * As many batches at a time as the burst needs: by MaximumConcurrency up to 1,000, by the pollers' own limit up to 1,250, beyond it (or where
 * they would come up too slowly) by provisioned pollers.
 */
export function pollers(context: Context): Draft[] {
  if (!hasWebhooks(context)) return [];
  const { deployment, coefficients, load, limits, projection, date } = context;
  const base = {
    ...urgency(projection, pollerRows),
    id: 'sqs.maximumConcurrency',
    subject: 'maximum concurrency of the queue’s event source',
    unit: 'executions',
    present: deployment.maximumConcurrency,
    setting: 'queue.maximumConcurrency',
  };
  const need = burstConcurrency(context, 'deliver');
  if (need.kind === 'unknown') return [{ ...base, ...notKnown(need.reason) }];
  const growth = demandOf(context, 'pollerGrowthPerMinute');
  const own = limits.find(({ id }) => id === 'pollerMaxConcurrency')?.default ?? 0;
  const little = { mean: need.mean, moment: need.moment, date };
  if (deployment.provisionedPollers || need.moment > own || growth?.exceeded) {
    const steady = concurrencyOf(meanMoment(load), coefficients, 'deliver');
    const mean = steady.kind === 'value' ? steady.value : 0;
    return [provisionedPollers(context, mean, little)];
  }
  const wanted = need.moment > largestMaximum ? null : maximumFor(need.moment);
  const account = accountLimit(context);
  const others = rolesOf(deployment)
    .filter((role) => role !== 'deliver')
    .map((role) => neededReservation(context, role))
    .reduce((sum, each) => sum + (each.kind === 'value' ? each.moment : 0), 0);
  const left = maximumFor(Math.min(need.moment, account - others));
  const isTight = left < need.moment && left < maximumFor(need.moment);
  return [
    {
      ...base,
      value: wanted,
      kind: deployment.maximumConcurrency === wanted && !isOverstated(context, wanted ?? own) ? 'keep' : 'set',
      change: {
        settings: { maximumConcurrency: wanted },
        quotas: restated(context, { pollerMaxConcurrency: wanted ?? own }),
      },
      facts: {
        of: 'pollers',
        ...{ little, own },
        least: smallestMaximum,
        most: largestMaximum,
        untilRaised: isTight ? { value: left, others, account } : null,
      },
    },
  ];
}

/** `mean`: Little's L of the mean day; `little`: of the burst. */
function provisionedPollers(context: Context, mean: number, little: LittleFacts): Draft {
  const { deployment, projection } = context;
  const each = quotaFact('provisionedPollerConcurrency').default;
  const [most, perMinute] = [
    quotaFact('provisionedMaxConcurrency').default,
    quotaFact('provisionedGrowthPerMinute').default,
  ];
  const present = deployment.provisionedPollers ?? null;
  const maximum = Math.max(provisioned.least, present?.maximum ?? 0, Math.ceil(Math.min(most, little.moment) / each));
  // What comes within a minute is met by those that are there already, and by the growth of that minute.
  const ready = little.mean - mean > perMinute ? Math.ceil((little.mean - perMinute) / each) : provisioned.least;
  const minimum = Math.min(
    provisioned.largestMinimum,
    maximum,
    Math.max(provisioned.least, present?.minimum ?? 0, ready),
  );
  return {
    ...urgency(projection, pollerRows),
    id: 'sqs.provisionedPollers',
    subject: 'provisioned pollers of the queue’s event source',
    unit: 'pollers, at least and at most',
    value: `${minimum} to ${maximum}`,
    present: present && `${present.minimum} to ${present.maximum}`,
    setting: 'queue.provisionedPollers',
    kind:
      present?.minimum === minimum && present.maximum === maximum && !isOverstated(context, maximum * each)
        ? 'keep'
        : 'set',
    change: {
      settings: { provisionedPollers: { minimum, maximum }, maximumConcurrency: null },
      quotas: restated(context, {
        pollerMaxConcurrency: Math.min(most, maximum * each),
        pollerGrowthPerMinute: perMinute,
      }),
    },
    facts: {
      of: 'provisionedPollers',
      ...{ little, minimum, maximum },
      ordinary: {
        perMinute: quotaFact('pollerGrowthPerMinute').default,
        most: quotaFact('pollerMaxConcurrency').default,
      },
      provisioned: { each, perMinute, most },
      usdPerMonth: minimum * hoursPerMonth * sqsProvisionedPollerHourUsd,
      usdPerHour: sqsProvisionedPollerHourUsd,
    },
  };
}

/** Long enough for the longest wait: of a day, and after an outage of the consumer. */
export function retention(context: Context): Draft[] {
  const rows = (['sqsRetention', 'sqsRetention.outage'] as const).map((id) => demandOf(context, id));
  const present = rows[0]?.quota.limit;
  const [remedy] = quotaFact('sqsRetention').remedies;
  const most = remedy.kind === 'set' ? (remedy.most ?? 0) : 0;
  // What is longer is another design's; so is a queue that takes in more than is ever taken out.
  const longest = Math.max(0, ...rows.map((row) => row?.value ?? 0).filter((wait) => wait <= most));
  if (present === undefined || longest <= present || demandOf(context, 'pollerMaxConcurrency')?.exceeded) return [];
  const hour = 3_600;
  const value = Math.min(most, Math.ceil(longest / targetUtilisation / hour) * hour);
  return [
    {
      ...urgency(context.projection, ['sqsRetention', 'sqsRetention.outage']),
      id: 'sqs.retention',
      subject: 'the queue’s retention',
      unit: 's',
      value,
      present,
      setting: 'queue.retentionSeconds',
      kind: 'set',
      change: { settings: { retentionSeconds: value }, quotas: restated(context, { sqsRetention: value }) },
      facts: { of: 'retention', longestWaitSeconds: longest, mostSeconds: most, utilisation: targetUtilisation },
    },
  ];
}

/** As many receives as it takes until a message meets an execution. */
export function maxReceives(context: Context): Draft[] {
  const row = demandOf(context, 'sqsMaxReceiveCount');
  const [remedy] = quotaFact('sqsMaxReceiveCount').remedies;
  const most = remedy.kind === 'set' ? (remedy.most ?? 0) : 0;
  if (!row?.exceeded || row.value > most) return [];
  const value = Math.min(most, Math.ceil(row.value / targetUtilisation));
  return [
    {
      ...urgency(context.projection, ['sqsMaxReceiveCount']),
      id: 'sqs.maxReceiveCount',
      subject: 'receives before a message is dead-lettered',
      unit: 'receives',
      value,
      present: row.quota.limit,
      setting: 'queue.maxReceiveCount',
      kind: 'set',
      change: { settings: { maxReceiveCount: value }, quotas: restated(context, { sqsMaxReceiveCount: value }) },
      facts: {
        of: 'maxReceives',
        receives: row.value,
        utilisation: targetUtilisation,
        demandSentence: row.quota.sentence,
      },
    },
  ];
}
