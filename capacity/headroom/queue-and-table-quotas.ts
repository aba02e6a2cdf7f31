/** The demand of a load on the quotas of SQS and DynamoDB. */
import { growthFactor } from '../../aws/on-demand-growth.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { longestWait, longestWaitAfterOutage } from '../demand/day-backlog.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import type { Load } from '../demand/load.ts';
import { pollerCapacity } from '../demand/pollers.ts';
import {
  atBusiest,
  burstMoment,
  concurrencyOf,
  invocationRate,
  queueRate,
  sumOf,
  tableUnitRate,
  topicRate,
} from '../demand/rates.ts';
import { keyReads, keyWrites } from '../demand/single-keys.ts';
import { combine, mapKnown, unknown } from '../known.ts';
import type { DeployedTable, Deployment, FedQueue, StackCode } from './deployment.ts';
import { type Demand, demandOf, oneAtATime, type Quota, row, rowsFor } from './quota.ts';

/** Units of one table at the busiest moment. */
const unitsOf =
  (id: string, units: 'writeUnits' | 'readUnits') =>
  (load: Load, coefficients: Coefficients, deployment: Deployment): Demand =>
    demandOf(atBusiest(load, (moment) => tableUnitRate({ id, units }, moment, { coefficients, deployment })));

const tableSentence =
  'Each kind of load × the units that one of it costs, at the busiest moment; where subscriptions are stored, 4 writes for each, and the reads of the subscribers of a publish.';
const followsSentence =
  'An established table takes twice its previous peak within 30 min, so it follows a load that grows; a new one (`newTable` in the plan) starts with this much. Warm throughput raises it.';
const keysSentence =
  'a user’s as if all users were alike, or that of the largest user, channel or tenant where the plan has one, or of a broadcast';

/** Units of the whole table spread over its users, or those of the largest single key. */
function onBusiestKey(load: Load, whole: Demand, key: number): Demand {
  if (whole.kind === 'unknown') return whole;
  if (load.users <= 0) return unknown('The load has no users.');
  const ofUsers = load.fanOut ? 0 : whole.value / load.users;
  return { kind: 'value', value: Math.max(ofUsers, key) };
}

/** Of 1,000 messages that wait with exponential times, one waits longer than ln 1,000 of their mean. */
const oneInThousand = Math.log(1_000);

/** With the settings that are in force when it is asked. */
const ofQueue =
  (
    id: string,
    demand: (queue: FedQueue, load: Load, stack: { coefficients: Coefficients; deployment: Deployment }) => Demand,
  ): Quota['demand'] =>
  (load, coefficients, deployment) => {
    const queue = deployment.queues.find((each) => each.id === id);
    return queue ? demand(queue, load, { coefficients, deployment }) : unknown(`No function empties ${id}.`);
  };

/** See the row of `sqsMaxReceiveCount`. Throttled pollers compete for executions at random: the wait for one is taken as exponential. */
function receivesUntilRun(
  queue: FedQueue,
  load: Load,
  stack: { coefficients: Coefficients; deployment: Deployment },
): Demand {
  const emptiedBy = stack.deployment.functions.find(({ id }) => id === queue.function);
  const reserved = emptiedBy?.reservedConcurrency ?? null;
  if (reserved === null) return { kind: 'value', value: 1 };
  const { most, initial } = pollerCapacity(queue);
  const visibility = queue.visibilityTimeoutSeconds;
  const burst = burstMoment(load);
  const busy = concurrencyOf(queue.function, burst, stack);
  return demandOf(
    combine([busy, invocationRate(burst, stack.coefficients, queue.function)], ([needed = 0, batches = 0]) => {
      const seconds = batches > 0 ? needed / batches : 0;
      // With more work than the reservation takes, pollers are added up to their limit.
      const pollers = needed > reserved ? most : Math.min(most, Math.max(initial, momentaryConcurrency(needed)));
      if (pollers <= reserved) return 1;
      const wait = (pollers * seconds) / Math.max(reserved, smallestReservation);
      return Math.max(1, (oneInThousand * wait) / Math.max(1, visibility));
    }),
  );
}
/** Nothing is reserved: as good as never, and finite. */
const smallestReservation = 1e-6;

/** Of each queue that a function empties, of all topics together, and of each table and index. */
export const queueAndTableQuotas = ({ queues, tables, topics = [], code }: Deployment): Quota[] => [
  ...rowsFor(queues, queueRows),
  ...(topics.length > 0 ? topicRows : []),
  ...rowsFor(tables, (table) => tableRows(table, code)),
];

const topicRows: readonly Quota[] = [
  row('snsPublish', {
    grows: true,
    sentence:
      'Messages published to all topics of the stack, at the busiest moment; one of a batch counts for itself. What is delivered to queues and functions does not count.',
    demand: (load, coefficients, { topics = [] }) =>
      demandOf(atBusiest(load, (moment) => sumOf(topics.map(({ id }) => topicRate(moment, coefficients, id))))),
  }),
  row('snsMessageBytes', {
    grows: false,
    sentence: 'The webhook’s body, as it is published.',
    demand: (load) => ({ kind: 'value', value: load.webhookBytes }),
  }),
];

const queueRows = ({ id, function: emptiedBy, maxReceiveCount, isFifo }: FedQueue): readonly Quota[] => [
  row('sqsInFlightMessages', {
    grows: true,
    sentence: `Messages received and not yet deleted: concurrency of ${emptiedBy} at the busiest moment × batch size (full batches: an upper bound).`,
    demand: oneAtATime(
      ofQueue(id, ({ batchSize }, load, stack) =>
        mapKnown(concurrencyOf(emptiedBy, burstMoment(load), stack), (executions) => executions * batchSize),
      ),
    ),
  }),
  ...(isFifo
    ? [
        row('sqsFifoRequests', {
          grows: true,
          sentence:
            'Messages sent to the queue at the busiest moment, one SendMessage each; sent in batches of ten, ten times as many fit. The limit is that of high throughput where the queue has it, over all message groups; messages of one group have less.',
          demand: (load, coefficients) => demandOf(atBusiest(load, (moment) => queueRate(moment, coefficients, id))),
        }),
      ]
    : []),
  row('sqsRetention', {
    grows: false,
    sentence:
      'The longest that a message waits in the queue as the day goes, where webhooks follow the plan’s curve (`hourlyLoad` or `peakHours`; without one they come evenly) and all pollers are busy. More than they take in a day: the retention × arrivals / what they take, and the rest expires.',
    demand: ofQueue(id, (queue, load, stack) => demandOf(longestWait(load, queue, stack))),
  }),
  row('sqsRetention', {
    id: 'sqsRetention.outage',
    name: 'SQS message retention period, after an outage of the consumer',
    sharesLimitOf: 'sqsRetention',
    grows: false,
    sentence:
      'How long a message waits whose consumer fails for `consumerOutageSeconds` of the plan (without it a day, an assumption): the outage, and as much longer as the pollers need to come up to the rate of arrivals. What is older than the retention is gone.',
    demand: ofQueue(id, (queue, load, stack) => demandOf(longestWaitAfterOutage(load, queue, stack))),
  }),
  // Without dead letters a message is received until it expires.
  ...(maxReceiveCount === null
    ? []
    : [
        row('sqsMaxReceiveCount', {
          name: 'SQS maximum receives, by throttling alone',
          default: maxReceiveCount,
          grows: false,
          sentence:
            'Receives within which 999 of 1,000 messages get an execution: a poller whose invocation is throttled tries until the visibility timeout, and each receive counts. ln 1,000 × (pollers × duration of a batch / reserved concurrency) / visibility timeout, at least 1; no throttling where the event source may not run more than is reserved. Beyond it messages reach the dead-letter queue without ever having run.',
          demand: oneAtATime(ofQueue(id, receivesUntilRun)),
        }),
      ]),
  row('sqsMessageBytes', {
    grows: false,
    sentence: 'The webhook’s body; the stack adds a few hundred bytes of envelope.',
    demand: (load) => ({ kind: 'value', value: load.webhookBytes }),
  }),
];

const unknownKeys =
  'Which keys the stack reads and writes is not known: a profile counts the units of a table, not of a key.';

function tableRows({ id, provisioned }: DeployedTable, code: StackCode | undefined): Quota[] {
  const [writes, reads] = [unitsOf(id, 'writeUnits'), unitsOf(id, 'readUnits')];
  // Those of an example that is known: user, channel and tenant are keys there.
  const hasKnownKeys = code?.storage?.table === id;
  const onDemand =
    provisioned === null
      ? [
          row('dynamodbOnDemandWrite', {
            grows: true,
            peakFactor: growthFactor,
            sentence: `${tableSentence} ${followsSentence}`,
            demand: writes,
          }),
          row('dynamodbOnDemandRead', {
            grows: true,
            peakFactor: growthFactor,
            sentence: `${tableSentence} ${followsSentence}`,
            demand: reads,
          }),
        ]
      : [];
  const ofMode = (mode: 'dynamodbProvisioned' | 'dynamodbMaximum') => {
    const settings = mode === 'dynamodbProvisioned' ? provisioned : null;
    return [
      row(`${mode}Write`, {
        grows: true,
        ...(settings ? { default: settings.writeUnits } : { onlyIfStated: true as const }),
        sentence: tableSentence,
        demand: writes,
      }),
      row(`${mode}Read`, {
        grows: true,
        ...(settings ? { default: settings.readUnits } : { onlyIfStated: true as const }),
        sentence: tableSentence,
        demand: reads,
      }),
    ];
  };
  return [
    row('dynamodbTableWrite', { grows: true, sentence: tableSentence, demand: writes }),
    row('dynamodbTableRead', { grows: true, sentence: tableSentence, demand: reads }),
    ...onDemand,
    row('dynamodbPartitionWrite', {
      grows: false,
      sentence: `Units on the busiest key: ${keysSentence}. A channel’s key is written when a subscriber comes and when it goes.`,
      demand: (load, ...stack) =>
        hasKnownKeys ? onBusiestKey(load, writes(load, ...stack), keyWrites(load)) : unknown(unknownKeys),
    }),
    row('dynamodbPartitionRead', {
      grows: false,
      sentence: `Units on the busiest key: ${keysSentence}. A channel’s key is read whole by each publish.`,
      demand: (load, ...stack) =>
        hasKnownKeys ? onBusiestKey(load, reads(load, ...stack), keyReads(load)) : unknown(unknownKeys),
    }),
    ...ofMode('dynamodbProvisioned'),
    ...ofMode('dynamodbMaximum'),
  ];
}
