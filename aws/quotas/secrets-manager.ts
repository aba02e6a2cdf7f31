/** Quotas of Secrets Manager. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed } from './remedies.ts';

export const secretsManagerQuotas = {
  secretReads: {
    ...usual,
    ...fixed('shard', 'managedInstances'),
    service: 'secretsmanager',
    name: 'Rate of GetSecretValue requests',
    default: 10_000,
    unit: 'requests/s',
    per: 'account',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html',
  },
} as const satisfies Record<string, QuotaFact>;
