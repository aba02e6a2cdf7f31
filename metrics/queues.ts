/** How many messages the queues hold, from GetQueueAttributes. */
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterQueues } from '../graph/causes.ts';
import type { Observation } from '../record/observation.ts';
import type { MeasuredTarget } from '../record/target.ts';
import { reasonOfFailure, sqsClient } from './aws-connection.ts';

type Queues = NonNullable<Observation['server']['queues']>;

/** Null when SQS refused. Throws EndpointUnreachable when it did not answer. */
export async function readQueues(
  target: MeasuredTarget,
  before: QueuesBefore,
  signal: AbortSignal,
): Promise<Queues | null> {
  const client = sqsClient(target);
  try {
    const { waiting, deadLettered } = await depthsOf(client, target, signal);
    return {
      ...waiting,
      deadLettered: sum(deadLettered),
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
  /** In the queues themselves, whether visible, in flight or delayed. */
  waiting: number;
}

/**
 * What the queues hold now, asked before a run.
 * Throws EndpointUnreachable when SQS does not answer, and an Error with its reason when it refuses.
 */
export async function readQueuesBefore(target: MeasuredTarget, signal: AbortSignal): Promise<QueuesBefore> {
  const { waiting, deadLettered } = await readDepths(target, signal);
  return { waiting: sum(waiting), deadLettered: sum(deadLettered) };
}

/**
 * What waits in the queues now, without dead letters.
 * Throws EndpointUnreachable when SQS does not answer, and an Error with its reason when it refuses.
 */
export const readWaiting = async (target: MeasuredTarget, signal: AbortSignal): Promise<QueueDepth> =>
  (await readDepths(target, signal)).waiting;

async function readDepths(target: MeasuredTarget, signal: AbortSignal): Promise<Depths> {
  const client = sqsClient(target);
  try {
    return await depthsOf(client, target, signal);
  } catch (error) {
    const reason = reasonOfFailure(error, 'SQS', target.endpoints?.sqs, signal);
    throw new Error(`The depth of the stack’s queues could not be read: ${reason}.`, { cause: error });
  } finally {
    client.destroy();
  }
}

interface Depths {
  waiting: QueueDepth;
  deadLettered: QueueDepth;
}

/** Of all queues together: those that work waits in, and those of dead letters. */
async function depthsOf(client: SQSClient, { graph }: MeasuredTarget, signal: AbortSignal): Promise<Depths> {
  const areDeadLetters = deadLetterQueues(graph);
  const depths = await Promise.all(
    graph.queues.map(async ({ id, url }) => ({ id, depth: await depthOf(client, url, signal) })),
  );
  const total = (isDead: boolean): QueueDepth =>
    depths
      .filter(({ id }) => areDeadLetters.has(id) === isDead)
      .reduce((all, { depth }) => added(all, depth), { visible: 0, notVisible: 0, delayed: 0 });
  return { waiting: total(false), deadLettered: total(true) };
}

const added = (a: QueueDepth, b: QueueDepth): QueueDepth => ({
  visible: a.visible + b.visible,
  notVisible: a.notVisible + b.notVisible,
  delayed: a.delayed + b.delayed,
});

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
