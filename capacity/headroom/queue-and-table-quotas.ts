/** Quotas of SQS and DynamoDB that the reference stack meets. */
import { growthFactor } from '../../aws/on-demand-growth.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { burstMoment, concurrencyOf, tableUnitRate } from '../demand/rates.ts';
import { unknown } from '../known.ts';
import { type Demand, demandOf, type Quota } from './quota.ts';

const sqsQuotas = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html';
const sqsMessages = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html';
const tableQuotas = 'https://docs.aws.amazon.com/general/latest/gr/ddb.html';
const onDemand = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html';
const partitions = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';
const read = { readOn: '2026-11', confidence: 'H', regionExceptions: [], burst: null, burstCode: null } as const;

const writes = (load: Load, { writeUnits }: Coefficients): Demand =>
  demandOf(tableUnitRate(burstMoment(load), writeUnits));
const reads = (load: Load, { readUnits }: Coefficients): Demand =>
  demandOf(tableUnitRate(burstMoment(load), readUnits));

/** The busiest moment's units on the rows of one user, users being alike. */
const ofOneUser = (demand: Demand, load: Load): Demand => {
  if (demand.kind === 'unknown') return demand;
  return load.users > 0 ? { kind: 'value', value: demand.value / load.users } : unknown('The load has no users.');
};

const tableSentence =
  'Connects × (units of a connect + of its disconnect) + webhooks × units of a webhook, in the busiest moment.';

export const queueAndTableQuotas: readonly Quota[] = [
  {
    ...read,
    id: 'sqs.inFlight',
    name: 'SQS messages in flight',
    code: null,
    default: 120_000,
    unit: 'messages',
    adjustable: 'no',
    source: sqsQuotas,
    grows: true,
    sentence:
      'Messages received and not yet deleted: concurrency of deliver in the busiest moment × batch size (full batches: an upper bound).',
    demand: (load, coefficients, { batchSize }) => {
      const concurrency = concurrencyOf(burstMoment(load), coefficients, 'deliver');
      return concurrency.kind === 'value' ? { kind: 'value', value: concurrency.value * batchSize } : concurrency;
    },
  },
  {
    ...read,
    id: 'sqs.messageBytes',
    name: 'SQS message size',
    code: null,
    default: 1_048_576,
    unit: 'bytes',
    adjustable: 'no',
    source: sqsMessages,
    grows: false,
    sentence: 'The webhook’s body; the stack adds a few hundred bytes of envelope.',
    demand: (load) => ({ kind: 'value', value: load.webhookBytes }),
  },
  {
    ...read,
    id: 'dynamodb.tableWrites',
    name: 'DynamoDB write units of one table',
    code: 'L-AB614373',
    default: 40_000,
    unit: 'WRU/s',
    adjustable: 'yes',
    source: tableQuotas,
    grows: true,
    sentence: tableSentence,
    demand: writes,
  },
  {
    ...read,
    id: 'dynamodb.tableReads',
    name: 'DynamoDB read units of one table',
    code: 'L-CF0CBE56',
    default: 40_000,
    unit: 'RRU/s',
    adjustable: 'yes',
    source: tableQuotas,
    grows: true,
    sentence: tableSentence,
    demand: reads,
  },
  {
    ...read,
    id: 'dynamodb.newTableWrites',
    name: 'DynamoDB writes of an on-demand table at once',
    code: null,
    default: 4_000,
    unit: 'WRU/s',
    adjustable: 'setting',
    source: onDemand,
    grows: true,
    peakFactor: growthFactor,
    sentence: `${tableSentence} A new table takes this much at once, one that has been busier twice its peak so far; warm throughput raises it.`,
    demand: writes,
  },
  {
    ...read,
    id: 'dynamodb.newTableReads',
    name: 'DynamoDB reads of an on-demand table at once',
    code: null,
    default: 12_000,
    unit: 'RRU/s',
    adjustable: 'setting',
    source: onDemand,
    grows: true,
    peakFactor: growthFactor,
    sentence: `${tableSentence} A new table takes this much at once, one that has been busier twice its peak so far; warm throughput raises it.`,
    demand: reads,
  },
  {
    ...read,
    id: 'dynamodb.partitionWrites',
    name: 'DynamoDB writes of one partition',
    code: null,
    default: 1_000,
    unit: 'WRU/s',
    adjustable: 'no',
    source: partitions,
    grows: false,
    sentence:
      'The rows of one user, users being alike: the plan has no skew. One user with very many webhooks would need more.',
    demand: (load, coefficients) => ofOneUser(writes(load, coefficients), load),
  },
  {
    ...read,
    id: 'dynamodb.partitionReads',
    name: 'DynamoDB reads of one partition',
    code: null,
    default: 3_000,
    unit: 'RRU/s',
    adjustable: 'no',
    source: partitions,
    grows: false,
    sentence:
      'The rows of one user, users being alike: the plan has no skew. One user with very many webhooks would need more.',
    demand: (load, coefficients) => ofOneUser(reads(load, coefficients), load),
  },
];
