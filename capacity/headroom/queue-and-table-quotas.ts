/** The demand of a load on the quotas of SQS and DynamoDB. */
import { growthFactor } from '../../aws/on-demand-growth.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { longestWait, longestWaitAfterOutage } from '../demand/day-backlog.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import type { Load } from '../demand/load.ts';
import { pollerCapacity } from '../demand/pollers.ts';
import { atBusiest, burstMoment, concurrencyOf, tableUnitRate } from '../demand/rates.ts';
import { keyReads, keyWrites } from '../demand/single-keys.ts';
import { combine, unknown } from '../known.ts';
import { type Demand, type Deployment, demandOf, oneAtATime, type Quota, referenceDeployment, row } from './quota.ts';

const writes = (load: Load, coefficients: Coefficients): Demand =>
  demandOf(atBusiest(load, (moment) => tableUnitRate(moment, coefficients, 'writeUnits')));
const reads = (load: Load, coefficients: Coefficients): Demand =>
  demandOf(atBusiest(load, (moment) => tableUnitRate(moment, coefficients, 'readUnits')));

const tableSentence =
  'Connects × (units per connect + units per disconnect + 4 writes per subscription) + webhooks × units per webhook + reads of the subscribers of a publish, at the busiest moment.';
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

/** See the row of `sqsMaxReceiveCount`. Throttled pollers compete for executions at random: the wait for one is taken as exponential. */
function receivesUntilRun(load: Load, coefficients: Coefficients, deployment: Deployment): Demand {
  const reserved = deployment.reservedConcurrency.deliver;
  if (reserved === undefined) return { kind: 'value', value: 1 };
  const { most, initial } = pollerCapacity(deployment);
  const visibility = deployment.visibilityTimeoutSeconds ?? referenceDeployment.visibilityTimeoutSeconds;
  return demandOf(
    combine(
      [concurrencyOf(burstMoment(load), coefficients, 'deliver'), coefficients.meanSeconds.deliver],
      ([needed = 0, seconds = 0]) => {
        // With more work than the reservation takes, pollers are added up to their limit.
        const pollers = needed > reserved ? most : Math.min(most, Math.max(initial, momentaryConcurrency(needed)));
        if (pollers <= reserved) return 1;
        const wait = (pollers * seconds) / Math.max(reserved, smallestReservation);
        return Math.max(1, (oneInThousand * wait) / Math.max(1, visibility));
      },
    ),
  );
}
/** Nothing is reserved: as good as never, and finite. */
const smallestReservation = 1e-6;

export const queueAndTableQuotas: readonly Quota[] = [
  row('sqsInFlightMessages', {
    grows: true,
    sentence:
      'Messages received and not yet deleted: concurrency of deliver at the busiest moment × batch size (full batches: an upper bound).',
    demand: oneAtATime((load, coefficients, { batchSize }) => {
      const concurrency = concurrencyOf(burstMoment(load), coefficients, 'deliver');
      return concurrency.kind === 'value' ? { kind: 'value', value: concurrency.value * batchSize } : concurrency;
    }),
  }),
  row('sqsRetention', {
    grows: false,
    sentence:
      'The longest that a webhook waits in the queue as the day goes, where webhooks follow the plan’s curve (`hourlyLoad` or `peakHours`; without one they come evenly) and all pollers are busy. More than they take in a day: the retention × arrivals / what they take, and the rest expires.',
    demand: (load, coefficients, deployment) => demandOf(longestWait(load, coefficients, deployment)),
  }),
  row('sqsRetention', {
    id: 'sqsRetention.outage',
    name: 'SQS message retention period, after an outage of the consumer',
    sharesLimitOf: 'sqsRetention',
    grows: false,
    sentence:
      'How long a webhook waits whose consumer fails for `consumerOutageSeconds` of the plan (without it a day, an assumption): the outage, and as much longer as the pollers need to come up to the rate of arrivals. What is older than the retention is gone.',
    demand: (load, coefficients, deployment) => demandOf(longestWaitAfterOutage(load, coefficients, deployment)),
  }),
  row('sqsMaxReceiveCount', {
    name: 'SQS maximum receives, by throttling alone',
    default: referenceDeployment.maxReceiveCount,
    grows: false,
    sentence:
      'Receives within which 999 of 1,000 messages get an execution: a poller whose invocation is throttled tries until the visibility timeout, and each receive counts. ln 1,000 × (pollers × duration of a batch / reserved concurrency) / visibility timeout, at least 1; no throttling where the event source may not run more than is reserved. Beyond it messages reach the dead-letter queue without ever having run.',
    demand: oneAtATime((load, coefficients, deployment) => receivesUntilRun(load, coefficients, deployment)),
  }),
  row('sqsMessageBytes', {
    grows: false,
    sentence: 'The webhook’s body; the stack adds a few hundred bytes of envelope.',
    demand: (load) => ({ kind: 'value', value: load.webhookBytes }),
  }),
  row('dynamodbTableWrite', {
    grows: true,
    sentence: tableSentence,
    demand: writes,
  }),
  row('dynamodbTableRead', {
    grows: true,
    sentence: tableSentence,
    demand: reads,
  }),
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
  row('dynamodbPartitionWrite', {
    grows: false,
    sentence: `Units on the busiest key: ${keysSentence}. A channel’s key is written when a subscriber comes and when it goes.`,
    demand: (load, coefficients) => onBusiestKey(load, writes(load, coefficients), keyWrites(load)),
  }),
  row('dynamodbPartitionRead', {
    grows: false,
    sentence: `Units on the busiest key: ${keysSentence}. A channel’s key is read whole by each publish.`,
    demand: (load, coefficients) => onBusiestKey(load, reads(load, coefficients), keyReads(load)),
  }),
  ...(['dynamodbProvisioned', 'dynamodbMaximum'] as const).flatMap((mode) => [
    row(`${mode}Write`, { grows: true, onlyIfStated: true, sentence: tableSentence, demand: writes }),
    row(`${mode}Read`, { grows: true, onlyIfStated: true, sentence: tableSentence, demand: reads }),
  ]),
];
