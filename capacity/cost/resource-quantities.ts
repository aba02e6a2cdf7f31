/** What a load uses in a month of the API that takes webhooks, of the queues, of the tables and of the secrets. */
import { longPollSeconds } from '../../aws/poller-scaling.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import {
  askRate,
  eventRate,
  invocationRate,
  type Moment,
  meanMoment,
  queueRate,
  sumOf,
  tableUnitRate,
  topicRate,
} from '../demand/rates.ts';
import { webhookApi } from '../headroom/deployed.ts';
import type { Deployment, FedQueue } from '../headroom/deployment.ts';
import { combine, known, mapKnown, unknown } from '../known.ts';
import type { CostOverheads } from './cost-overheads.ts';
import { fanOutMean } from './fan-out-mean.ts';
import { component, gb, hoursPerMonth, kib, monthly, type Quantity, units } from './quantity.ts';
import { secretCallRate } from './secret-calls.ts';
import { storedBytes } from './stored-bytes.ts';

interface Stack {
  coefficients: Coefficients;
  deployment: Deployment;
}

/** None for the URL of a function: it costs no more than the function. */
export function webhookRequests(load: Load, deployment: Deployment): Quantity[] {
  const webhook = webhookApi(deployment);
  if (webhook === null) return [];
  const isRest = webhook.kind === 'rest';
  const rate = load.webhookRatePerSecond * (isRest ? 1 : units(load.webhookBytes, 512 * kib));
  return [
    isRest
      ? component('restApi.requests', 'REST API requests', 'restApiRequest', monthly(known(rate)), 'webhooks/s')
      : component(
          'httpApi.requests',
          'HTTP API requests',
          'httpApiRequest',
          monthly(known(rate)),
          'webhooks/s × their 512 KB units',
        ),
  ];
}

/** None, where the stack serves no fallback. */
export function fallbackRequests(moment: Moment, { code }: Deployment): Quantity[] {
  if (code?.fallback === undefined) return [];
  return [
    component(
      'fallback.requests',
      'HTTP API requests of clients',
      'httpApiRequest',
      monthly(known(askRate(moment))),
      'tabs / seconds between two reads of the stage + tabs that poll / seconds between two polls + connects/s',
    ),
  ];
}

export function queueQuantities(load: Load, { coefficients, deployment }: Stack): Quantity[] {
  if (deployment.queues.length === 0) return [];
  const moment = meanMoment(load);
  const requestsOf = (queues: readonly FedQueue[]) =>
    sumOf(
      queues.map((queue) =>
        combine(
          [queueRate(moment, coefficients, queue.id), invocationRate(moment, coefficients, queue.function)],
          ([messages = 0, batches = 0]) => requestRate(queue, { messages, batches, bytes: load.webhookBytes }),
        ),
      ),
    );
  const fifo = deployment.queues.filter(({ isFifo }) => isFifo);
  const standard = deployment.queues.filter(({ isFifo }) => !isFifo);
  const basis = 'sends and receives in 64 KB units + a delete for each batch + 5 pollers / 20 s, of each queue';
  // A queue scales up from its least pollers and down to them; when and for how long there are more is not known.
  const pollers = deployment.queues.reduce(
    (sum, { provisionedPollers }) => sum + (provisionedPollers?.minimum ?? 0),
    0,
  );
  return [
    ...(standard.length > 0
      ? [component('sqs.requests', 'SQS requests', 'sqsRequest', monthly(requestsOf(standard)), basis)]
      : []),
    ...(fifo.length > 0
      ? [component('sqs.fifoRequests', 'SQS FIFO requests', 'sqsFifoRequest', monthly(requestsOf(fifo)), basis)]
      : []),
    ...(pollers > 0
      ? [
          component(
            'sqs.provisionedPollers',
            'SQS provisioned pollers',
            'sqsPollerHour',
            known(pollers * hoursPerMonth),
            'least pollers of each queue × hours of the month; those added under load are not counted',
          ),
        ]
      : []),
  ];
}

/** Deliveries to queues and functions cost nothing. */
export function topicQuantities(load: Load, { coefficients, deployment: { topics = [] } }: Stack): Quantity[] {
  if (topics.length === 0) return [];
  const moment = meanMoment(load);
  const published = sumOf(topics.map(({ id }) => topicRate(moment, coefficients, id)));
  const requests = mapKnown(published, (rate) => rate * units(load.webhookBytes, 64 * kib));
  return [
    component(
      'sns.requests',
      'SNS requests',
      'snsRequest',
      monthly(requests),
      'messages published × their 64 KB units; what filters of message bodies scan is not counted',
    ),
  ];
}

/** Deliveries to targets in the same account cost nothing, and neither do schedules. */
export function eventQuantities(load: Load, { coefficients, deployment: { eventBuses = [] } }: Stack): Quantity[] {
  if (eventBuses.length === 0) return [];
  const moment = meanMoment(load);
  const put = sumOf(eventBuses.map(({ id }) => eventRate(moment, coefficients, id)));
  return [
    component(
      'eventBridge.events',
      'EventBridge custom events',
      'eventBridgeEvent',
      monthly(mapKnown(put, (rate) => rate * units(load.webhookBytes, 64 * kib))),
      'events that a rule matches × their 64 KB units; those that none matches cost as much, and are not counted',
    ),
  ];
}

/** Sends, receives and deletes of batches, and the empty receives of its pollers, a second. */
function requestRate(
  { batchSize }: FedQueue,
  { messages, batches, bytes }: { messages: number; batches: number; bytes: number },
): number {
  const polls = quotaFact('pollerInitialConcurrency').default / longPollSeconds;
  const rate = Math.max(batches, messages / batchSize);
  // A receive is metered by its payload; deleting the batch is one request.
  const received = rate === 0 ? 0 : rate * (units((messages / rate) * bytes, 64 * kib) + 1);
  return messages * units(bytes, 64 * kib) + received + polls;
}

export function tableQuantities(load: Load, stack: Stack): Quantity[] {
  const { tables, code } = stack.deployment;
  if (tables.length === 0) return [];
  const moment = meanMoment(load);
  const provisioned = tables.find((table) => table.provisioned !== null);
  const rateOf = (id: string, kind: 'writeUnits' | 'readUnits') => tableUnitRate({ id, units: kind }, moment, stack);
  const all = (kind: 'writeUnits' | 'readUnits') =>
    provisioned === undefined
      ? sumOf(tables.map(({ id }) => rateOf(id, kind)))
      : unknown(`${provisioned.id} has provisioned capacity, whose hours are not priced here.`);
  const { broadcastReadUnits } = fanOutMean(load);
  const reads = mapKnown(all('readUnits'), (rate) => rate + (code?.channels ? broadcastReadUnits : 0));
  return [
    component(
      'dynamodb.writes',
      'DynamoDB writes',
      'dynamodbWriteUnit',
      monthly(all('writeUnits')),
      'each kind of load × its write units, of each table and index; subscriptions/s × theirs',
    ),
    component(
      'dynamodb.reads',
      'DynamoDB reads',
      'dynamodbReadUnit',
      monthly(reads),
      'each kind of load × its read units, of each table and index; publishes/s × theirs',
    ),
    ...storageQuantities(load, stack.deployment),
  ];
}

function storageQuantities(load: Load, { code }: Deployment): Quantity[] {
  if (!code?.storage) return [];
  const stored = known(storedBytes(load, code) / gb);
  return [
    component(
      'dynamodb.storage',
      'DynamoDB storage',
      'dynamodbStorageGbMonth',
      stored,
      'events/s × (their TTL + 2 days until they are deleted) × bytes of an event (and the same of those that are kept for clients) + connections × bytes of a connection, each with 100 bytes of an item',
    ),
    component(
      'dynamodb.pointInTimeRecovery',
      'DynamoDB point-in-time recovery',
      'dynamodbRecoveryGbMonth',
      stored,
      'bytes of the table',
    ),
  ];
}

export function secretQuantities(
  moment: Moment,
  { overheads: { coldStartShare }, ...stack }: Stack & { overheads: CostOverheads },
): Quantity[] {
  const { code } = stack.deployment;
  if (!code || code.secrets === 0) return [];
  return [
    component('secrets.stored', 'Secrets Manager secrets', 'secretMonth', known(code.secrets), 'secrets of the stack'),
    component(
      'secrets.calls',
      'Secrets Manager calls',
      'secretCall',
      monthly(secretCallRate(moment, { ...stack, coldStartShare })),
      'functions that verify: (cold starts/s + environments / 300 s) × 2 versions',
    ),
  ];
}
