/** Quotas of SQS queues. Service Quotas has none that is adjustable. */
import { type QuotaFact, usual } from './quota.ts';
import { fixed, raisedBySupport, settable } from './remedies.ts';

const guide = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

export const sqsQuotas = {
  sqsInFlightMessages: {
    ...usual,
    service: 'sqs',
    ...raisedBySupport('smallerBatches', 'shard'),
    name: 'In-flight messages per queue',
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
  /** SendMessage, ReceiveMessage, DeleteMessage … count for themselves; one of a batch of ten is one. Without a documented burst. */
  sqsFifoRequests: {
    ...usual,
    service: 'sqs',
    ...settable('FifoThroughputLimit of the queue, perMessageGroupId', null, 'shard', 'coalesce'),
    name: 'FIFO queue requests per API action',
    default: 300,
    unit: 'requests/s',
    scales: 'rate',
    per: 'queue',
    source: `${guide}/quotas-messages.html`,
  },
  /** Of a FIFO queue with `FifoThroughputLimit: perMessageGroupId`, over all of its message groups. */
  sqsFifoHighThroughput: {
    ...usual,
    service: 'sqs',
    ...fixed('shard', 'coalesce'),
    name: 'High throughput FIFO queue requests per API action',
    default: 2_400,
    unit: 'requests/s',
    scales: 'rate',
    per: 'queue',
    regions: [
      { regions: ['us-east-1', 'us-west-2', 'eu-west-1'], default: 70_000, burst: null },
      { regions: ['us-east-2', 'eu-central-1'], default: 19_000, burst: null },
      { regions: ['ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'], default: 9_000, burst: null },
      { regions: ['eu-west-2', 'sa-east-1'], default: 4_500, burst: null },
    ],
    source: `${guide}/quotas-messages.html`,
    confidence: 'M',
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
