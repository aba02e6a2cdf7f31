import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { plannedStack, readPlannedStack } from './planned-stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadline-planned-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bucket = (ratePerSecond: number, burst: number) => ({
  ...{ ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst },
});
const template = join(folder, 'template.json');
const to = (id: string) => ({ 'Fn::Sub': `integrations/\${${id}}` });
/** Two HTTP APIs and no WebSocket API, one with a throttle of its own for a route. */
const resources: Record<string, { Type: string; Properties: object }> = {
  Receive: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...{ Runtime: 'nodejs22.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/x', Timeout: 7 },
      Code: { ZipFile: 'exports.handler = async () => ({ statusCode: 200 });' },
    },
  },
  ...Object.fromEntries(
    ['Hooks', 'Other'].flatMap((id) => [
      [id, { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: id, ProtocolType: 'HTTP' } }],
      [
        `${id}Stage`,
        {
          Type: 'AWS::ApiGatewayV2::Stage',
          Properties: {
            ...{ ApiId: { Ref: id }, StageName: '$default', AutoDeploy: true },
            DefaultRouteSettings: bucket(50, 20),
            RouteSettings: { 'POST /hooks/{source}': bucket(5, 2) },
          },
        },
      ],
      [
        `${id}ToReceive`,
        {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: {
            ...{ ApiId: { Ref: id }, IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' },
            IntegrationUri: { 'Fn::GetAtt': ['Receive', 'Arn'] },
          },
        },
      ],
      ...['POST /hooks/{source}', 'POST /all'].map((RouteKey, n) => [
        `${id}Route${n}`,
        {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: { ApiId: { Ref: id }, RouteKey, Target: to(`${id}ToReceive`) },
        },
      ]),
    ]),
  ),
};
writeFileSync(template, JSON.stringify({ Resources: resources }));
const planned = (options: object) => readPlannedStack({ template, ...options }, {});

test('of several HTTP APIs the one that is named takes webhooks, by the route of its path', async () => {
  const stack = await planned({ webhookUrl: 'Hooks:/hooks/mail' });
  expect(stack?.deployment).toMatchObject({
    webSocket: null,
    webhook: {
      ...{ id: 'Hooks', throttle: { ratePerSecond: 50, burst: 20 } },
      routeThrottles: [{ route: 'POST /hooks/{source}', kind: 'webhook', ratePerSecond: 5, burst: 2 }],
    },
    functions: [{ id: 'Receive', timeoutSeconds: 7, awaitedBy: ['webhook'] }],
  });
  expect(stack?.notes).toEqual([]);
});

test('where it is not named, that is said, and there are no webhooks', async () => {
  const stack = await planned({});
  expect(stack?.deployment.webhook).toBeNull();
  expect(stack?.notes).toEqual([
    'Which of its 2 HTTP and REST APIs and URLs of functions takes webhooks is not known: --webhook-url says it.',
  ]);
});

test('a path without a name is a sentence', async () => {
  await expect(planned({ webhookUrl: '/all' })).rejects.toThrow('has 2 APIs: name one, as in Hooks:/all');
});

describe('access logs and metrics of routes are those of the template', () => {
  const observed = join(folder, 'observed.json');
  const { Receive, Hooks, HooksToReceive, HooksRoute0, HooksStage } = resources;
  const webhookWith = async (properties: object, webhookUrl = '/hooks/mail') => {
    const stage = { ...HooksStage, Properties: { ...HooksStage?.Properties, ...properties } };
    const Resources = { Receive, Hooks, HooksToReceive, HooksRoute0, HooksStage: stage };
    writeFileSync(observed, JSON.stringify({ Resources, Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } }));
    return (await readPlannedStack({ template: observed, webhookUrl }, {}))?.deployment.webhook;
  };

  test('where there are none', async () => {
    expect(await webhookWith({})).toMatchObject({ accessLogs: false, detailedMetrics: false });
    const never = { 'Fn::If': ['Never', { DestinationArn: 'arn' }, { Ref: 'AWS::NoValue' }] };
    expect(await webhookWith({ AccessLogSettings: never })).toMatchObject({ accessLogs: false });
  });

  test('where they are, also with a log group of another stack', async () => {
    const elsewhere = { DestinationArn: { 'Fn::ImportValue': 'LogGroupOfTheTeam' }, Format: '$context.requestId' };
    const stage = { AccessLogSettings: elsewhere, DefaultRouteSettings: { DetailedMetricsEnabled: true } };
    expect(await webhookWith(stage)).toMatchObject({ accessLogs: true, detailedMetrics: true });
  });
});

describe('a deployed API of several stages', () => {
  const address = 'https://a1b2c3.execute-api.us-east-1.amazonaws.com';
  const ofStages = async (options: object) => {
    const { graph } = (await planned({}))?.inside ?? {};
    if (graph === undefined) throw new Error('nothing is known of the template');
    const apis = graph.apis.filter(({ id }) => id === 'Hooks').map((api) => ({ ...api, stages: ['$default', 'prod'] }));
    const http = [address, `${address}/prod`].map((url) => ({ api: 'Hooks', url }));
    const addresses = { stackName: 'hooks', webSockets: [], http };
    return plannedStack({ graph: { ...graph, apis }, region: 'us-east-1', addresses }, options, {});
  };

  test('is one API, whose stage is to be said', async () => {
    const { deployment, notes } = await ofStages({});
    expect(deployment.webhook).toMatchObject({ id: 'Hooks', stages: 2 });
    expect(notes).toEqual([
      'Webhooks are taken to come to Hooks, the only one that takes them: --webhook-url says another.',
    ]);
    await expect(ofStages({ webhookUrl: '/hooks/mail' })).rejects.toThrow(
      `the API Hooks has 2 stages: give a whole URL, beginning with one of ${address}, ${address}/prod.`,
    );
  });

  test.each(['', '/prod'])('the route of a URL is what follows its stage “%s”', async (stage) => {
    const { inside } = await ofStages({ webhookUrl: `${address}${stage}/hooks/mail?a=1` });
    expect(inside?.entered).toMatchObject({
      webhook: 'Hooks',
      routes: { webhook: [{ key: 'POST /hooks/{source}', weight: 1 }] },
    });
  });
});
