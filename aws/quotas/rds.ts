/** Quotas and laws of RDS for PostgreSQL and RDS Proxy. */
import { type QuotaFact, usual } from './quota.ts';
import { settable } from './remedies.ts';

const guide = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide';
const database = { ...usual, service: 'rds', per: 'database' } as const;

export const rdsQuotas = {
  /** Of the instance class, and of its parameter group. The default here is that of a class with 1 GiB. */
  databaseConnections: {
    ...database,
    ...settable('instance class, or max_connections of its parameter group', 5_000, 'pooledConnections', 'shard'),
    name: 'Database connections (max_connections)',
    default: 112,
    unit: 'connections',
    scales: 'count',
    source: `${guide}/CHAP_Limits.html#RDS_Limits.MaxConnections`,
  },
} as const satisfies Record<string, QuotaFact>;
