/** SQS messages as Lambda hands them to a function, and what the function says about them. Pure. */
import type { InvokeOutcome } from '../lambda/lambda-service.ts';

export interface SqsMessage {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Readonly<Record<string, string>>;
  MessageAttributes?: Readonly<Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>>;
}

export function sqsEvent(messages: readonly SqsMessage[], source: { queueArn: string; region: string }): string {
  return JSON.stringify({
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          {
            ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
            ...(value.BinaryValue !== undefined && { binaryValue: value.BinaryValue }),
            stringListValues: [],
            binaryListValues: [],
            dataType: value.DataType,
          },
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: source.queueArn,
      awsRegion: source.region,
    })),
  });
}

/**
 * The messages to delete after an invocation; the others come back after the visibility timeout.
 * Without partial batches: all or none. With them: all but the named ones; an answer that cannot be read is a failure of all.
 */
export function succeeded(
  messages: readonly SqsMessage[],
  outcome: InvokeOutcome,
  reportsFailures: boolean,
): readonly SqsMessage[] {
  if (outcome.kind !== 'ok') return [];
  if (!reportsFailures) return messages;
  const answer: unknown = JSON.parse(outcome.payload);
  if (answer === null) return messages;
  if (typeof answer !== 'object') return [];
  const failures: unknown = Reflect.get(answer, 'batchItemFailures');
  if (failures === undefined || failures === null) return messages;
  if (!Array.isArray(failures)) return [];
  const failed = new Set<string>();
  for (const failure of failures) {
    const id: unknown = typeof failure === 'object' && failure !== null ? failure.itemIdentifier : undefined;
    if (typeof id !== 'string' || !messages.some((message) => message.MessageId === id)) return [];
    failed.add(id);
  }
  return messages.filter((message) => !failed.has(message.MessageId));
}
