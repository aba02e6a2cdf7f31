/** Messages that arrive in a queue which no function reads, such as the dead-letter queue. */
import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Subject } from '../subject.ts';
import { eventually } from '../waiting.ts';

interface Arrived {
  /** Its own SentTimestamp. */
  sentAtMs: number;
  receives: number;
  body: string;
}

/** Waits for the message whose body has the key, and removes it. */
export const awaitDeadLetter = (subject: Subject, key: string): Promise<Arrived> =>
  awaitMessage(subject, subject.description.resources.deadLetterQueueUrl, key);

/** The record of an asynchronous invocation whose event has the key. */
export const awaitRecord = (subject: Subject, key: string): Promise<Arrived> =>
  awaitMessage(subject, subject.queueUrl('records'), key);

function awaitMessage(subject: Subject, QueueUrl: string, key: string): Promise<Arrived> {
  return eventually(subject.onAws ? 120_000 : 25_000, async () => {
    const { Messages = [] } = await subject.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
      }),
    );
    for (const { ReceiptHandle, Body } of Messages) {
      if (Body?.includes(key)) await subject.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      // Another case waits for it.
      else
        await subject.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    }
    const found = Messages.find(({ Body }) => Body?.includes(key));
    if (found === undefined) throw new Error(`the message ${key} is not in ${QueueUrl}`);
    const { SentTimestamp, ApproximateReceiveCount } = found.Attributes ?? {};
    return { sentAtMs: Number(SentTimestamp), receives: Number(ApproximateReceiveCount), body: found.Body ?? '' };
  });
}
