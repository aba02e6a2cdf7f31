/** Destinations and dead letters of asynchronous invocations, in a target with all its processes. */
import { InvokeCommand, LambdaClient, ListFunctionEventInvokeConfigsCommand } from '@aws-sdk/client-lambda';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { localCredentials } from '../../gateway/connections-api/sigv4.ts';
import { startTinyTarget } from '../../testing/tiny-target.ts';

const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const invokeConfig = (id: string, more: object) => ({
  Type: 'AWS::Lambda::EventInvokeConfig',
  Properties: { FunctionName: { Ref: id }, Qualifier: '$LATEST', ...more },
});
const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const longestMs = 60_000;

let target: Awaited<ReturnType<typeof startTinyTarget>>;
let lambda: LambdaClient;
let sqs: SQSClient;
beforeAll(async () => {
  target = await startTinyTarget(
    { limits: { asyncRetryDelayMs: 20 } },
    {
      functions: {
        Pack: 'export const handler = async ({ order }, { awsRequestId }) => ({ packed: order, by: awsRequestId });',
        Ship: `export const handler = async (record) => { throw new Error('no ship for ' + record.responsePayload.packed); };`,
      },
      webSocketRoutes: { $default: 'Pack' },
      functionProperties: {
        Pack: { FunctionName: 'pack' },
        Ship: { FunctionName: 'ship', DeadLetterConfig: { TargetArn: { Ref: 'News' } } },
      },
      resources: {
        ...{ Failed: queue('failed'), Read: queue('read') },
        News: {
          Type: 'AWS::SNS::Topic',
          Properties: { Subscription: [{ Protocol: 'sqs', Endpoint: att('Read') }] },
        },
        NewsPolicy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [{ Ref: 'Read' }],
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' } }],
            },
          },
        },
        OfPack: invokeConfig('Pack', { DestinationConfig: { OnSuccess: { Destination: att('Ship') } } }),
        OfShip: invokeConfig('Ship', {
          MaximumRetryAttempts: 1,
          DestinationConfig: { OnFailure: { Destination: att('Failed') } },
        }),
      },
    },
  );
  const client = { region: 'us-east-1', credentials: localCredentials };
  lambda = new LambdaClient({ ...client, endpoint: target.endpoints.lambda });
  sqs = new SQSClient({ ...client, endpoint: target.endpoints.sqs });
});
afterAll(async () => {
  lambda.destroy();
  sqs.destroy();
  await target.stop();
});

async function received(queueName: string): Promise<Message> {
  return await vi.waitFor(async () => {
    const QueueUrl = `${target.endpoints.sqs}/${target.accountId}/${queueName}`;
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }),
    );
    if (message === undefined) throw new Error(`nothing is in ${queueName}`);
    return message;
  }, longestMs);
}

test('a success is the event of the next function; its failure is told to a queue, and its event to a topic', async () => {
  const Payload = '{"order":7}';
  const { StatusCode, $metadata } = await lambda.send(
    new InvokeCommand({ FunctionName: 'pack', InvocationType: 'Event', Payload }),
  );
  expect(StatusCode).toBe(202);
  const failure = JSON.parse((await received('failed')).Body ?? '');
  expect(failure).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
    requestPayload: {
      requestContext: { requestId: $metadata.requestId, condition: 'Success', approximateInvokeCount: 1 },
      requestPayload: { order: 7 },
      // The id of the event is that of the invocation.
      responsePayload: { packed: 7, by: $metadata.requestId },
    },
    responsePayload: { errorType: 'Error', errorMessage: 'no ship for 7' },
  });
  const notification = JSON.parse((await received('read')).Body ?? '');
  expect(JSON.parse(notification.Message)).toEqual(failure.requestPayload);
  expect(notification.MessageAttributes).toMatchObject({
    RequestID: { Type: 'String', Value: failure.requestContext.requestId },
    ErrorMessage: { Type: 'String', Value: 'no ship for 7' },
  });
});

test('Lambda says how a function is configured', async () => {
  const { FunctionEventInvokeConfigs } = await lambda.send(
    new ListFunctionEventInvokeConfigsCommand({ FunctionName: 'ship' }),
  );
  expect(FunctionEventInvokeConfigs).toMatchObject([
    {
      ...{ FunctionArn: `arn:aws:lambda:us-east-1:${target.accountId}:function:ship:$LATEST`, MaximumRetryAttempts: 1 },
      DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:${target.accountId}:failed` } },
    },
  ]);
});
