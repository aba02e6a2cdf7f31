/** Quotas of SNS. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, raisable } from './remedies.ts';

export const snsQuotas = {
  /** Of all standard topics of the account. A message of a batch counts for itself. Without a documented burst. */
  snsPublish: {
    ...usual,
    service: 'sns',
    ...raisable('L-F8E2BA85', undefined, 'coalesce', 'shard'),
    name: 'Messages published per second',
    default: 300,
    unit: 'messages/s',
    per: 'account',
    regions: [
      { regions: ['us-east-1'], default: 30_000, burst: null },
      { regions: ['us-west-2', 'eu-west-1'], default: 9_000, burst: null },
      {
        regions: [
          ...['us-east-2', 'us-west-1', 'eu-central-1'],
          ...['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
        ],
        default: 1_500,
        burst: null,
      },
    ],
    source: 'https://docs.aws.amazon.com/general/latest/gr/sns.html',
    confidence: 'M',
  },
  snsMessageBytes: {
    ...usual,
    service: 'sns',
    ...fixed('reference'),
    name: 'Message size',
    default: 262_144,
    unit: 'bytes',
    per: 'request',
    source: 'https://docs.aws.amazon.com/general/latest/gr/sns.html',
  },
} as const satisfies Record<string, QuotaFact>;
