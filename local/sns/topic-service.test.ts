import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AwsJsonError } from '../process/aws-json-client.ts';
import type { SubscriptionModel } from '../template/topics/topic.ts';
import { TopicService } from './topic-service.ts';

const arn = 'arn:aws:sns:us-east-1:000000000000:news';
const subscription: SubscriptionModel = {
  ...{ logicalId: 'Sub', arn: `${arn}:Sub`, permitted: true, isRaw: true, filter: null, deadLetterQueue: null },
  to: { kind: 'queue', arn: 'arn:aws:sqs:us-east-1:000000000000:inbox', queueName: 'inbox' },
};

let sent: Record<string, unknown>[];
let invoked: { functionName: string; event: unknown }[];
let sums: Record<string, number>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
  sent = [];
  invoked = [];
  sums = {};
});
afterEach(() => {
  vi.useRealTimers();
});

/** `answers`: errors of SQS, call by call; then it accepts. */
function serviceOf(own: Partial<SubscriptionModel>[], answers: Error[] = []) {
  const subscriptions = own.map((each) => ({ ...subscription, ...each }));
  const topic = { logicalId: 'News', topicName: 'news', arn, subscriptions };
  const service = new TopicService({
    ...{ topics: [topic], accountId: '000000000000', sqsUrl: 'http://sqs', nowMs: Date.now },
    sqs: {
      call: async (_action, input) => {
        const error = answers.shift();
        if (error !== undefined) throw error;
        sent.push({ ...input });
        return {};
      },
    },
    asynchronous: {
      accept: (functionName, payload) => invoked.push({ functionName, event: JSON.parse(payload) }) > 0,
    },
    metrics: {
      put: ({ name, value }) => {
        sums[name] = (sums[name] ?? 0) + value;
      },
    },
  });
  const publish = async (message: string, attributes = {}) => {
    service.publish(topic, { message, subject: null, attributes });
    await vi.advanceTimersByTimeAsync(60_000);
  };
  return { service, publish };
}

const colour = (StringValue: string) => ({ colour: { DataType: 'String', StringValue } });

test('raw as it is, else in the envelope of SNS; a function has an event of its own', async () => {
  const { publish } = serviceOf([{}, { isRaw: false }, { to: { kind: 'function', functionName: 'f' } }]);
  await publish('hello', colour('red'));
  expect(sent[0]).toEqual({
    ...{ QueueUrl: 'http://sqs/000000000000/inbox', MessageBody: 'hello', MessageAttributes: colour('red') },
  });
  expect(JSON.parse(String(sent[1]?.MessageBody))).toMatchObject({
    ...{ Type: 'Notification', TopicArn: arn, Message: 'hello', Timestamp: '1970-01-01T00:00:00.000Z' },
    MessageAttributes: { colour: { Type: 'String', Value: 'red' } },
  });
  expect(invoked).toMatchObject([
    { functionName: 'f', event: { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'hello', Subject: null } }] } },
  ]);
  expect(sums).toMatchObject({ NumberOfMessagesPublished: 1, NumberOfNotificationsDelivered: 3, PublishSize: 5 });
});

test('filters look at attributes or at the body, and what they keep back is counted', async () => {
  const { publish } = serviceOf([
    { filter: { scope: 'attributes', policy: { colour: ['red', { prefix: 'bl' }] } } },
    { filter: { scope: 'body', policy: { price: [{ numeric: ['>', 5] }] } } },
  ]);
  await publish('{"price":9}', colour('green'));
  await publish('{"price":2}', colour('blue'));
  await publish('no JSON');
  expect(sent.map(({ MessageBody }) => MessageBody)).toEqual(['{"price":9}', '{"price":2}']);
  expect(sums).toMatchObject({
    NumberOfNotificationsFilteredOut: 4,
    'NumberOfNotificationsFilteredOut-MessageAttributes': 1,
    'NumberOfNotificationsFilteredOut-NoMessageAttributes': 1,
    'NumberOfNotificationsFilteredOut-MessageBody': 1,
    'NumberOfNotificationsFilteredOut-InvalidMessageBody': 1,
  });
});

test('where SQS fails it is tried again; what SQS refuses, or a policy does not allow, is given up to the dead letters', async () => {
  const unavailable = new AwsJsonError(503, 'ServiceUnavailable', 'later');
  const failing = serviceOf([{}], [unavailable, unavailable, unavailable, unavailable]);
  await failing.publish('late');
  expect(sent.map(({ MessageBody }) => MessageBody)).toEqual(['late']);
  expect(sums.NumberOfNotificationsFailed).toBeUndefined();

  const refused = serviceOf([{ permitted: false, deadLetterQueue: 'lost' }]);
  await refused.publish('never');
  expect(sent.at(-1)).toMatchObject({ QueueUrl: 'http://sqs/000000000000/lost', MessageBody: 'never' });
  expect(sums).toMatchObject({ NumberOfNotificationsFailed: 1, NumberOfNotificationsRedrivenToDlq: 1 });
});
