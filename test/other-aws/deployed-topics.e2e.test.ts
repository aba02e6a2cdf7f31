/** Topics with their subscriptions, and URLs of functions, where somebody else's implementations of AWS deploy and describe them: the same graph as that of the template. */
import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { SetSubscriptionAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StackGraph } from '../../graph/model.ts';
import { collectCloudWatch } from '../../metrics/collect.ts';
import { watchTemplate } from '../../metrics/dashboard/template.ts';
import { seriesQueries } from '../../metrics/series.ts';
import { readDeployedStack } from '../../run/target/deployed/deployed-stack.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { deploy, region, type Template } from './deploy.fixture.ts';
import { graphOfTemplate, news, plain, stackName, withoutIds, withoutNames } from './news-stack.fixture.ts';
import { type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();

beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(() => vi.unstubAllEnvs());

describe.skipIf(why !== null)(why ?? 'on ministack, deployed by CloudFormation', () => {
  let server: PythonServer;
  let graph: StackGraph;
  let httpUrls: { api: string; url: string }[];
  const read = async () => await readDeployedStack(stackName, { region, endpoint: server.url });
  beforeAll(async () => {
    server = await startPythonServer({
      requirement: 'ministack==1.5.33',
      program: 'ministack.app',
      args: () => [],
      environment: (port) => ({ GATEWAY_PORT: String(port) }),
    });
    await deploy(server.url, stackName, news);
    // Its CloudFormation forgets the dead letters of a subscription: SNS's own call says them.
    const sns = new SNSClient({ region, endpoint: server.url });
    const cloudFormation = new CloudFormationClient({ region, endpoint: server.url });
    const { StackResourceDetail } = await cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: stackName, LogicalResourceId: 'NewsToRaw' }),
    );
    const before = await read();
    const dead = before.graph.queues.find(({ id }) => id === 'Dead')?.name;
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: StackResourceDetail?.PhysicalResourceId,
        AttributeName: 'RedrivePolicy',
        AttributeValue: JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:${region}:000000000000:${dead}` }),
      }),
    );
    sns.destroy();
    cloudFormation.destroy();
    ({ graph, httpUrls } = await read());
  }, installMs);
  afterAll(() => server?.stop());

  test('has the graph of its template', async () => {
    const ofTemplate = await graphOfTemplate(news);
    expect(withoutNames(graph)).toEqual(withoutNames(ofTemplate));
    // Not both empty.
    expect(graph.topics?.map(({ id }) => id)).toEqual(['Flash', 'News']);
    expect(graph.subscriptions).toEqual([
      ...[{ id: 'Flash.Subscription.0', topic: 'Flash', to: { kind: 'queue', id: 'Inbox' } }].map(plain),
      { ...plain({ id: 'NewsToInbox', topic: 'News', to: { kind: 'queue', id: 'Inbox' } }), filteredBy: 'attributes' },
      plain({ id: 'NewsToPrint', topic: 'News', to: { kind: 'function', id: 'Print' } }),
      {
        ...{ id: 'NewsToRaw', topic: 'News', to: { kind: 'queue', id: 'Raw' } },
        ...{ isRaw: true, filteredBy: 'body', deadLetters: { id: 'Dead' } },
      },
    ]);
    expect(graph.apis.map(withoutIds)).toEqual([
      {
        ...{ id: 'LiveUrl', kind: 'functionUrl', stages: ['$default'] },
        routes: [{ key: '$default', integration: { kind: 'function', id: 'Archive' }, authorizer: { kind: 'iam' } }],
      },
      {
        ...{ id: 'OpenUrl', kind: 'functionUrl', stages: ['$default'] },
        routes: [{ key: '$default', integration: { kind: 'function', id: 'Publish' }, authorizer: null }],
      },
      {
        ...{ id: 'SignedUrl', kind: 'functionUrl', stages: ['$default'] },
        routes: [{ key: '$default', integration: { kind: 'function', id: 'Print' }, authorizer: { kind: 'iam' } }],
      },
    ]);
    // A function that has the URL of another calls it.
    expect(graph.reaches).toEqual([
      { from: 'Publish', to: 'Flash' },
      { from: 'Publish', to: 'Print' },
    ]);
    expect(httpUrls.map(({ api }) => api).toSorted()).toEqual(['LiveUrl', 'OpenUrl', 'SignedUrl']);
    for (const { url } of httpUrls) expect(url).toMatch(/^https:\/\/[^/]+\.lambda-url\.us-east-1\.on\.aws\/$/);
  });

  test('is asked the same of CloudWatch, by its own names', async () => {
    const ofTemplate = await graphOfTemplate(news);
    const queriesOf = (of: StackGraph) => seriesQueries({ graph: of, kind: 'aws' });
    expect(queriesOf(graph).map(({ key }) => key)).toEqual(queriesOf(ofTemplate).map(({ key }) => key));
    const nameOf = (nodes: readonly { id: string; name: string }[] = [], id: string) =>
      nodes.find((each) => each.id === id)?.name;
    const asked = new Map(
      queriesOf(graph).map(({ key, namespace, metric, dimensions }) => [key, { namespace, metric, dimensions }]),
    );
    const FunctionName = nameOf(graph.functions, 'Publish');
    const TopicName = nameOf(graph.topics, 'News');
    expect(asked.get('apigateway.OpenUrl.count.sum')).toEqual({
      ...{ namespace: 'AWS/Lambda', metric: 'UrlRequestCount', dimensions: { FunctionName } },
    });
    expect(asked.get('sns.News.published.sum')).toEqual({
      ...{ namespace: 'AWS/SNS', metric: 'NumberOfMessagesPublished', dimensions: { TopicName } },
    });
  });

  test('what CloudWatch has of a URL and of a topic is collected under their logical ids', async () => {
    const client = new CloudWatchClient({ region, endpoint: server.url });
    const startSecond = Math.floor(Date.now() / 60_000) * 60 - 600;
    const put = async (
      Namespace: string,
      MetricName: string,
      dimensions: Record<string, string | undefined>,
      Value: number,
    ) => {
      const Dimensions = Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value }));
      const Timestamp = new Date((startSecond + 60) * 1_000);
      await client.send(
        new PutMetricDataCommand({
          Namespace,
          MetricData: [{ MetricName, Dimensions, Value, Timestamp, Unit: 'Count' }],
        }),
      );
    };
    const ofUrl = { FunctionName: graph.functions.find(({ id }) => id === 'Publish')?.name };
    const ofTopic = { TopicName: graph.topics?.find(({ id }) => id === 'News')?.name };
    await put('AWS/Lambda', 'UrlRequestCount', ofUrl, 12);
    await put('AWS/Lambda', 'Url5xxCount', ofUrl, 2);
    await put('AWS/SNS', 'NumberOfMessagesPublished', ofTopic, 7);
    await put('AWS/SNS', 'NumberOfNotificationsFilteredOut', ofTopic, 3);
    client.destroy();
    vi.stubEnv('AWS_ENDPOINT_URL', server.url);
    const { series } = await collectCloudWatch({
      ...{ target: { kind: 'aws', region, graph, sqsEndpoint: server.url }, startSecond, endSecond: startSecond + 300 },
      ...{ periodSeconds: 60, queuesBefore: { deadLettered: 0, waiting: 0 }, undelivered: null },
      signal: AbortSignal.timeout(60_000),
    });
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    const sums = Object.fromEntries(
      series.flatMap((each) =>
        each.kind === 'series' ? [[each.key, each.points.reduce((sum, [, value]) => sum + value, 0)]] : [],
      ),
    );
    expect(sums).toEqual({
      'apigateway.OpenUrl.count.sum': 12,
      'apigateway.OpenUrl.5xx.sum': 2,
      'sns.News.published.sum': 7,
      'sns.News.filteredOut.sum': 3,
    });
  });

  test('its dashboard and alarms watch URLs and topics, by names and by references', async () => {
    const { template, alarms } = watchTemplate(graph, { naming: 'names', topicArn: null });
    await deploy(server.url, 'news-watch', template);
    const client = new CloudWatchClient({ region, endpoint: server.url });
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toHaveLength(alarms);
    const alarm = (name: string) => MetricAlarms.find(({ AlarmName }) => AlarmName?.includes(name));
    expect(alarm('OpenUrlServerErrors')).toMatchObject({
      ...{ Namespace: 'AWS/Lambda', MetricName: 'Url5xxCount' },
      Dimensions: [{ Name: 'FunctionName', Value: graph.functions.find(({ id }) => id === 'Publish')?.name }],
    });
    expect(alarm('NewsFailedNotifications')).toMatchObject({
      ...{ Namespace: 'AWS/SNS', MetricName: 'NumberOfNotificationsFailed' },
      Dimensions: [{ Name: 'TopicName', Value: graph.topics?.find(({ id }) => id === 'News')?.name }],
    });
    const cloudFormation = new CloudFormationClient({ region, endpoint: server.url });
    const { StackResourceDetail } = await cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: 'news-watch', LogicalResourceId: 'LoadlineDashboard' }),
    );
    const { DashboardBody = '' } = await client.send(
      new GetDashboardCommand({ DashboardName: StackResourceDetail?.PhysicalResourceId }),
    );
    for (const metric of ['UrlRequestCount', 'NumberOfMessagesPublished', 'NumberOfNotificationsFailed'])
      expect(DashboardBody).toContain(metric);
    // Beside the stack itself, as a part of its template: CloudFormation finds each of the names.
    const own = watchTemplate(await graphOfTemplate(news), { naming: 'references', topicArn: null });
    expect(own.leftOut).toEqual([]);
    const both = { ...news, Resources: { ...news.Resources, ...(own.template.Resources as Template['Resources']) } };
    await deploy(server.url, 'news-with-watch', both);
    cloudFormation.destroy();
    client.destroy();
  });
});
