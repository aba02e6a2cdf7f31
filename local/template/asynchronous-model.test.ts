import { describe, expect, test } from 'vitest';
import { stackGraphOf } from './stack-graph.ts';
import { readStackModel } from './stack-model.ts';

const place = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };
const lambda = (more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { FunctionName: 'f', Handler: 'index.handler', Runtime: 'nodejs24.x', Code: {}, ...more },
});
const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const config = (more: object) => ({
  Type: 'AWS::Lambda::EventInvokeConfig',
  Properties: { FunctionName: { Ref: 'F' }, Qualifier: '$LATEST', ...more },
});
const resources = {
  ...{ F: lambda(), Next: lambda({ FunctionName: 'next' }), Failed: { Type: 'AWS::SQS::Queue', Properties: {} } },
  News: { Type: 'AWS::SNS::Topic', Properties: {} },
};
const stackOf = (Resources: object) =>
  readStackModel({
    ...{ ...place, gatewayAddress: null },
    input: { document: { Resources }, codeFolders: { F: '/code', Next: '/code' }, given: {}, ignore: [] },
  });
const to = (OnFailure: unknown, OnSuccess?: unknown) => ({
  DestinationConfig: {
    OnFailure: { Destination: OnFailure },
    ...(OnSuccess !== undefined && { OnSuccess: { Destination: OnSuccess } }),
  },
});

test('retries, age and destinations; its graph has the arrows', () => {
  const stack = stackOf({
    ...resources,
    F: lambda({ DeadLetterConfig: { TargetArn: { Ref: 'News' } } }),
    Config: config({ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: '120', ...to(att('Failed'), att('Next')) }),
  });
  const newsArn = 'arn:aws:sns:us-east-1:000000000000:S-News';
  expect(stack.functions[0]?.asynchronous).toMatchObject({
    invokeConfig: {
      ...{ maximumRetries: 1, maximumAgeMs: 120_000 },
      onSuccess: { kind: 'function', functionName: 'next' },
      onFailure: { kind: 'queue', queueName: expect.stringContaining('Failed') },
    },
    deadLetters: { kind: 'topic', arn: expect.stringContaining(newsArn) },
  });
  expect(stack.functions[1]).not.toHaveProperty('asynchronous');
  const { functions, topics } = stackGraphOf(stack, 'http://sqs');
  expect(functions[0]?.asynchronous).toEqual({
    ...{ maximumRetries: 1, maximumAgeSeconds: 120 },
    onSuccess: { kind: 'function', id: 'Next' },
    onFailure: { kind: 'queue', id: 'Failed' },
    deadLetters: { kind: 'topic', id: 'News' },
  });
  // Nothing else leads to the topic.
  expect(topics?.map(({ id }) => id)).toEqual(['News']);
});

describe('refused', () => {
  const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
  test.each<[object, string]>([
    [
      { Config: config(to(bus)) },
      `Config.Properties.DestinationConfig: ${bus} is not supported: queues, topics and functions of the stack only`,
    ],
    [{ Config: config(to('arn:aws:s3:::records')) }, 'arn:aws:s3:::records is not supported'],
    [{ Config: config(to('arn:aws:sqs:us-east-1:1:x')) }, 'the stack has no queue arn:aws:sqs:us-east-1:1:x'],
    [{ Config: config({ MaximumRetryAttempts: 3 }) }, 'Config.Properties.MaximumRetryAttempts: is 3: AWS takes 0 to 2'],
    [{ Config: config({ MaximumEventAgeInSeconds: 59 }) }, 'MaximumEventAgeInSeconds: is 59: AWS takes 60 to 21600'],
    [{ Config: config({ FunctionName: 'other' }) }, 'Config.Properties.FunctionName: the stack has no function other'],
    [{ A: config({}), B: config({ Qualifier: 'live' }) }, 'B.Properties.FunctionName: f has another configuration'],
    [
      {
        Failed: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'x.fifo', FifoQueue: true } },
        Config: config(to(att('Failed'))),
      },
      'is a FIFO queue: asynchronous invocations go to standard queues only',
    ],
    [{ F: lambda({ DeadLetterConfig: { TargetArn: att('Next') } }) }, 'F.Properties.DeadLetterConfig: '],
    [{ F: lambda({ DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:1:x' } }) }, 'the stack has no queue'],
  ])('%j', (own, message) => {
    expect(() => stackOf({ ...resources, ...own })).toThrow(message);
  });
});
