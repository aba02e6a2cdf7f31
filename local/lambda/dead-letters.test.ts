import { expect, test } from 'vitest';
import type { DroppedEvent, DropReason } from './async-invocations.ts';
import { deadLetterSender } from './dead-letters.ts';

const stack = {
  accountId: '0',
  functions: [
    { functionName: 'kept', deadLetterArn: 'arn:aws:sqs:us-east-1:0:lost' },
    { functionName: 'gone', deadLetterArn: null },
  ],
  queues: [{ queueName: 'lost', arn: 'arn:aws:sqs:us-east-1:0:lost' }],
} as never;

function sentOf(...dropped: DroppedEvent[]) {
  const sent: [action: string, input: { MessageAttributes?: object }][] = [];
  const call = async (action: string, input: object) => {
    sent.push([action, input]);
    return {};
  };
  const send = deadLetterSender(stack, { sqs: { call }, sqsUrl: 'http://sqs' });
  for (const each of dropped) send(each);
  return sent;
}
const failed = (message: string) => ({ kind: 'functionError', message }) as const;

test('an event that has failed for the last time goes to the queue of its function, with the reason', () => {
  const sent = sentOf(
    { functionName: 'kept', payload: '{"a":1}', reason: failed('no') },
    { functionName: 'gone', payload: '{}', reason: failed('no') },
  );
  expect(sent).toEqual([
    [
      'SendMessage',
      {
        QueueUrl: 'http://sqs/0/lost',
        MessageBody: '{"a":1}',
        MessageAttributes: {
          RequestID: { DataType: 'String', StringValue: expect.any(String) },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: 'no' },
        },
      },
    ],
  ]);
});

test.each<[reason: DropReason, code: string, message: string | undefined]>([
  [failed('\u001b[31mred\u001b[0m \ud83d\ude00 \ud800\uffff.'), '200', '[31mred[0m \ud83d\ude00 .'],
  // What SQS refuses as a value: the attribute is left out, and the event is kept.
  [failed(''), '200', undefined],
  [failed('\u0000\u0007'), '200', undefined],
  [{ kind: 'throttled' }, '429', 'Rate Exceeded.'],
  [{ kind: 'payloadTooLarge' }, '413', 'Request Entity Too Large.'],
])('of %j the code is %s and the message %j', (reason, code, message) => {
  const [[, { MessageAttributes = {} }] = ['', {}]] = sentOf({ functionName: 'kept', payload: '{}', reason });
  expect(MessageAttributes).toMatchObject({ ErrorCode: { StringValue: code } });
  expect(MessageAttributes).toEqual(
    message === undefined
      ? expect.not.objectContaining({ ErrorMessage: expect.anything() })
      : expect.objectContaining({ ErrorMessage: { DataType: 'String', StringValue: message } }),
  );
});
