/** Quotas of DynamoDB. AWS documents no bursts. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, raisable, settable } from './remedies.ts';

const guide = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const table = { ...usual, service: 'dynamodb', scales: 'rate', per: 'table' } as const;
const tableLevel = {
  ...table,
  default: 40_000,
  source: 'https://docs.aws.amazon.com/general/latest/gr/ddb.html',
} as const;
/** Of a new table; later, twice the previous peak. Warm throughput raises it. */
const onDemand = {
  ...table,
  ...settable('WarmThroughput of the table', null, 'shard', 'coalesce'),
  source: `${guide}/on-demand-capacity-mode.html`,
} as const;
const partition = {
  ...table,
  ...fixed('splitKey', 'coalesce', 'spread'),
  per: 'partition',
  source: `${guide}/bp-partition-key-design.html`,
} as const;
/** A setting of the table, not an AWS figure. */
const set = { ...table, default: 0, source: `${guide}/provisioned-capacity-mode.html` } as const;
const tableRaise = 25;
const provisioned = { ...set, ...settable('ProvisionedThroughput of the table', null, 'shard', 'coalesce') } as const;
const maximum = { ...set, ...settable('OnDemandThroughput of the table', null, 'shard', 'coalesce') } as const;

export const dynamodbQuotas = {
  dynamodbTableWrite: {
    ...tableLevel,
    name: 'Table-level write throughput limit',
    ...raisable('L-AB614373', tableRaise, 'shard', 'coalesce'),
    unit: 'WRU/s',
  },
  dynamodbTableRead: {
    ...tableLevel,
    name: 'Table-level read throughput limit',
    ...raisable('L-CF0CBE56', tableRaise, 'shard', 'coalesce'),
    unit: 'RRU/s',
  },
  dynamodbOnDemandWrite: {
    ...onDemand,
    name: 'On-demand initial write throughput',
    default: 4_000,
    unit: 'WRU/s',
  },
  dynamodbOnDemandRead: {
    ...onDemand,
    name: 'On-demand initial read throughput',
    default: 12_000,
    unit: 'RRU/s',
  },
  dynamodbPartitionWrite: {
    ...partition,
    name: 'Partition write throughput',
    default: 1_000,
    unit: 'WRU/s',
  },
  dynamodbPartitionRead: {
    ...partition,
    name: 'Partition read throughput',
    default: 3_000,
    unit: 'RRU/s',
  },
  dynamodbProvisionedWrite: { ...provisioned, name: 'Provisioned write throughput', unit: 'WCU/s' },
  dynamodbProvisionedRead: { ...provisioned, name: 'Provisioned read throughput', unit: 'RCU/s' },
  dynamodbMaximumWrite: { ...maximum, name: 'Maximum on-demand write throughput', unit: 'WRU/s' },
  dynamodbMaximumRead: { ...maximum, name: 'Maximum on-demand read throughput', unit: 'RRU/s' },
  dynamodbItemBytes: {
    ...table,
    ...fixed('splitRow', 'reference'),
    name: 'Item size',
    default: 400 * 1_024,
    unit: 'bytes',
    scales: null,
    per: 'item',
    source: `${guide}/ServiceQuotas.html`,
  },
} as const satisfies Record<string, QuotaFact>;
