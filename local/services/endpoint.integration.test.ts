/** The one endpoint of all services, asked by the clients of the SDK, and by signed requests where there is no client among the packages. */
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localCredentials } from '../gateway/connections-api/sigv4.ts';
import { startSmallStack } from '../testing/small-stack.ts';
import { connect } from '../testing/web-socket-client.ts';

let stack: Awaited<ReturnType<typeof startSmallStack>>;
let endpoint: string;
const region = 'us-east-1';
beforeAll(async () => {
  stack = await startSmallStack({
    functions: {
      Echo: `export const handler = async ({ body }) => { console.log('saw', body); return { statusCode: 200, body }; };`,
    },
    webSocketRoutes: { '$default (two-way)': 'Echo' },
    resources: {
      Setting: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/app/mode', Type: 'String', Value: 'quiet' } },
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
    },
  });
  endpoint = stack.target.endpointUrl;
});
afterAll(() => stack.stop());

const client = () => ({ region, endpoint, credentials: localCredentials, maxAttempts: 1 });

/** A request with the headers of a signature, which these services do not check. */
async function ask(
  service: string,
  { target, form, path = '/' }: { target?: string; form?: string; path?: string },
  input?: object,
) {
  const response = await fetch(`${endpoint}${path}`, {
    method: path === '/' ? 'POST' : 'GET',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=k/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      ...(target && { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(path === '/' && { body: form ?? JSON.stringify(input ?? {}) }),
  });
  return { status: response.status, text: await response.text() };
}

test('CloudFormation describes the stack: outputs, and each resource by its physical id', async () => {
  const cloudFormation = new CloudFormationClient(client());
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'Small' }));
  expect(Stacks[0]).toMatchObject({ StackName: 'Small', StackStatus: 'CREATE_COMPLETE' });
  expect(Stacks[0]?.Outputs).toContainEqual({ OutputKey: 'WebSocketUrl', OutputValue: stack.target.webSocketUrl });
  const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'Small' }));
  const byId = Object.fromEntries(StackResources.map(({ LogicalResourceId, ...rest }) => [LogicalResourceId, rest]));
  expect(byId.Role).toMatchObject({ ResourceType: 'AWS::IAM::Role' });
  expect(byId.WebSocketApi?.PhysicalResourceId).toBe(stack.target.webSocketApiId);
  await expect(cloudFormation.send(new DescribeStacksCommand({ StackName: 'Other' }))).rejects.toThrow(
    'Stack with id Other does not exist',
  );
  cloudFormation.destroy();
});

test('Lambda lists its functions, and API Gateway its APIs', async () => {
  const lambda = new LambdaClient(client());
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const [{ FunctionName = '' } = {}] = Functions;
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  expect(found).toMatchObject({ FunctionName, MemorySize: 128, Timeout: 3, State: 'Active' });
  lambda.destroy();
  const { items } = JSON.parse((await ask('apigateway', { path: '/v2/apis' })).text);
  expect(items.map(({ protocolType }: { protocolType: string }) => protocolType).toSorted()).toEqual([
    'HTTP',
    'WEBSOCKET',
  ]);
  const routes = JSON.parse((await ask('apigateway', { path: `/v2/apis/${stack.target.webSocketApiId}/routes` })).text);
  expect(routes.items).toMatchObject([{ routeKey: '$default' }]);
});

test('the logs of a function are there at once', async () => {
  const { socket, next, closed } = await connect(stack.target.webSocketUrl);
  socket.send('hello');
  await next();
  socket.close();
  await closed;
  const groups = JSON.parse((await ask('logs', { target: 'Logs_20140328.DescribeLogGroups' })).text);
  const [{ logGroupName }] = groups.logGroups;
  const filter = { logGroupName, filterPattern: 'saw' };
  const { events } = JSON.parse((await ask('logs', { target: 'Logs_20140328.FilterLogEvents' }, filter)).text);
  expect(events[0].message).toContain('saw hello');
});

test('STS and SSM', async () => {
  const who = await ask('sts', { form: 'Action=GetCallerIdentity&Version=2011-06-15' });
  expect(who.text).toContain('<Account>000000000000</Account>');
  const { Parameter } = JSON.parse(
    (await ask('ssm', { target: 'AmazonSSM.GetParameter' }, { Name: '/app/mode' })).text,
  );
  expect(Parameter).toMatchObject({ Value: 'quiet', Type: 'String' });
});

test.each([
  ['sns', { form: 'Action=CreateTopic&Version=2010-03-31' }, 'The local target has no SNS action CreateTopic.'],
  ['ses', { form: 'Action=SendEmail&Version=2010-12-01' }, 'The local target has no service ses (SendEmail).'],
  ['kinesis', { target: 'Kinesis_20131202.PutRecord' }, 'The local target has no service kinesis (PutRecord).'],
  ['events', { target: 'AWSEvents.PutRule' }, 'The local target has no EventBridge action PutRule.'],
  ['logs', { target: 'Logs_20140328.PutLogEvents' }, 'The local target has no Logs action PutLogEvents.'],
  ['sts', { form: 'Action=AssumeRole&Version=2011-06-15' }, 'The local target has no STS action AssumeRole.'],
  ['cloudformation', { form: 'Action=CreateStack&Version=2010-05-15' }, 'has no CloudFormation action CreateStack.'],
  ['apigateway', { path: '/vpclinks' }, 'has no API Gateway action GET /vpclinks.'],
  ['ssm', { target: 'AmazonSSM.PutParameter' }, 'has no SSM action PutParameter.'],
  ['lambda', { path: '/2015-03-31/functions/f/policy' }, 'has no Lambda action GET /2015-03-31/functions/f/policy.'],
  ['s3', { path: '/bucket' }, '<Message>The local target has no service s3.</Message>'],
  ['lambda', { path: '/2020-06-30/functions/f/code-signing-config' }, 'has no Lambda action GET /2020-06-30'],
])('what %s does not have is named: %j', async (service, call, message) => {
  const answer = await ask(service, call);
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(message)]);
});

test('a request without a signature is refused', async () => {
  const headers = { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' };
  const answer = await fetch(endpoint, { method: 'POST', headers, body: '{}' });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Missing Authentication Token')]);
});
