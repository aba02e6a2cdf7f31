/** Quotas of SQS standard queues. Service Quotas has none that is adjustable. */
import { type QuotaFact, usual } from './quota.ts';

const guide = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

export const sqsQuotas = {
  sqsInFlightMessages: {
    ...usual,
    service: 'sqs',
    name: 'In-flight messages per standard queue',
    default: 120_000,
    unit: 'messages',
    scales: 'count',
    per: 'queue',
    source: `${guide}/quotas-queues.html`,
  },
  /** A setting of the queue: 1 min to 14 days. */
  sqsRetention: {
    ...usual,
    service: 'sqs',
    name: 'Message retention period',
    default: 345_600,
    unit: 's',
    per: 'queue',
    adjustable: 'setting',
    source: `${guide}/quotas-queues.html`,
  },
  sqsMessageBytes: {
    ...usual,
    service: 'sqs',
    name: 'Message size',
    default: 1_048_576,
    unit: 'bytes',
    per: 'request',
    source: `${guide}/quotas-messages.html`,
  },
} as const satisfies Record<string, QuotaFact>;
