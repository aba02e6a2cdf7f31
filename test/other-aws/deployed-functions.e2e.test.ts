/** What is provisioned for deployed functions, and what becomes of their asynchronous invocations, as somebody else's implementation of AWS deploys and describes it. */
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDeployedStack } from '../../run/target/deployed/deployed-stack.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { deploy, region } from './deploy.fixture.ts';
import { type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();

const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const functionWith = (more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    ...{ Runtime: 'python3.12', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/any' },
    Code: { ZipFile: 'def handler(event, context): pass' },
    ...more,
  },
});
const template = {
  Resources: {
    Lost: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'lost' } },
    ...{ News: { Type: 'AWS::SNS::Topic' }, Bill: functionWith(), Order: functionWith({ FunctionName: 'order' }) },
    BillVersion: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Bill' } } },
    BillLive: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        ...{
          FunctionName: { Ref: 'Bill' },
          FunctionVersion: { 'Fn::GetAtt': ['BillVersion', 'Version'] },
          Name: 'live',
        },
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
      },
    },
    OfOrder: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        ...{ FunctionName: { Ref: 'Order' }, Qualifier: '$LATEST' },
        ...{ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 },
        DestinationConfig: { OnSuccess: { Destination: att('Bill') }, OnFailure: { Destination: { Ref: 'News' } } },
      },
    },
  },
};

describe.skipIf(why !== null)(why ?? 'on ministack', () => {
  let server: PythonServer;
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    server = await startPythonServer({
      requirement: 'ministack==1.5.33',
      program: 'ministack.app',
      args: () => [],
      environment: (port) => ({ GATEWAY_PORT: String(port) }),
    });
    await deploy(server.url, 'orders', template);
    // It leaves them out of what CloudFormation creates, so Lambda's own call sets them.
    const lambda = new LambdaClient({ region, endpoint: server.url });
    const TargetArn = `arn:aws:sqs:${region}:000000000000:lost`;
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'order', DeadLetterConfig: { TargetArn } }),
    );
    lambda.destroy();
  }, installMs);
  afterAll(() => server?.stop());

  test('one has provisioned concurrency; another its retries, destinations and dead letters', async () => {
    const { graph } = await readDeployedStack('orders', { region, endpoint: server.url });
    expect(graph.functions.map(({ name: _, ...node }) => node)).toEqual([
      { id: 'Bill', memoryMb: 128, timeoutSeconds: 3, reservedConcurrency: null, provisionedConcurrency: 3 },
      {
        ...{ id: 'Order', memoryMb: 128, timeoutSeconds: 3, reservedConcurrency: null },
        asynchronous: {
          ...{ maximumRetries: 0, maximumAgeSeconds: 300 },
          onSuccess: { kind: 'function', id: 'Bill' },
          onFailure: { kind: 'topic', id: 'News' },
          deadLetters: { kind: 'queue', id: 'Lost' },
        },
      },
    ]);
    expect(graph.topics).toMatchObject([{ id: 'News' }]);
  });
});
