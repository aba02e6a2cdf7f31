import { expect, test } from 'vitest';
import type { InvokeOutcome } from '../lambda-service.ts';
import { deadLetterOf } from './dead-letter.ts';

const failed = (errorMessage: string): InvokeOutcome => ({
  ...{ kind: 'functionError', cause: 'thrown' },
  error: { errorType: 'Error', errorMessage },
});
const letterOf = (outcome: InvokeOutcome) =>
  deadLetterOf({
    ...{ functionName: 'f', requestId: 'r-1', payload: '{"a":1}', condition: 'RetriesExhausted', attempts: 3, outcome },
  });

test('a dead letter is the event itself, with the reason as attributes', () => {
  expect(letterOf(failed('no'))).toEqual({
    body: '{"a":1}',
    attributes: {
      RequestID: { DataType: 'String', StringValue: 'r-1' },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'no' },
    },
  });
});

test.each<[outcome: InvokeOutcome, code: string, message: string | undefined]>([
  [failed('\u001b[31mred\u001b[0m \ud83d\ude00 \ud800\uffff.'), '200', '[31mred[0m \ud83d\ude00 .'],
  // What SQS refuses as a value: the attribute is left out, and the event is kept.
  [failed(''), '200', undefined],
  [failed('\u0000\u0007'), '200', undefined],
  // A kilobyte of it, in whole characters: 341 of three bytes are 1,023.
  [failed('\u20ac'.repeat(400)), '200', '\u20ac'.repeat(341)],
  [failed('x'.repeat(1_025)), '200', 'x'.repeat(1_024)],
  [{ kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' }, '429', 'Rate Exceeded.'],
  [{ kind: 'payloadTooLarge' }, '413', 'Request Entity Too Large.'],
])('of %j the code is %s and the message %j', (outcome, code, message) => {
  const { attributes } = letterOf(outcome);
  expect(attributes.ErrorCode?.StringValue).toBe(code);
  expect(attributes.ErrorMessage?.StringValue).toBe(message);
  expect('ErrorMessage' in attributes).toBe(message !== undefined);
});
