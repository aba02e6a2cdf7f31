/** The reference stack’s graph and dashboard from what is deployed, where somebody else's implementation of AWS deploys it. */
import { readFileSync } from 'node:fs';
import { ApiGatewayV2Client, UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StackGraph } from '../../graph/model.ts';
import { loadTemplate } from '../../local/input/load-template.ts';
import { stackGraphOf } from '../../local/template/stack-graph.ts';
import { readStackModel } from '../../local/template/stack-model.ts';
import { watchTemplate } from '../../metrics/dashboard/template.ts';
import { readDeployedStack } from '../../run/target/deployed/deployed-stack.ts';
import { parseSettings, type StackSettings } from '../../stack/settings/settings.ts';
import { synthesizeApart } from '../../stack/synthesis/synthesize-apart.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { deploy, reduced, region, useTestCredentials } from './deploy.fixture.ts';
import { type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();

beforeAll(useTestCredentials);

/** What a deployment chooses: the rest is the template's. */
const withoutNames = (graph: StackGraph) => ({
  ...graph,
  apis: graph.apis.map(({ apiId: _, routes, ...api }) => ({
    ...api,
    // Where a template does not say how long a result is kept, ministack says 300 s for a WebSocket API, too.
    routes: routes.map(({ authorizer, ...route }) => ({
      ...route,
      authorizer: authorizer?.kind === 'function' ? authorizer.id : authorizer,
    })),
  })),
  functions: graph.functions.map(({ name: _, ...node }) => node),
  queues: graph.queues.map(({ name: _name, url: _url, ...queue }) => queue),
  tables: graph.tables.map(({ name: _, ...table }) => table),
});

/** It keeps a stage's throttle as a template writes it, in capitals, and shows it to nobody: so API Gateway's own call sets it. */
async function throttle(apis: StackGraph['apis'], endpoint: string, settings: StackSettings): Promise<void> {
  const client = new ApiGatewayV2Client({ region, endpoint });
  for (const { apiId: ApiId, kind, stages } of apis) {
    const { ratePerSecond, burst } = kind === 'webSocket' ? settings.webSocketThrottle : settings.webhookThrottle;
    const DefaultRouteSettings = { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst };
    for (const StageName of stages)
      await client.send(new UpdateStageCommand({ ApiId, StageName, DefaultRouteSettings }));
  }
  client.destroy();
}

describe.skipIf(why !== null)(why ?? 'on ministack, the reference stack', () => {
  let server: PythonServer;
  beforeAll(async () => {
    server = await startPythonServer({
      requirement: 'ministack==1.5.33',
      program: 'ministack.app',
      args: () => [],
      environment: (port) => ({ GATEWAY_PORT: String(port) }),
    });
  }, installMs);
  afterAll(() => server?.stop());

  test.each(['lambda', 'direct'] as const)('has the graph of its template (ingest: %s)', async (ingest) => {
    const { templatePath, assemblyDir } = await synthesizeApart(parseSettings({ ingest }));
    const stackName = `reference-${ingest}`;
    const template = JSON.parse(readFileSync(templatePath, 'utf8'));
    // It refuses these, of which none is part of the graph.
    const without = ['AWS::ApiGatewayV2::RouteResponse', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'];
    await deploy(server.url, stackName, reduced(template, without));
    const before = await readDeployedStack(stackName, { region, endpoint: server.url });
    await throttle(before.graph.apis, server.url, parseSettings());
    const { graph, webSocketUrls } = await readDeployedStack(stackName, { region, endpoint: server.url });
    const sqsUrl = 'http://sqs';
    const choice = { kind: 'template', path: templatePath, folder: assemblyDir } as const;
    const { input } = await loadTemplate({ choice, region });
    const place = { stackName, region, accountId: '000000000000', sqsUrl };
    const model = readStackModel({ ...place, input, gatewayAddress: null });
    expect(withoutNames(graph)).toEqual(withoutNames(stackGraphOf(model, sqsUrl)));
    expect(webSocketUrls.map(({ api }) => api)).toEqual(['websocket']);
  });

  test('its dashboard and alarms, made from what is deployed, can be deployed beside it', async () => {
    const topicArn = 'arn:aws:sns:us-east-1:123456789012:on-call';
    const { graph } = await readDeployedStack('reference-lambda', { region, endpoint: server.url });
    const { template, alarms } = watchTemplate(graph, { naming: 'names', topicArn });
    await deploy(server.url, 'reference-watch', template);
    const client = new CloudWatchClient({ region, endpoint: server.url });
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toHaveLength(alarms);
    expect(MetricAlarms.find(({ AlarmName }) => AlarmName?.includes('queueOldMessages'))).toMatchObject({
      ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Statistic: 'Maximum' },
      Dimensions: [{ Name: 'QueueName', Value: graph.queues.find(({ id }) => id === 'queue')?.name }],
      AlarmActions: [topicArn],
    });
    const cloudFormation = new CloudFormationClient({ region, endpoint: server.url });
    const { StackResourceDetail } = await cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: 'reference-watch', LogicalResourceId: 'LoadlineDashboard' }),
    );
    cloudFormation.destroy();
    const { DashboardBody = '' } = await client.send(
      new GetDashboardCommand({ DashboardName: StackResourceDetail?.PhysicalResourceId }),
    );
    expect(JSON.parse(DashboardBody).widgets[0].properties).toMatchObject({ region, title: 'webhook: requests' });
    client.destroy();
  });
});
