/** A server of three queues: `q` with a dead-letter queue, which may have three messages in flight, and `short`, which keeps them for a minute. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { limitsSchema } from '../quota/limits.ts';
import { startSqsServer } from './sqs-server.ts';

export const accountId = '000000000000';
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${accountId}:${name}`;
const queue = (queueName: string, attributes = {}) => ({
  logicalId: queueName,
  queueName,
  arn: arnOf(queueName),
  attributes,
});

/** Whoever starts it stops it. */
export async function startTestQueues() {
  const sqs = await startSqsServer({
    port: 0,
    region: 'us-east-1',
    queues: [
      queue('q', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 1 }) }),
      queue('dlq'),
      queue('short', { MessageRetentionPeriod: '60' }),
    ],
    limits: limitsSchema.parse({ sqsInFlightMessages: 3 }),
  });
  const client = new SQSClient({
    endpoint: sqs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
    maxAttempts: 1,
  });
  return {
    sqs,
    client,
    queueUrl: `${sqs.url}/${accountId}/q`,
    /** Sums of the counts, and the current gauges, of one queue. */
    metrics: (queueName = 'q') =>
      Object.fromEntries(
        sqs
          .drainMetrics(Date.now())
          .filter(({ dimensions }) => Object.values(dimensions).join().split(' ').at(-1) === queueName)
          .map(({ name, values }) => [name, values.reduce((sum, value) => sum + value, 0)]),
      ),
    async stop() {
      client.destroy();
      await sqs.stop();
    },
  };
}
