/** The demand of a load on the quotas of SQS and DynamoDB. */
import { growthFactor } from '../../aws/on-demand-growth.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { burstMoment, concurrencyOf, tableUnitRate } from '../demand/rates.ts';
import { unknown } from '../known.ts';
import { type Demand, demandOf, type Quota, row } from './quota.ts';

const writes = (load: Load, { writeUnits }: Coefficients): Demand =>
  demandOf(tableUnitRate(burstMoment(load), writeUnits));
const reads = (load: Load, { readUnits }: Coefficients): Demand =>
  demandOf(tableUnitRate(burstMoment(load), readUnits));

/** The busiest moment's units on the rows of one user, assuming that all users are alike. */
const ofOneUser = (demand: Demand, load: Load): Demand => {
  if (demand.kind === 'unknown') return demand;
  return load.users > 0 ? { kind: 'value', value: demand.value / load.users } : unknown('The load has no users.');
};

const tableSentence =
  'Connects × (units per connect + units per disconnect) + webhooks × units per webhook, at the busiest moment.';

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
    sentence: `${tableSentence} A new table takes this much immediately, an established one twice its previous peak; warm throughput raises it.`,
    demand: writes,
  }),
  row('dynamodbOnDemandRead', {
    grows: true,
    peakFactor: growthFactor,
    sentence: `${tableSentence} A new table takes this much immediately, an established one twice its previous peak; warm throughput raises it.`,
    demand: reads,
  }),
  row('dynamodbPartitionWrite', {
    grows: false,
    sentence:
      'Units on the rows of one user, assuming that all users are alike (the plan has no skew). A user with very many webhooks would need more.',
    demand: (load, coefficients) => ofOneUser(writes(load, coefficients), load),
  }),
  row('dynamodbPartitionRead', {
    grows: false,
    sentence:
      'Units on the rows of one user, assuming that all users are alike (the plan has no skew). A user with very many webhooks would need more.',
    demand: (load, coefficients) => ofOneUser(reads(load, coefficients), load),
  }),
];
