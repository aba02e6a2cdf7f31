import { describe, expect, test } from 'vitest';
import { readStackModel } from '../stack-model.ts';

const place = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };
const stackOf = (Resources: object) =>
  readStackModel({
    ...{ ...place, gatewayAddress: null },
    input: { document: { Resources }, codeFolders: { F: '/code' }, given: {}, ignore: [] },
  });

const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const topic = { News: { Type: 'AWS::SNS::Topic' } };
const queue = { Inbox: { Type: 'AWS::SQS::Queue' } };
const subscription = (Properties: object) => ({
  Sub: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'News' }, ...Properties } },
});
const toQueue = { Protocol: 'sqs', Endpoint: att('Inbox') };
const statement = (Condition?: object) => ({
  ...{
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: att('Inbox'),
  },
  ...(Condition && { Condition }),
});
const policy = (Statement: object) => ({
  Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Inbox' }], PolicyDocument: { Statement } } },
});

describe('SNS may send to a queue', () => {
  test.each([
    ['without a policy', {}, false],
    ['by a policy', policy([statement()]), true],
    [
      'by a single statement for this topic',
      policy(statement({ ArnEquals: { 'aws:SourceArn': { Ref: 'News' } } })),
      true,
    ],
    [
      'not by one for another topic',
      policy([statement({ ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:1:x' } })]),
      false,
    ],
    ['not by one that denies', policy([{ ...statement(), Effect: 'Deny' }]), false],
  ])('%s: %j', (_what, resources, permitted) => {
    const { topics, warnings } = stackOf({ ...topic, ...queue, ...subscription(toQueue), ...resources });
    expect(topics[0]?.subscriptions[0]?.permitted).toBe(permitted);
    expect(warnings.map(({ kind }) => kind)).toEqual(permitted ? [] : ['subscriptionNotPermitted']);
  });
});

test('raw delivery, filters and dead letters, of a resource and of the topic’s own list', () => {
  const rules = { RawMessageDelivery: 'true', FilterPolicy: { colour: ['red'] }, FilterPolicyScope: 'MessageBody' };
  const RedrivePolicy = { deadLetterTargetArn: att('Inbox') };
  const inline = {
    News: { Type: 'AWS::SNS::Topic', Properties: { Subscription: [toQueue, { Protocol: 'email', Endpoint: 'a@b' }] } },
  };
  const { topics } = stackOf({
    ...inline,
    ...queue,
    ...subscription({ ...toQueue, ...rules, RedrivePolicy }),
    ...policy([statement()]),
  });
  expect(topics[0]?.subscriptions).toMatchObject([
    {
      logicalId: 'Sub',
      isRaw: true,
      filter: { scope: 'body', policy: { colour: ['red'] } },
      deadLetterQueue: expect.stringContaining('Inbox'),
    },
    { logicalId: 'News.Subscription.0', isRaw: false, filter: null, deadLetterQueue: null },
  ]);
});

test.each([
  [
    { ...topic, ...subscription({ Protocol: 'https', Endpoint: 'https://example.com' }) },
    'Sub.Properties.Protocol: https is not served: sqs and lambda only',
  ],
  [
    { ...topic, ...subscription({ Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:1:other' }) },
    'Sub.Properties.Endpoint: the stack has no queue arn:aws:sqs:us-east-1:1:other',
  ],
  [
    { ...queue, ...subscription({ ...toQueue, TopicArn: 'arn:aws:sns:us-east-1:1:x' }) },
    'Sub.Properties.TopicArn: the stack has no topic arn:aws:sns:us-east-1:1:x',
  ],
  [
    { News: { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: true } } },
    'News.Properties.FifoTopic: FIFO topics are not served: standard ones only',
  ],
])('%j is refused', (resources, message) => {
  expect(() => stackOf(resources)).toThrow(message);
});
