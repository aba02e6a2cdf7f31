/** From a function that puts events by the SDK, over a bus and a rule, to another function. */
import { EventBridgeClient, ListTargetsByRuleCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { localCredentials } from '../gateway/connections-api/sigv4.ts';
import { startSmallStack } from '../testing/small-stack.ts';

let stack: Awaited<ReturnType<typeof startSmallStack>>;
beforeAll(async () => {
  stack = await startSmallStack({
    functions: {
      Tell: `import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
        const events = new EventBridgeClient({});
        export const handler = async ({ body }) => {
          const entry = { Source: 'shop', DetailType: 'told', Detail: body, EventBusName: 'shop' };
          const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry, { ...entry, Detail: 'no JSON' }] }));
          return { statusCode: 200, body: JSON.stringify(Entries) };
        };`,
      Hear: `export const handler = async ({ detail, source }) => { console.log('heard', source, JSON.stringify(detail)); };`,
    },
    webSocketRoutes: {},
    httpRoutes: { 'POST /tell': 'Tell' },
    resources: {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
      Told: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ...{ Name: 'told', EventBusName: { Ref: 'Bus' }, EventPattern: { 'detail-type': ['told'] } },
          Targets: [{ Id: 'hear', Arn: { 'Fn::GetAtt': ['Hear', 'Arn'] } }],
        },
      },
      MayHear: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          ...{ Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'Hear' }, Principal: 'events.amazonaws.com' },
          SourceArn: { 'Fn::GetAtt': ['Told', 'Arn'] },
        },
      },
    },
  });
});
afterAll(() => stack.stop());

const client = () => ({ region: 'us-east-1', endpoint: stack.target.endpointUrl, credentials: localCredentials });

/** By the API of CloudWatch Logs, of which only the form of the signature is looked at. */
async function logOf(functionName = ''): Promise<string> {
  const response = await fetch(stack.target.endpointUrl, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=0',
      ...{ 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'content-type': 'application/x-amz-json-1.1' },
    },
    body: JSON.stringify({ logGroupName: `/aws/lambda/${functionName}` }),
  });
  const { events }: { events: { message: string }[] } = JSON.parse(await response.text());
  return events.map(({ message }) => message).join('\n');
}

async function heard(text: string): Promise<void> {
  const lambda = new LambdaClient(client());
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const name = Functions.find(({ FunctionName }) => FunctionName?.includes('Hear'))?.FunctionName;
  await vi.waitFor(
    async () => {
      expect(await logOf(name)).toContain(text);
    },
    { timeout: 60_000, interval: 100 },
  );
  lambda.destroy();
}

test('a function puts events by the SDK, each refused or taken by itself, and a rule’s function gets them', async () => {
  const answer = await fetch(`${stack.target.webhookUrl}/tell`, { method: 'POST', body: '{"id":"o-1"}' });
  expect(await answer.json()).toEqual([
    { EventId: expect.any(String) },
    { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
  ]);
  await heard('heard shop {"id":"o-1"}');
});

test('a tool does so, and reads the rule, by the one endpoint', async () => {
  const events = new EventBridgeClient(client());
  const entry = { Source: 'terminal', DetailType: 'told', Detail: '{"id":"o-2"}', EventBusName: 'shop' };
  const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [{ ...entry, Time: new Date() }] }));
  expect(FailedEntryCount).toBe(0);
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'told', EventBusName: 'shop' }));
  expect(Targets).toMatchObject([{ Id: 'hear', Arn: expect.stringContaining('Hear') }]);
  events.destroy();
  await heard('heard terminal {"id":"o-2"}');
});
