/** The queue's event source, and how long and how often a message may wait. */
import { sqsProvisionedPollerHourUsd } from '../../aws/prices.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import { concurrencyOf, meanMoment } from '../demand/rates.ts';
import { rolesOf } from '../headroom/lambda-quotas.ts';
import type { QuotaRowId } from '../headroom/quota.ts';
import { accountLimit, burstConcurrency, neededReservation } from './needed-concurrency.ts';
import {
  type Context,
  type Draft,
  figure,
  restated,
  targetUtilisation,
  urgency,
  whole,
} from './recommendation-terms.ts';

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
      subject: 'how webhooks are taken in (`ingest`)',
      unit: '',
      value: 'direct',
      present: 'lambda',
      setting: 'ingest',
      kind: 'set',
      change: { settings: { ingest: 'direct' } },
      action: 'Let the API put webhooks into the queue itself (`ingest: direct`).',
      calculation: `p99 of ingest is ${figure(row.value)} s, and the API gives up after ${figure(row.quota.limit)} s. Without a function in between, its answer does not wait for one; signatures are then checked behind the queue.`,
    },
  ];
}

/** Full batches of ten while they fit an invocation's payload and the function's time. */
export function batchSize(context: Context): Draft {
  const { load, deployment, coefficients, limits } = context;
  const limitOf = (id: 'invocationPayloadBytes' | 'pollerBatchSize') =>
    limits.find((quota) => quota.id === id)?.limit ?? quotaFact(id).default;
  const payload = limitOf('invocationPayloadBytes');
  const byPayload = load.webhookBytes > 0 ? Math.max(1, Math.floor(payload / load.webhookBytes)) : batchWithoutWindow;
  const value = Math.max(1, Math.min(batchWithoutWindow, byPayload, limitOf('pollerBatchSize')));
  const batches = coefficients.invocations.deliver;
  const filled =
    batches.kind === 'value' && batches.value > 0
      ? ` Batches hold ${figure(1 / batches.value)} of ${deployment.batchSize} on average.`
      : '';
  return {
    ...urgency(context.projection, ['invocationPayloadBytes', 'pollerBatchSize', 'sqsInFlightMessages']),
    id: 'sqs.batchSize',
    subject: 'batch size of the queue’s event source',
    unit: 'messages',
    present: deployment.batchSize,
    value,
    setting: 'queue.batchSize',
    kind: deployment.batchSize === value ? 'keep' : 'set',
    change: { settings: { batchSize: value } },
    calculation: `The smaller of 10 (the maximum without a batch window, which would add a wait) and the payload of an invocation over the size of a webhook, ${figure(payload)} / ${whole(load.webhookBytes)} = ${whole(byPayload)}.${filled}`,
  };
}

const pollerRows = ['pollerMaxConcurrency', 'pollerGrowthPerMinute'] as const;

/**
 * As many batches at a time as the burst needs: by MaximumConcurrency up to 1,000, by the pollers' own limit up to 1,250, beyond it (or where
 * they would come up too slowly) by provisioned pollers.
 */
export function pollers(context: Context): Draft[] {
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
  if (need.kind === 'unknown') return [{ ...base, value: null, kind: 'unknown', calculation: need.reason }];
  const growth = demandOf(context, 'pollerGrowthPerMinute');
  const own = limits.find(({ id }) => id === 'pollerMaxConcurrency')?.default ?? 0;
  const little = `Little’s law: batches/s × duration of deliver = ${figure(need.mean)} in the burst on ${date}, L + 3√L = ${whole(need.moment)}`;
  if (deployment.provisionedPollers || need.moment > own || growth?.exceeded) {
    const steady = concurrencyOf(meanMoment(load), coefficients, 'deliver');
    const mean = steady.kind === 'value' ? steady.value : 0;
    return [provisionedPollers(context, { mean, burst: need.mean, moment: need.moment, little })];
  }
  const wanted = need.moment > largestMaximum ? null : maximumFor(need.moment);
  const account = accountLimit(context);
  const others = rolesOf(deployment)
    .filter((role) => role !== 'deliver')
    .map((role) => neededReservation(context, role))
    .reduce((sum, each) => sum + (each.kind === 'value' ? each.moment : 0), 0);
  const left = maximumFor(Math.min(need.moment, account - others));
  const beside =
    left < need.moment && left < maximumFor(need.moment)
      ? ` The other functions need ${whole(others)} of the account’s ${whole(account)}: until its concurrency is raised, set ${whole(left)}, so that part of the burst waits in the queue.`
      : '';
  return [
    {
      ...base,
      value: wanted,
      kind: deployment.maximumConcurrency === wanted ? 'keep' : 'set',
      change: {
        settings: { maximumConcurrency: wanted },
        quotas: restated(context, { pollerMaxConcurrency: wanted ?? own }),
      },
      ...(beside !== '' &&
        wanted !== null && {
          action: `Set the maximum concurrency of the queue’s event source to ${whole(wanted)} executions once the account’s concurrency is raised, and to ${whole(left)} until then.`,
        }),
      ...(wanted === null && { action: 'Leave the maximum concurrency of the queue’s event source unset.' }),
      calculation: `${little}, within AWS’s 2 to 1,000${wanted === null ? '; without one the pollers may use 1,250 executions' : ''}.${beside} Without it the pollers may use 1,250 executions, up to all that the account has.`,
    },
  ];
}

function provisionedPollers(
  context: Context,
  need: { mean: number; burst: number; moment: number; little: string },
): Draft {
  const { deployment, projection } = context;
  const each = quotaFact('provisionedPollerConcurrency').default;
  const [most, perMinute] = [
    quotaFact('provisionedMaxConcurrency').default,
    quotaFact('provisionedGrowthPerMinute').default,
  ];
  const present = deployment.provisionedPollers ?? null;
  const maximum = Math.max(provisioned.least, present?.maximum ?? 0, Math.ceil(Math.min(most, need.moment) / each));
  // What comes within a minute is met by those that are there already, and by the growth of that minute.
  const ready = need.burst - need.mean > perMinute ? Math.ceil((need.burst - perMinute) / each) : provisioned.least;
  const minimum = Math.min(
    provisioned.largestMinimum,
    maximum,
    Math.max(provisioned.least, present?.minimum ?? 0, ready),
  );
  const usd = minimum * hoursPerMonth * sqsProvisionedPollerHourUsd;
  return {
    ...urgency(projection, pollerRows),
    id: 'sqs.provisionedPollers',
    subject: 'provisioned pollers of the queue’s event source',
    unit: 'pollers, at least and at most',
    value: `${minimum} to ${maximum}`,
    present: present && `${present.minimum} to ${present.maximum}`,
    setting: 'queue.provisionedPollers',
    kind: present?.minimum === minimum && present.maximum === maximum ? 'keep' : 'set',
    change: {
      settings: { provisionedPollers: { minimum, maximum }, maximumConcurrency: null },
      quotas: restated(context, {
        pollerMaxConcurrency: Math.min(most, maximum * each),
        pollerGrowthPerMinute: perMinute,
      }),
    },
    action: `Give the queue’s event source ${whole(minimum)} to ${whole(maximum)} provisioned pollers, in place of a maximum concurrency.`,
    calculation: `${need.little}. Ordinary pollers come up by 300 executions a minute and end at 1,250; provisioned ones have ${each} each, come up by ${whole(perMinute)} a minute and end at ${whole(most)}. ${whole(minimum)} that are always there cost $${whole(usd)} a month ($${sqsProvisionedPollerHourUsd} an hour each, two secondary sources). Without them webhooks wait in the queue.`,
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
      calculation: `The longest wait is ${whole(longest)} s, / ${targetUtilisation} to leave room, in whole hours; SQS keeps a message for at most ${whole(most)} s.`,
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
      calculation: `${figure(row.value)} receives until 999 of 1,000 messages meet an execution, / ${targetUtilisation} to leave room. ${row.quota.sentence}`,
    },
  ];
}
