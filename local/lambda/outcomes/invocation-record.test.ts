import { expect, test } from 'vitest';
import type { EndedInvocation } from '../async-invocations.ts';
import { recordOf } from './invocation-record.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const succeeded: EndedInvocation = {
  ...{ functionName: 'f', requestId: 'r-1', payload: '{"order":7}', condition: 'Success', attempts: 2 },
  outcome: { kind: 'ok', payload: '{"packed":true}' },
};
const of = (own: Partial<EndedInvocation> = {}) =>
  JSON.parse(recordOf({ ...succeeded, ...own }, { functionArn, nowMs: 0 }));

test('of one that succeeded', () => {
  expect(of()).toEqual({
    version: '1.0',
    timestamp: '1970-01-01T00:00:00.000Z',
    requestContext: {
      ...{ requestId: 'r-1', functionArn: `${functionArn}:$LATEST`, condition: 'Success', approximateInvokeCount: 2 },
    },
    requestPayload: { order: 7 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { packed: true },
  });
});

test('of one that failed, with the last error', () => {
  const error = { errorType: 'Error', errorMessage: 'no', trace: ['at x'] };
  const outcome = { kind: 'functionError', cause: 'thrown', error } as const;
  expect(of({ condition: 'RetriesExhausted', attempts: 3, outcome })).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: error,
  });
});

test('of one that never ran: no payload of a response', () => {
  const outcome = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' } as const;
  const aged = of({ condition: 'EventAgeExceeded', attempts: 0, outcome });
  expect([aged.responseContext, 'responsePayload' in aged]).toEqual([{ statusCode: 429 }, false]);
  const off = of({ condition: 'ZeroReservedConcurrency', attempts: 0, outcome });
  expect('responseContext' in off || 'responsePayload' in off).toBe(false);
});

test('what is no JSON is kept as a text', () => {
  expect(of({ payload: 'a', outcome: { kind: 'ok', payload: 'plain' } })).toMatchObject({
    ...{ requestPayload: 'a', responsePayload: 'plain' },
  });
});
