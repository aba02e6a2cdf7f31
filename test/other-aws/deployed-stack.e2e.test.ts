/** The graph of a deployed stack of one’s own, where somebody else's implementation of AWS deploys it and describes it. */
import {
  APIGatewayClient,
  CreateUsagePlanCommand,
  UpdateStageCommand as RestStageCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StackGraph } from '../../graph/model.ts';
import { readDeployedStack } from '../../run/target/deployed/deployed-stack.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { deploy, region, useTestCredentials } from './deploy.fixture.ts';
import { type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();

beforeAll(useTestCredentials);

const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};
const functionWith = (Environment: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    ...{ Runtime: 'python3.12', Handler: 'index.handler', Role: att('Role') },
    Code: { ZipFile: 'def handler(event, context): pass' },
    Environment: { Variables: Environment },
    ...more,
  },
});
const method = (resource: string, HttpMethod: string, Integration: object, more: object = {}) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    ...{ RestApiId: { Ref: 'Shop' }, ResourceId: { Ref: resource }, HttpMethod, AuthorizationType: 'NONE' },
    ...{ Integration: { IntegrationHttpMethod: 'POST', ...Integration }, ...more },
  },
});
const resourceOf = (PathPart: string) => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: { RestApiId: { Ref: 'Shop' }, ParentId: att('Shop', 'RootResourceId'), PathPart },
});
const uriOf = (id: string) => ({
  'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations`,
});

/** A web shop: a REST API with all kinds of integrations, FIFO orders, a table with indexes and a stream, and invoices in a nested stack. */
const shop = (nestedUrl: string) => ({
  Resources: {
    Role: role,
    Rows: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: ['pk', 'sk', 'user'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 },
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byUser',
            KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
            ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 },
          },
        ],
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    },
    Lost: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'lost.fifo', FifoQueue: true } },
    Orders: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        ...{ QueueName: 'orders.fifo', FifoQueue: true, VisibilityTimeout: 90, MessageRetentionPeriod: 3_600 },
        RedrivePolicy: { deadLetterTargetArn: att('Lost'), maxReceiveCount: 3 },
      },
    },
    List: functionWith({ TABLE: { Ref: 'Rows' }, STAGE: 'prod' }, { MemorySize: 512, Timeout: 10 }),
    Pack: functionWith({ TABLE_ARN: att('Rows'), QUEUE: { Ref: 'Orders' } }, { ReservedConcurrentExecutions: 4 }),
    Index: functionWith(),
    OrdersToPack: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: att('Orders'), FunctionName: { Ref: 'Pack' }, BatchSize: 5 },
    },
    RowsToIndex: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: att('Rows', 'StreamArn'),
        FunctionName: { Ref: 'Index' },
        ...{ BatchSize: 100, StartingPosition: 'LATEST' },
      },
    },
    Shop: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'web-shop' } },
    OrdersPath: resourceOf('orders'),
    HealthPath: resourceOf('health'),
    GetOrders: method('OrdersPath', 'GET', { Type: 'AWS_PROXY', Uri: uriOf('List') }, { AuthorizationType: 'AWS_IAM' }),
    PostOrders: method(
      'OrdersPath',
      'POST',
      {
        Type: 'AWS',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's syntax, not JavaScript's
        Uri: { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/orders.fifo' },
      },
      { ApiKeyRequired: true },
    ),
    GetHealth: method('HealthPath', 'GET', { Type: 'MOCK', Uri: 'moto wants one' }),
    PutHealth: method('HealthPath', 'PUT', { Type: 'HTTP_PROXY', Uri: 'https://example.com/secret-path' }),
    ShopDeployment: {
      Type: 'AWS::ApiGateway::Deployment',
      Properties: { RestApiId: { Ref: 'Shop' }, StageName: 'live' },
      DependsOn: ['GetOrders', 'PostOrders', 'GetHealth', 'PutHealth'],
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
    Invoices: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: nestedUrl } },
  },
});
const invoices = {
  Resources: {
    Role: role,
    Print: functionWith({ QUEUE: { Ref: 'Paper' } }),
    Paper: { Type: 'AWS::SQS::Queue', Properties: {} },
  },
};

describe.skipIf(why !== null)(why ?? 'on moto, a stack of one’s own', () => {
  let server: PythonServer;
  let graph: StackGraph;
  beforeAll(async () => {
    server = await startPythonServer({
      requirement: 'moto[server]==5.2.5',
      program: 'moto.server',
      args: (port) => ['-H', '127.0.0.1', '-p', String(port)],
    });
    await fetch(`${server.url}/templates`, { method: 'PUT' });
    const body = JSON.stringify(invoices);
    await fetch(`${server.url}/templates/invoices.json`, { method: 'PUT', body });
    await deploy(server.url, 'shop', shop('https://s3.amazonaws.com/templates/invoices.json'));
    ({ graph } = await readDeployedStack('shop', { region, endpoint: server.url }));
    const client = new APIGatewayClient({ region, endpoint: server.url });
    const settings = { '*/*/throttling/rateLimit': '50', '*/*/throttling/burstLimit': '20' };
    const ofMethod = { '~1orders/POST/throttling/rateLimit': '5', '~1orders/POST/throttling/burstLimit': '2' };
    await client.send(
      new RestStageCommand({
        ...{ restApiId: graph.apis[0]?.apiId, stageName: 'live' },
        patchOperations: Object.entries({ ...settings, ...ofMethod }).map(([path, value]) => ({
          ...{ op: 'replace', path: `/${path}`, value },
        })),
      }),
    );
    // moto makes none of a template.
    await client.send(
      new CreateUsagePlanCommand({
        name: 'gold',
        throttle: { rateLimit: 10, burstLimit: 4 },
        quota: { limit: 1_000, period: 'DAY' },
        apiStages: [
          {
            ...{ apiId: graph.apis[0]?.apiId, stage: 'live' },
            throttle: { '/orders/POST': { rateLimit: 3, burstLimit: 1 } },
          },
        ],
      }),
    );
    client.destroy();
    ({ graph } = await readDeployedStack('shop', { region, endpoint: server.url }));
  }, installMs);
  afterAll(() => server?.stop());

  test('its REST API with every kind of integration, and its stage', () => {
    expect(graph.apis).toMatchObject([
      {
        ...{ id: 'Shop', kind: 'rest', name: 'web-shop', stages: ['live'] },
        throttles: [
          {
            ...{ stage: 'live', everyRoute: { ratePerSecond: 50, burst: 20 } },
            routes: { 'POST /orders': { ratePerSecond: 5, burst: 2 } },
          },
        ],
        usagePlans: [
          {
            ...{ id: 'gold', stage: 'live', throttle: { ratePerSecond: 10, burst: 4 } },
            routes: { 'POST /orders': { ratePerSecond: 3, burst: 1 } },
            quota: { requests: 1_000, period: 'day' },
          },
        ],
        routes: [
          { key: 'GET /health', integration: { kind: 'mock' }, authorizer: null },
          {
            key: 'GET /orders',
            integration: { kind: 'function', id: 'List' },
            authorizer: { kind: 'iam' },
          },
          { key: 'POST /orders', integration: { kind: 'queue', id: 'Orders' }, authorizer: null, needsKey: true },
          { key: 'PUT /health', integration: { kind: 'url', origin: 'https://example.com' }, authorizer: null },
        ],
      },
    ]);
  });

  test('its functions, those of the nested stack too, and what they reach', () => {
    expect(graph.functions.map(({ name: _, ...node }) => node)).toEqual([
      { id: 'Index', memoryMb: 128, timeoutSeconds: 3, reservedConcurrency: null },
      { id: 'Invoices/Print', memoryMb: 128, timeoutSeconds: 3, reservedConcurrency: null },
      { id: 'List', memoryMb: 512, timeoutSeconds: 10, reservedConcurrency: null },
      { id: 'Pack', memoryMb: 128, timeoutSeconds: 3, reservedConcurrency: 4 },
    ]);
    expect(graph.reaches).toEqual([
      { from: 'Invoices/Print', to: 'Invoices/Paper' },
      { from: 'List', to: 'Rows' },
      { from: 'Pack', to: 'Orders' },
      { from: 'Pack', to: 'Rows' },
    ]);
  });

  test('its queues with their dead letters, its table with indexes and stream', () => {
    expect(graph.queues.map(({ name: _name, url: _url, ...queue }) => queue)).toEqual([
      {
        id: 'Invoices/Paper',
        isFifo: false,
        visibilityTimeoutSeconds: 30,
        retentionSeconds: 345_600,
        deadLetters: null,
      },
      { id: 'Lost', isFifo: true, visibilityTimeoutSeconds: 30, retentionSeconds: 345_600, deadLetters: null },
      {
        ...{ id: 'Orders', isFifo: true, visibilityTimeoutSeconds: 90, retentionSeconds: 3_600 },
        deadLetters: { id: 'Lost', maxReceiveCount: 3 },
      },
    ]);
    expect(graph.tables).toMatchObject([
      {
        ...{ id: 'Rows', provisioned: { readUnits: 5, writeUnits: 7 }, hasStream: true },
        indexes: [{ name: 'byUser', kind: 'global' }],
      },
    ]);
  });

  test('its event sources', () => {
    expect(graph.eventSources).toMatchObject([
      { id: 'OrdersToPack', from: { kind: 'queue', id: 'Orders' }, function: 'Pack', batchSize: 5 },
      { id: 'RowsToIndex', from: { kind: 'stream', id: 'Rows' }, function: 'Index', batchSize: 100 },
    ]);
  });

  test('a stack that is not there is a sentence', async () => {
    await expect(readDeployedStack('other', { region, endpoint: server.url })).rejects.toThrow(
      'There is no stack other in us-east-1: name another, or another region with --region.',
    );
  });
});
