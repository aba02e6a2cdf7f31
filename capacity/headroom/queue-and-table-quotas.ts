/** The demand of a load on the quotas of SQS and DynamoDB. */
import { growthFactor } from '../../aws/on-demand-growth.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { longestWait } from '../demand/day-backlog.ts';
import type { Load } from '../demand/load.ts';
import { atBusiest, burstMoment, concurrencyOf, tableUnitRate } from '../demand/rates.ts';
import { keyReads, keyWrites } from '../demand/single-keys.ts';
import { unknown } from '../known.ts';
import { type Demand, demandOf, type Quota, row } from './quota.ts';

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

export const queueAndTableQuotas: readonly Quota[] = [
  row('sqsInFlightMessages', {
    grows: true,
    sentence:
      'Messages received and not yet deleted: concurrency of deliver at the busiest moment × batch size (full batches: an upper bound).',
    demand: (load, coefficients, { batchSize }) => {
      const concurrency = concurrencyOf(burstMoment(load), coefficients, 'deliver');
      return concurrency.kind === 'value' ? { kind: 'value', value: concurrency.value * batchSize } : concurrency;
    },
  }),
  row('sqsRetention', {
    grows: false,
    sentence:
      'The longest that a webhook waits in the queue as the day goes, where webhooks follow the plan’s curve (`hourlyLoad` or `peakHours`; without one they come evenly) and all pollers are busy. More than they take in a day: the retention × arrivals / what they take, and the rest expires.',
    demand: (load, coefficients, deployment) => demandOf(longestWait(load, coefficients, deployment)),
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
];
