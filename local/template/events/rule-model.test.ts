import { describe, expect, test } from 'vitest';
import { stackGraphOf } from '../stack-graph.ts';
import { readStackModel } from '../stack-model.ts';

const place = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };
const stackOf = (Resources: object) =>
  readStackModel({
    ...{ ...place, gatewayAddress: null },
    input: { document: { Resources }, codeFolders: { F: '/code' }, given: {}, ignore: [] },
  });

const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const rule = (Properties: object) => ({ R: { Type: 'AWS::Events::Rule', Properties } });
const pattern = { EventPattern: { source: ['shop'] } };
const functionAndPermission = {
  F: { Type: 'AWS::Lambda::Function', Properties: { Code: './f', Handler: 'index.handler', Runtime: 'nodejs24.x' } },
  P: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      ...{ Action: 'lambda:InvokeFunction', FunctionName: att('F'), Principal: 'events.amazonaws.com' },
      SourceArn: att('R'),
    },
  },
};
const policyOf = (Type: string, list: object, Action: string) => ({
  Policy: {
    Type,
    Properties: {
      ...list,
      PolicyDocument: {
        Statement: [
          {
            ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action, Resource: '*' },
            Condition: { ArnEquals: { 'aws:SourceArn': att('R') } },
          },
        ],
      },
    },
  },
});
const queue = { Inbox: { Type: 'AWS::SQS::Queue' } };
const topic = { News: { Type: 'AWS::SNS::Topic' } };

describe('EventBridge may deliver', () => {
  test.each([
    ['to a function by a permission', { ...functionAndPermission }, att('F'), {}, true],
    ['to a function without one', { F: functionAndPermission.F }, att('F'), {}, false],
    [
      'to a queue by a policy',
      { ...queue, ...policyOf('AWS::SQS::QueuePolicy', { Queues: [{ Ref: 'Inbox' }] }, 'sqs:SendMessage') },
      att('Inbox'),
      {},
      true,
    ],
    [
      'to a queue by the policy of another',
      {
        ...queue,
        ...{ Other: { Type: 'AWS::SQS::Queue' } },
        ...policyOf('AWS::SQS::QueuePolicy', { Queues: [{ Ref: 'Other' }] }, 'sqs:SendMessage'),
      },
      att('Inbox'),
      {},
      false,
    ],
    ['to a queue without one', queue, att('Inbox'), {}, false],
    ['to a queue by a role', queue, att('Inbox'), { RoleArn: 'arn:aws:iam::1:role/x' }, true],
    [
      'to a topic by a policy',
      { ...topic, ...policyOf('AWS::SNS::TopicPolicy', { Topics: [{ Ref: 'News' }] }, 'sns:Publish') },
      { Ref: 'News' },
      {},
      true,
    ],
    ['to a topic without one', topic, { Ref: 'News' }, {}, false],
  ])('%s', (_what, resources, Arn, own, permitted) => {
    const { rules, warnings } = stackOf({ ...rule({ ...pattern, Targets: [{ Id: '1', Arn, ...own }] }), ...resources });
    expect(rules[0]?.targets.map((target) => target.permitted)).toEqual([permitted]);
    expect(warnings.map(({ kind }) => kind)).toEqual(permitted ? [] : ['ruleNotPermitted']);
  });
});

test('a bus of the stack, with all that a target may say', () => {
  const fifo = {
    Inbox: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    Dead: { Type: 'AWS::SQS::Queue' },
  };
  const { rules, eventBuses } = stackOf({
    ...{ Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } }, ...fifo },
    ...rule({
      ...{ EventBusName: { Ref: 'Bus' }, State: 'ENABLED', ...pattern },
      Targets: [
        {
          ...{ Id: 'queue', Arn: att('Inbox'), SqsParameters: { MessageGroupId: 'g' }, InputPath: '$.detail' },
          RetryPolicy: { MaximumRetryAttempts: 4, MaximumEventAgeInSeconds: 400 },
          DeadLetterConfig: { Arn: att('Dead') },
        },
        {
          ...{ Id: 'made', Arn: att('Inbox'), SqsParameters: { MessageGroupId: 'g' } },
          InputTransformer: { InputPathsMap: { id: '$.detail.id' }, InputTemplate: '{"id": <id>}' },
        },
      ],
    }),
  });
  expect(eventBuses).toEqual([
    { logicalId: 'Bus', name: 'shop', arn: 'arn:aws:events:us-east-1:000000000000:event-bus/shop' },
  ]);
  expect(rules).toMatchObject([
    {
      ...{ busName: 'shop', isEnabled: true, pattern: { source: ['shop'] }, schedule: null },
      arn: expect.stringContaining('rule/shop/S-R-'),
      targets: [
        {
          ...{ id: 'queue', to: { kind: 'queue', messageGroupId: 'g' }, input: { kind: 'path', path: '$.detail' } },
          ...{ maximumRetries: 4, maximumAgeMs: 400_000, deadLetters: { permitted: false } },
        },
        { id: 'made', input: { kind: 'transformer', paths: { id: '$.detail.id' }, template: '{"id": <id>}' } },
      ],
    },
  ]);
});

test('schedules, at a rate and by cron', () => {
  const scheduleOf = (ScheduleExpression: string) => stackOf(rule({ ScheduleExpression })).rules[0]?.schedule;
  expect(scheduleOf('rate(30 days)')).toMatchObject({ kind: 'rate', everyMs: 2_592_000_000 });
  expect(scheduleOf('cron(0 1 * * ? *)')).toMatchObject({ kind: 'cron', fields: { minutes: [0], hours: [1] } });
});

test.each([
  ['a bus of another stack', { ...pattern, EventBusName: 'theirs' }, 'EventBusName: the stack has no event bus theirs'],
  ['a pattern that AWS refuses', { EventPattern: { source: 'shop' } }, 'EventPattern: source has to be'],
  ['neither pattern nor schedule', {}, 'EventPattern: is missing'],
  ['a rate of nothing', { ScheduleExpression: 'rate(0 minutes)' }, 'ScheduleExpression: rate(0 minutes) is neither'],
  [
    'a target of another service',
    { ...pattern, Targets: [{ Arn: 'arn:aws:states:us-east-1:1:stateMachine:x' }] },
    'Targets.0.Arn: ',
  ],
  [
    'parameters of another service',
    { ...pattern, Targets: [{ Arn: 'arn:x', EcsParameters: {} }] },
    'Targets.0.EcsParameters: ',
  ],
  [
    'a path that is none',
    { ...pattern, Targets: [{ Arn: att('Inbox'), InputPath: '$.detail[?(@.a)]' }] },
    'Targets.0.InputPath: ',
  ],
  [
    'two inputs',
    { ...pattern, Targets: [{ Arn: att('Inbox'), Input: '1', InputPath: '$' }] },
    'Targets.0: has several',
  ],
])('%s is refused', (_what, properties, problem) => {
  expect(() => stackOf({ ...rule(properties), ...queue })).toThrow(problem);
});

test('in the graph a bus leads to its rules, and these to their targets', () => {
  const stack = stackOf({
    ...functionAndPermission,
    ...rule({ ...pattern, Targets: [{ Id: '1', Arn: att('F') }] }),
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  });
  const { eventBuses, rules } = stackGraphOf(stack, 'http://sqs');
  expect(eventBuses).toEqual([
    { id: 'Bus', name: 'shop' },
    { id: 'default', name: 'default' },
  ]);
  expect(rules).toMatchObject([
    {
      ...{ id: 'R', bus: 'default', matchesEvents: true, schedule: null },
      targets: [{ id: '1', to: { kind: 'function', id: 'F' }, deadLetters: null }],
    },
  ]);
});
