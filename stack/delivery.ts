/** The queue between webhooks and pushes, its dead-letter queue, and the function that empties it. */
import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandlerFunction } from './functions.ts';
import { setLogicalId } from './logical-id.ts';
import type { StackSettings } from './settings/settings.ts';

/** SQS's maximum retention. A dead letter's age counts from when it was sent to the source queue. */
const deadLetterRetention = Duration.days(14);

export class Delivery extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly #settings: StackSettings['queue'];

  constructor(scope: Construct, id: string, settings: StackSettings['queue']) {
    super(scope, id);
    this.#settings = settings;
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: deadLetterRetention,
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.seconds(settings.retentionSeconds),
      visibilityTimeout: Duration.seconds(settings.visibilityTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: settings.maxReceiveCount },
    });
    setLogicalId(this.queue, 'queue');
    setLogicalId(this.deadLetterQueue, 'deadLetter');
  }

  /** Connects the queue to the function, which reports the failed messages of a batch. */
  feed(deliver: HandlerFunction): void {
    const { batchSize, batchWindowSeconds, maximumConcurrency, provisionedPollers } = this.#settings;
    deliver.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        ...(batchWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchWindowSeconds) }),
        ...(maximumConcurrency !== null && { maxConcurrency: maximumConcurrency }),
        ...(provisionedPollers !== null && {
          provisionedPollerConfig: {
            minimumPollers: provisionedPollers.minimum,
            maximumPollers: provisionedPollers.maximum,
          },
        }),
      }),
    );
  }
}
