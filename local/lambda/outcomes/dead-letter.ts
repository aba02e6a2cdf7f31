/** What a dead-letter queue or topic gets of an asynchronous event that has failed for the last time: the event, with the reason as attributes. Source: Lambda developer guide, "Adding a dead-letter queue", read November 2026. Pure. */
import type { MessageAttribute } from '../../sns/message.ts';
import { sqsTextOf } from '../../sqs/sqs-text.ts';
import type { EndedInvocation } from '../async-invocations.ts';
import type { InvokeOutcome } from '../lambda-service.ts';

export interface DeadLetter {
  body: string;
  attributes: Readonly<Record<string, MessageAttribute>>;
}

/** Of the error's message, the first kilobyte is kept. */
const mostErrorBytes = 1_024;

export function deadLetterOf({ payload, requestId, outcome }: EndedInvocation): DeadLetter {
  const text = (StringValue: string): MessageAttribute => ({ DataType: 'String', StringValue });
  const { code, message } = errorOf(outcome);
  return {
    body: payload,
    attributes: {
      RequestID: text(requestId),
      ErrorCode: { DataType: 'Number', StringValue: String(code) },
      // SQS takes no empty value.
      ...(message !== '' && { ErrorMessage: text(message) }),
    },
  };
}

/** The HTTP status of Invoke, and the message of the error in characters that SQS takes. */
function errorOf(outcome: InvokeOutcome): { code: number; message: string } {
  switch (outcome.kind) {
    case 'ok':
      return { code: 200, message: '' };
    case 'functionError':
      return { code: 200, message: firstBytes(sqsTextOf(outcome.error.errorMessage), mostErrorBytes) };
    case 'throttled':
      return { code: 429, message: 'Rate Exceeded.' };
    case 'payloadTooLarge':
      return { code: 413, message: 'Request Entity Too Large.' };
  }
}

/** Whole characters of it. */
function firstBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  // A byte in the middle of a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
