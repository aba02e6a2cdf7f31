/** Topics with their subscriptions, and URLs of functions, where somebody else's SNS and Lambda describe them: the same nodes of a graph as those of the template. */
import { CreateFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ConfirmSubscriptionCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StackGraph, Subscription } from '../../graph/model.ts';
import { clientsOf } from '../../run/target/deployed/clients.ts';
import { readDeployedStack } from '../../run/target/deployed/deployed-stack.ts';
import { describeFunctionUrl } from '../../run/target/deployed/function-urls.ts';
import { listResources, namesOf } from '../../run/target/deployed/stack-resources.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { deploy, region } from './deploy.fixture.ts';
import { functionWith, graphOfTemplate, news, plain, ref, stackName, withoutIds } from './news-stack.fixture.ts';
import { type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();

beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(() => vi.unstubAllEnvs());

/** Its CloudFormation knows neither of these: its SNS and its Lambda do. */
const unknownToMoto = [
  'AWS::SNS::Subscription',
  'AWS::Lambda::Url',
  'AWS::Lambda::Permission',
  'AWS::SQS::QueuePolicy',
  'AWS::Lambda::Alias',
];

describe.skipIf(why !== null)(why ?? 'on moto, described by SNS and Lambda', () => {
  let server: PythonServer;
  const access = () => ({ region, endpoint: server.url });
  const https = 'https://news.example.com/hook/secret';
  beforeAll(async () => {
    server = await startPythonServer({
      requirement: 'moto[server]==5.2.5',
      program: 'moto.server',
      args: (port) => ['-H', '127.0.0.1', '-p', String(port)],
    });
    const { Publish: _, ...rest } = news.Resources;
    const known = Object.entries(rest).filter(([, { Type }]) => !unknownToMoto.includes(Type));
    const Publish = functionWith({ TOPIC: ref('Flash') });
    await deploy(server.url, stackName, { Resources: { ...Object.fromEntries(known), Publish } });
    const clients = clientsOf(access());
    const resources = await listResources(clients, stackName, region);
    const physical = (id: string) => resources.find((each) => each.id === id)?.physicalId ?? '';
    const queueArn = (id: string) => `arn:aws:sqs:${region}:123456789012:${physical(id).split('/').at(-1)}`;
    const functionArn = `arn:aws:lambda:${region}:123456789012:function:${physical('Print')}`;
    const TopicArn = physical('News');
    const subscribe = async (Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) => {
      await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));
    };
    await subscribe('lambda', functionArn);
    await subscribe('sqs', queueArn('Inbox'), { FilterPolicy: JSON.stringify({ kind: ['politics'] }) });
    await subscribe('sqs', queueArn('Raw'), {
      ...{ RawMessageDelivery: 'true', FilterPolicyScope: 'MessageBody', FilterPolicy: '{"kind":["sport"]}' },
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('Dead') }),
    });
    await subscribe('email', 'b@example.com');
    clients.destroy();
  }, installMs);
  afterAll(() => server?.stop());

  test('topics and subscriptions are those of the template', async () => {
    const { graph } = await readDeployedStack(stackName, access());
    const ofTemplate = await graphOfTemplate(news);
    expect(graph.topics?.map(({ id }) => id)).toEqual(['Flash', 'News']);
    const keyOf = ({ topic, to }: Subscription) => `${topic} ${JSON.stringify(to)}`;
    const withoutId = ({ subscriptions = [] }: StackGraph) =>
      subscriptions.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).map(({ id: _, ...each }) => each);
    expect(withoutId(graph)).toEqual(withoutId(ofTemplate));
    expect(graph.reaches).toEqual([{ from: 'Publish', to: 'Flash' }]);
  });

  test('an endpoint of one’s own is outside the stack, by its host alone', async () => {
    const clients = clientsOf(access());
    const resources = await listResources(clients, stackName, region);
    const TopicArn = resources.find(({ id }) => id === 'Quiet')?.physicalId ?? '';
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: https }));
    // It takes any token.
    await clients.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'any' }));
    clients.destroy();
    const { graph } = await readDeployedStack(stackName, access());
    expect(graph.subscriptions?.filter(({ topic }) => topic === 'Quiet')).toEqual([
      plain({ id: 'Quiet.Subscription.0', topic: 'Quiet', to: { kind: 'outside', what: 'https://news.example.com' } }),
    ]);
    expect(JSON.stringify(graph)).not.toContain('secret');
  });

  test.each(['NONE', 'AWS_IAM'] as const)('the URL of a function is that of the template: %s', async (AuthType) => {
    const ofTemplate = (await graphOfTemplate(news)).apis.find(
      ({ id }) => id === (AuthType === 'NONE' ? 'OpenUrl' : 'SignedUrl'),
    );
    const [id, of] = AuthType === 'NONE' ? ['OpenUrl', 'Publish'] : ['SignedUrl', 'Print'];
    const clients = clientsOf(access());
    const resources = await listResources(clients, stackName, region);
    const FunctionName = resources.find((each) => each.id === of)?.physicalId ?? '';
    const lambda = new LambdaClient(access());
    await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType }));
    // As CloudFormation names it on AWS.
    const physicalId = `arn:aws:lambda:${region}:123456789012:function:${FunctionName}`;
    const { node, url } = await describeFunctionUrl(
      clients,
      { id, type: 'AWS::Lambda::Url', physicalId },
      namesOf(resources),
    );
    lambda.destroy();
    clients.destroy();
    expect(withoutIds(node)).toEqual(ofTemplate && withoutIds(ofTemplate));
    expect(node.name).toBe(FunctionName);
    expect(url).toContain(`${node.apiId}.lambda-url.us-east-1.on.aws`);
  });
});
