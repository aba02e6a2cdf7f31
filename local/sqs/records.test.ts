import { describe, expect, test } from 'vitest';
import { batchLength, deliveryOf, maxEventBytes, type SqsMessage, sqsEvent, succeeded } from './records.ts';

const message = (id: string): SqsMessage => ({
  MessageId: id,
  ReceiptHandle: `handle-${id}`,
  Body: 'hello',
  MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
  Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1523232000000' },
  MessageAttributes: { signature: { DataType: 'String', StringValue: 'abc' } },
});
const source = { queueArn: 'arn:aws:sqs:us-east-1:000000000000:q', region: 'us-east-1' };
const both = [message('1'), message('2')];
const left = (payload: unknown, reports = true) =>
  succeeded(both, { kind: 'ok', payload: JSON.stringify(payload) }, reports).map(({ MessageId }) => MessageId);

test("records have Lambda's field names", () => {
  expect(JSON.parse(sqsEvent([deliveryOf(message('1'), source)]))).toEqual({
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

describe('the size of one batch', () => {
  const deliveries = (count: number, bodyBytes: number) =>
    Array.from({ length: count }, (_, index) =>
      deliveryOf({ ...message(String(index)), Body: 'x'.repeat(bodyBytes) }, source),
    );

  test('the batch size', () => {
    expect(batchLength(deliveries(25, 10), 10)).toBe(10);
    expect(batchLength(deliveries(3, 10), 10)).toBe(3);
  });

  test('6 MB: five messages of a megabyte each, plus the envelope', () => {
    const ten = deliveries(10, 1_048_576);
    expect(batchLength(ten, 10)).toBe(5);
    expect(Buffer.byteLength(sqsEvent(ten.slice(0, 5)))).toBeLessThanOrEqual(maxEventBytes);
    expect(Buffer.byteLength(sqsEvent(ten.slice(0, 6)))).toBeGreaterThan(maxEventBytes);
  });

  test('one, however large', () => {
    expect(batchLength(deliveries(2, 7_000_000), 10)).toBe(1);
  });
});

describe('what is deleted after a batch', () => {
  test('all, if nothing failed', () => {
    expect(left({ batchItemFailures: [] })).toEqual(['1', '2']);
    expect(left({ batchItemFailures: null })).toEqual(['1', '2']);
    expect(left({})).toEqual(['1', '2']);
    expect(left(null)).toEqual(['1', '2']);
  });

  test('the others, if one failed', () => {
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

  test.each([
    ['a text that is not JSON', '{"batchItemFailures"', []],
    ['an empty answer', '', ['1', '2']],
    ['a null id', '{"batchItemFailures":[{"itemIdentifier":null}]}', []],
  ])('after %s', (_what, payload, deleted) => {
    expect(succeeded(both, { kind: 'ok', payload }, true).map(({ MessageId }) => MessageId)).toEqual(deleted);
  });

  test('all or nothing if failures are not reported', () => {
    expect(left({ batchItemFailures: [{ itemIdentifier: '2' }] }, false)).toEqual(['1', '2']);
    const error = { errorType: 'Error', errorMessage: 'x' };
    expect(succeeded(both, { kind: 'functionError', cause: 'thrown', error }, true)).toEqual([]);
  });
});
