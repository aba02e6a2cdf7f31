/** How many messages the queues hold, from GetQueueAttributes. */
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import type { TargetDescription } from '../stack/target.ts';
import { reasonOfFailure, sqsClient } from './aws-connection.ts';
import type { Observation } from './observation.ts';

type Queues = NonNullable<Observation['server']['queues']>;

/** Null when SQS refused to say. Throws EndpointUnreachable when it did not answer. */
export async function readQueues(
  target: TargetDescription,
  deadLetteredBefore: number,
  signal: AbortSignal,
): Promise<Queues | null> {
  const client = sqsClient(target);
  try {
    const [queue, deadLetters] = await Promise.all([
      depthOf(client, target.resources.queueUrl, signal),
      depthOf(client, target.resources.deadLetterQueueUrl, signal),
    ]);
    return {
      ...queue,
      deadLettered: deadLetters.visible + deadLetters.notVisible + deadLetters.delayed,
      deadLetteredBefore,
    };
  } catch (error) {
    reasonOfFailure(error, 'SQS', target.endpoints?.sqs, signal);
    return null;
  } finally {
    client.destroy();
  }
}

/**
 * Messages in the dead-letter queue now: asked before a run, so that only the run's own are counted against it.
 * Throws EndpointUnreachable when SQS does not answer, and an Error with its reason when it refuses.
 */
export async function countDeadLetters(target: TargetDescription, signal: AbortSignal): Promise<number> {
  const client = sqsClient(target);
  const url = target.resources.deadLetterQueueUrl;
  try {
    const { visible, notVisible, delayed } = await depthOf(client, url, signal);
    return visible + notVisible + delayed;
  } catch (error) {
    const reason = reasonOfFailure(error, 'SQS', target.endpoints?.sqs, signal);
    throw new Error(`The dead-letter queue ${url} could not be asked for its depth: ${reason}.`, { cause: error });
  } finally {
    client.destroy();
  }
}

const attributes = {
  visible: 'ApproximateNumberOfMessages',
  notVisible: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const satisfies Record<string, QueueAttributeName>;

async function depthOf(client: SQSClient, queueUrl: string, signal: AbortSignal) {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: Object.values(attributes) }),
    { abortSignal: signal },
  );
  const count = (name: QueueAttributeName): number => {
    const value = Number(Attributes[name]);
    // Missing is not zero.
    if (!Number.isInteger(value)) throw new Error(`the answer has no ${name}`);
    return value;
  };
  return {
    visible: count(attributes.visible),
    notVisible: count(attributes.notVisible),
    delayed: count(attributes.delayed),
  };
}
