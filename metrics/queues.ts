/** How many messages the queues hold, from GetQueueAttributes. */
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import type { Observation } from '../record/observation.ts';
import type { TargetDescription } from '../record/target.ts';
import { reasonOfFailure, sqsClient } from './aws-connection.ts';

type Queues = NonNullable<Observation['server']['queues']>;

/** Null when SQS refused. Throws EndpointUnreachable when it did not answer. */
export async function readQueues(
  target: TargetDescription,
  before: QueuesBefore,
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
      deadLettered: sum(deadLetters),
      deadLetteredBefore: before.deadLettered,
      waitingBefore: before.waiting,
    };
  } catch (error) {
    reasonOfFailure(error, 'SQS', target.endpoints?.sqs, signal);
    return null;
  } finally {
    client.destroy();
  }
}

/** Messages of one queue; on AWS approximate, and up to a minute old. */
export interface QueueDepth {
  visible: number;
  notVisible: number;
  delayed: number;
}

/** Messages that the queues held before a run: an earlier load's, that must not be counted against this one. */
export interface QueuesBefore {
  deadLettered: number;
  /** In the queue itself, whether visible, in flight or delayed. */
  waiting: number;
}

/**
 * What the queues hold now, asked before a run.
 * Throws EndpointUnreachable when SQS does not answer, and an Error with its reason when it refuses.
 */
export async function readQueuesBefore(target: TargetDescription, signal: AbortSignal): Promise<QueuesBefore> {
  const { queueUrl, deadLetterQueueUrl } = target.resources;
  const waiting = sum(await readQueueDepth(target, queueUrl, signal));
  return { waiting, deadLettered: sum(await readQueueDepth(target, deadLetterQueueUrl, signal)) };
}

/** Throws EndpointUnreachable when SQS does not answer, and an Error with its reason when it refuses. */
export async function readQueueDepth(
  target: TargetDescription,
  queueUrl: string,
  signal: AbortSignal,
): Promise<QueueDepth> {
  const client = sqsClient(target);
  try {
    return await depthOf(client, queueUrl, signal);
  } catch (error) {
    const reason = reasonOfFailure(error, 'SQS', target.endpoints?.sqs, signal);
    throw new Error(`The depth of the queue ${queueUrl} could not be read: ${reason}.`, { cause: error });
  } finally {
    client.destroy();
  }
}

const sum = ({ visible, notVisible, delayed }: QueueDepth): number => visible + notVisible + delayed;

const attributes = {
  visible: 'ApproximateNumberOfMessages',
  notVisible: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const satisfies Record<string, QueueAttributeName>;

async function depthOf(client: SQSClient, queueUrl: string, signal: AbortSignal): Promise<QueueDepth> {
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
