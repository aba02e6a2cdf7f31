/** Dead-letter queues of functions (DeadLetterConfig): where an asynchronous event goes that has failed for the last time. Source: Lambda developer guide, "Retaining records of asynchronous invocations", read November 2026. */
import { randomUUID } from 'node:crypto';
import type { SqsClient } from '../sqs/sqs-client.ts';
import { sqsTextOf } from '../sqs/sqs-text.ts';
import type { StackModel } from '../template/model.ts';
import type { DroppedEvent, DropReason } from './async-invocations.ts';

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
    const { code, message } = errorOf(reason);
    sqs
      .call('SendMessage', {
        QueueUrl: `${sqsUrl}/${accountId}/${queue.queueName}`,
        MessageBody: payload,
        MessageAttributes: {
          RequestID: text(randomUUID()),
          ErrorCode: { DataType: 'Number', StringValue: String(code) },
          // SQS takes no empty value.
          ...(message !== '' && { ErrorMessage: text(message) }),
        },
      })
      .catch((error: unknown) => console.error(`Dead letter of ${functionName}:`, error));
  };
}

/** The HTTP status of Invoke, and the message of the error in characters that SQS takes. */
function errorOf(reason: DropReason): { code: number; message: string } {
  switch (reason.kind) {
    case 'functionError':
      return { code: 200, message: sqsTextOf(reason.message) };
    case 'throttled':
      return { code: 429, message: 'Rate Exceeded.' };
    case 'payloadTooLarge':
      return { code: 413, message: 'Request Entity Too Large.' };
  }
}
