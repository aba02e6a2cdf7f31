/** Quotas of SQS standard queues. Service Quotas has none that is adjustable. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, raisedBySupport, settable } from './remedies.ts';

const guide = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

export const sqsQuotas = {
  sqsInFlightMessages: {
    ...usual,
    service: 'sqs',
    ...raisedBySupport('smallerBatches', 'shard'),
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
    ...settable('MessageRetentionPeriod of the queue', 1_209_600, 'archive'),
    name: 'Message retention period',
    default: 345_600,
    unit: 's',
    per: 'queue',
    source: `${guide}/quotas-queues.html`,
  },
  /** A setting of the queue's redrive policy: 1 to 1,000. */
  sqsMaxReceiveCount: {
    ...usual,
    ...settable('maxReceiveCount of the redrive policy', 1_000, 'shorterDuration'),
    service: 'sqs',
    name: 'Maximum receives',
    default: 10,
    unit: 'receives',
    per: 'queue',
    source: `${guide}/sqs-dead-letter-queues.html`,
  },
  sqsMessageBytes: {
    ...usual,
    service: 'sqs',
    ...fixed('reference'),
    name: 'Message size',
    default: 1_048_576,
    unit: 'bytes',
    per: 'request',
    source: `${guide}/quotas-messages.html`,
  },
} as const satisfies Record<string, QuotaFact>;
