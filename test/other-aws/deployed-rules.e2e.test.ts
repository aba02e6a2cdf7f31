/** Rules of EventBridge of a deployed stack, where somebody else's implementation of AWS deploys and describes them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StackGraph } from '../../graph/model.ts';
import { readDeployedStack } from '../../run/target/deployed/deployed-stack.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { deploy, region } from './deploy.fixture.ts';
import { type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();
const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** `bus` null: the default one. */
const templateOn = (bus: string | null) => ({
  Resources: {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    Push: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...{ Runtime: 'nodejs22.x', Handler: 'index.handler', Role: att('Role') },
        Code: { ZipFile: 'exports.handler = async () => {};' },
        ...(bus !== null && { Environment: { Variables: { BUS: bus } } }),
      },
    },
    Inbox: { Type: 'AWS::SQS::Queue', Properties: {} },
    Lost: { Type: 'AWS::SQS::Queue', Properties: {} },
    News: { Type: 'AWS::SNS::Topic', Properties: {} },
    ...(bus !== null && { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: bus } } }),
    Orders: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ...{ EventPattern: { source: ['shop'] }, State: 'ENABLED' },
        ...(bus !== null && { EventBusName: { Ref: 'Bus' } }),
        Targets: [
          { Id: 'push', Arn: att('Push'), DeadLetterConfig: { Arn: att('Lost') } },
          { Id: 'queue', Arn: att('Inbox') },
          { Id: 'topic', Arn: { Ref: 'News' } },
          { Id: 'theirs', Arn: 'arn:aws:lambda:us-east-1:123456789012:function:theirs' },
        ],
      },
    },
    Nightly: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ...{ ScheduleExpression: 'rate(1 day)', State: 'ENABLED' },
        Targets: [{ Id: 'push', Arn: att('Push') }],
      },
    },
  },
});

/** moto does not say which bus a stack has. */
const others = [
  {
    name: 'moto',
    bus: null,
    busNode: { id: 'default', name: 'default' },
    server: {
      ...{ requirement: 'moto[server]==5.2.5', program: 'moto.server' },
      args: (port: number) => ['-H', '127.0.0.1', '-p', String(port)],
    },
  },
  {
    name: 'ministack',
    bus: 'shop-bus',
    busNode: { id: 'Bus', name: 'shop-bus' },
    server: {
      ...{ requirement: 'ministack==1.5.33', program: 'ministack.app', args: () => [] },
      environment: (port: number) => ({ GATEWAY_PORT: String(port) }),
    },
  },
];

describe.skipIf(why !== null).each(others)(`on $name, a stack with an event bus${why ? ` (${why})` : ''}`, (other) => {
  let server: PythonServer;
  let graph: StackGraph;
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    server = await startPythonServer(other.server);
    await deploy(server.url, 'shop', templateOn(other.bus));
    ({ graph } = await readDeployedStack('shop', { region, endpoint: server.url }));
  }, installMs);
  afterAll(() => server?.stop());

  test('its bus, and its rules with their targets and dead letters', () => {
    expect(graph.eventBuses).toEqual([other.busNode]);
    expect(graph.rules?.map(({ name: _, ...rule }) => rule)).toEqual([
      {
        ...{ id: 'Nightly', bus: 'default', matchesEvents: false, schedule: 'rate(1 day)' },
        targets: [{ id: 'push', to: { kind: 'function', id: 'Push' }, deadLetters: null }],
      },
      {
        ...{ id: 'Orders', bus: other.busNode.id, matchesEvents: true, schedule: null },
        targets: [
          { id: 'push', to: { kind: 'function', id: 'Push' }, deadLetters: { id: 'Lost' } },
          { id: 'queue', to: { kind: 'queue', id: 'Inbox' }, deadLetters: null },
          { id: 'theirs', to: { kind: 'outside', what: 'theirs' }, deadLetters: null },
          { id: 'topic', to: { kind: 'topic', id: 'News' }, deadLetters: null },
        ],
      },
    ]);
  });

  test('a function reaches the bus whose name it has, and the topic of a rule is on the way', () => {
    expect(graph.reaches).toEqual(other.bus === null ? [] : [{ from: 'Push', to: 'Bus' }]);
    expect(graph.topics?.map(({ id }) => id)).toEqual(['News']);
  });
});
