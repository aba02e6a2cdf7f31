import { describe, expect, test } from 'vitest';
import { resolveLimits } from '../quota/resolve-limits.ts';
import { pollerConcurrency } from './poller-scaling.ts';
import { type SqsMessage, sqsEvent, succeeded } from './records.ts';

const message = (id: string): SqsMessage => ({
  MessageId: id,
  ReceiptHandle: `handle-${id}`,
  Body: 'hello',
  MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
  Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1523232000000' },
  MessageAttributes: { signature: { DataType: 'String', StringValue: 'abc' } },
});
const both = [message('1'), message('2')];
const left = (payload: unknown, reports = true) =>
  succeeded(both, { kind: 'ok', payload: JSON.stringify(payload) }, reports).map(({ MessageId }) => MessageId);

test("records have Lambda's field names", () => {
  expect(
    JSON.parse(sqsEvent([message('1')], { queueArn: 'arn:aws:sqs:us-east-1:000000000000:q', region: 'us-east-1' })),
  ).toEqual({
    Records: [
      {
        messageId: '1',
        receiptHandle: 'handle-1',
        body: 'hello',
        attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1523232000000' },
        messageAttributes: {
          signature: { stringValue: 'abc', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:q',
        awsRegion: 'us-east-1',
      },
    ],
  });
});

describe('what is deleted after a batch', () => {
  test('all, when nothing failed', () => {
    expect(left({ batchItemFailures: [] })).toEqual(['1', '2']);
    expect(left({ batchItemFailures: null })).toEqual(['1', '2']);
    expect(left({})).toEqual(['1', '2']);
    expect(left(null)).toEqual(['1', '2']);
  });

  test('the others, when one failed', () => {
    expect(left({ batchItemFailures: [{ itemIdentifier: '2' }] })).toEqual(['1']);
  });

  test.each([
    ['an unknown id', { batchItemFailures: [{ itemIdentifier: '3' }] }],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a bad key', { batchItemFailures: [{ id: '2' }] }],
    ['no list', { batchItemFailures: 'x' }],
    ['a text', 'x'],
  ])('nothing, after %s', (_what, payload) => {
    expect(left(payload)).toEqual([]);
  });

  test('all or nothing where failures are not reported', () => {
    expect(left({ batchItemFailures: [{ itemIdentifier: '2' }] }, false)).toEqual(['1', '2']);
    const error = { errorType: 'Error', errorMessage: 'x' };
    expect(succeeded(both, { kind: 'functionError', cause: 'thrown', error }, true)).toEqual([]);
  });
});

test.each([
  [0, null, 5],
  [59_999, null, 304],
  [60_000, null, 305],
  [3_600_000, null, 1_250],
  [60_000, 10, 10],
  [0, 2, 2],
])('after %d ms of backlog with a maximum of %j, %d batches may run', (backlogMs, maximum, concurrency) => {
  expect(pollerConcurrency(backlogMs, maximum, resolveLimits())).toBe(concurrency);
});
