import { describe, expect, it } from 'vitest';
import { AwsError, TimeoutError } from './aws/aws-error.ts';
import { attemptLimitMs, attemptOfError } from './connections-api-pusher.ts';

const failure = (status: number, message = 'message', name = 'UnknownError') =>
  new AwsError({ name, message, status, serverTimeMs: Number.NaN });

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('attemptOfError', () => {
  it.each([
    ['410 with a name', failure(410, 'gone', 'GoneException'), 'gone'],
    ['410 with a body that is not JSON', failure(410), 'gone'],
    ['400 for an invalid id', failure(400, 'Invalid connectionId: x'), 'gone'],
    ['400 for anything else', failure(400, 'Bad request'), 'refused'],
    ['403', failure(403), 'refused'],
    ['413', failure(413), 'refused'],
    ['429', failure(429, 'Limit exceeded', 'LimitExceededException'), 'throttled'],
    ['500', failure(500), 'unavailable'],
    ['503', failure(503), 'unavailable'],
    ['no answer', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'unavailable'],
    ['no answer in time', new TimeoutError('No answer came within 2000 ms.', true), 'unanswered'],
    ['an end of the invocation’s time', named('AbortError', 'Request aborted'), 'unanswered'],
    ['no connection in time', new TimeoutError('No connection was made within 1000 ms.', false), 'unavailable'],
    ['not an error object', 'text', 'unavailable'],
  ])('%s', (_name, error, kind) => {
    expect(attemptOfError(error).kind).toBe(kind);
  });

  it('states the response', () => {
    expect(attemptOfError(failure(413, 'Too large', 'PayloadTooLargeException'))).toEqual({
      kind: 'refused',
      reason: '@connections answered 413: PayloadTooLargeException: Too large',
    });
  });
});

it('a push may take 2 s, and less in a function with a short timeout', () => {
  expect([30_000, 15_000, 2_000].map(attemptLimitMs)).toEqual([2_000, 1_875, 250]);
});
