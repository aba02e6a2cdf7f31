/** Dead-letter queues of functions (DeadLetterConfig): where an asynchronous event goes that has failed for the last time. Source: Lambda developer guide, "Retaining records of asynchronous invocations", read November 2026. */
import { randomUUID } from 'node:crypto';
import type { SqsClient } from '../sqs/sqs-client.ts';
import type { StackModel } from '../template/model.ts';
import type { DroppedEvent } from './async-invocations.ts';

/** What is sent is the event, with the reason as attributes. A failure to send it is the log's, as on AWS. */
export function deadLetterSender(
  { functions, queues, accountId }: Pick<StackModel, 'functions' | 'queues' | 'accountId'>,
  { sqs, sqsUrl }: { sqs: Pick<SqsClient, 'call'>; sqsUrl: string },
): (dropped: DroppedEvent) => void {
  return ({ functionName, payload, reason }) => {
    const arn = functions.find((model) => model.functionName === functionName)?.deadLetterArn ?? null;
    const queue = arn === null ? undefined : queues.find((one) => one.arn === arn);
    if (queue === undefined) return;
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    sqs
      .call('SendMessage', {
        QueueUrl: `${sqsUrl}/${accountId}/${queue.queueName}`,
        MessageBody: payload,
        MessageAttributes: {
          RequestID: text(randomUUID()),
          ErrorCode: { DataType: 'Number', StringValue: reason === null ? '429' : '200' },
          ErrorMessage: text(reason ?? 'Rate Exceeded.'),
        },
      })
      .catch((error: unknown) => console.error(`Dead letter of ${functionName}:`, error));
  };
}
