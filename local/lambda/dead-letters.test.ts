import { expect, test } from 'vitest';
import { deadLetterSender } from './dead-letters.ts';

const stack = {
  accountId: '0',
  functions: [
    { functionName: 'kept', deadLetterArn: 'arn:aws:sqs:us-east-1:0:lost' },
    { functionName: 'gone', deadLetterArn: null },
  ],
  queues: [{ queueName: 'lost', arn: 'arn:aws:sqs:us-east-1:0:lost' }],
} as never;

test('an event that has failed for the last time goes to the queue of its function, with the reason', () => {
  const sent: [action: string, input: object][] = [];
  const call = async (action: string, input: object) => {
    sent.push([action, input]);
    return {};
  };
  const send = deadLetterSender(stack, { sqs: { call }, sqsUrl: 'http://sqs' });
  send({ functionName: 'kept', payload: '{"a":1}', reason: 'no' });
  send({ functionName: 'gone', payload: '{}', reason: 'no' });
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
