/** SQS messages as Lambda passes them to a function, and the function's response about them. Pure. */
import type { InvokeOutcome } from '../lambda/lambda-service.ts';

export interface SqsMessage {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Readonly<Record<string, string>>;
  MessageAttributes?: Readonly<Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>>;
}

/** Maximum size of a batch: Lambda's synchronous payload. Source: Lambda developer guide, SQS batching behaviour. */
export const maxEventBytes = 6 * 1_024 * 1_024;
const eventFrame = { before: '{"Records":[', after: ']}' };

/** A message with its record, which is serialized once. */
export interface Delivery {
  message: SqsMessage;
  record: string;
}

export function deliveryOf(message: SqsMessage, source: { queueArn: string; region: string }): Delivery {
  return {
    message,
    record: JSON.stringify({
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
    }),
  };
}

/** What filter patterns look at: the body as JSON, if it is. */
export function filteredView({ Body, Attributes, MessageAttributes }: SqsMessage): unknown {
  return { body: answerOf(Body) ?? Body, attributes: Attributes, messageAttributes: MessageAttributes };
}

export function sqsEvent(deliveries: readonly Delivery[]): string {
  return `${eventFrame.before}${deliveries.map(({ record }) => record).join()}${eventFrame.after}`;
}

/** How many of these, starting with the first, fit into one invocation: at most `batchSize`, and 6 MB. Always at least one. */
export function batchLength(deliveries: readonly Delivery[], batchSize: number): number {
  let bytes = eventFrame.before.length + eventFrame.after.length;
  const most = Math.min(batchSize, deliveries.length);
  for (let length = 0; length < most; length++) {
    bytes += Buffer.byteLength(deliveries[length]?.record ?? '') + 1;
    if (bytes > maxEventBytes && length > 0) return length;
  }
  return most;
}

/**
 * The messages to delete after an invocation; the others reappear after the visibility timeout.
 * Without partial batches: all or none. With them: all but the named ones; an invalid response fails all of them.
 */
export function succeeded(
  messages: readonly SqsMessage[],
  outcome: InvokeOutcome,
  reportsFailures: boolean,
): readonly SqsMessage[] {
  if (outcome.kind !== 'ok') return [];
  if (!reportsFailures) return messages;
  const answer = answerOf(outcome.payload);
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

/** The function's response; null if empty, undefined if it is not JSON. */
function answerOf(payload: string): unknown {
  if (payload.trim() === '') return null;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
