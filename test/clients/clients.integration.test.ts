import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  ForbiddenException,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { CloudWatchClient, GetMetricDataCommand, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { localCredentials } from '../../local/gateway/connections-api/sigv4.ts';
import { connect } from '../../local/testing/web-socket-client.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { connectUrl, sign } from '../../scripts/actions/token.ts';
import { parseSettings } from '../../stack/settings/settings.ts';

let local: LocalTarget;
let url: string;

beforeAll(async () => {
  local = await startLocalTarget({ settings: parseSettings({}) });
  url = connectUrl(local.target, await sign('u-1', local.target.tokenSecret, 1));
});
afterAll(() => local.stop());

describe('AWS SDK for JavaScript', () => {
  const as = (service: 'cloudwatch' | 'dynamodb' | 'sqs' | 'secretsManager' | 'apiGatewayManagementApi') => ({
    region: 'us-east-1',
    endpoint: local.target.endpoints?.[service] ?? '',
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
    maxAttempts: 1,
  });

  test('Secrets Manager, DynamoDB and SQS', async () => {
    const { resources } = local.target;
    const secrets = new SecretsManagerClient({ ...as('secretsManager'), credentials: localCredentials });
    const secret = await secrets.send(new GetSecretValueCommand({ SecretId: resources.webhookSecretArn }));
    expect(secret.SecretString).toBe(local.target.webhookSecret);

    const { socket } = await connect(url);
    const table = await new DynamoDBClient(as('dynamodb')).send(new ScanCommand({ TableName: resources.tableName }));
    expect(table.Items?.map(({ pk }) => pk?.S)).toContain('U#u-1');
    socket.close();

    const sqs = new SQSClient(as('sqs'));
    const QueueUrl = resources.deadLetterQueueUrl;
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'é' }));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toMatchObject([{ MessageId, Body: 'é' }]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
  });

  test('@connections: a full lifecycle, and each error with its class', async () => {
    const gateway = new ApiGatewayManagementApiClient(as('apiGatewayManagementApi'));
    const { socket, next, closed } = await connect(url);
    const { Items = [] } = await new DynamoDBClient(as('dynamodb')).send(
      new ScanCommand({ TableName: local.target.resources.tableName }),
    );
    const ids = Items.flatMap(({ sk }) => (sk?.S?.startsWith('C#') ? [sk.S.slice(2)] : []));
    // The previous test's connection may not be gone yet.
    const open = await Promise.all(
      ids.map((ConnectionId) =>
        gateway.send(new GetConnectionCommand({ ConnectionId })).then(
          ({ Identity }) => ({ ConnectionId, Identity }),
          () => null,
        ),
      ),
    );
    const found = open.find((one) => one !== null);
    expect(found?.Identity).toEqual({ SourceIp: '127.0.0.1' });
    const ConnectionId = found?.ConnectionId ?? '';
    await gateway.send(new PostToConnectionCommand({ ConnectionId, Data: 'hello' }));
    expect(await next()).toBe('hello');
    const tooLarge = gateway.send(new PostToConnectionCommand({ ConnectionId, Data: 'x'.repeat(131_073) }));
    await expect(tooLarge).rejects.toBeInstanceOf(PayloadTooLargeException);
    const forged = new ApiGatewayManagementApiClient({
      ...as('apiGatewayManagementApi'),
      credentials: { accessKeyId: 'LOADLINELOCAL', secretAccessKey: 'wrong' },
    });
    await expect(forged.send(new GetConnectionCommand({ ConnectionId }))).rejects.toBeInstanceOf(ForbiddenException);
    const malformed = gateway.send(new GetConnectionCommand({ ConnectionId: 'a/b' }));
    await expect(malformed).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'Invalid connectionId: a/b',
    });
    await gateway.send(new DeleteConnectionCommand({ ConnectionId }));
    expect(await closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    const gone = gateway.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }));
    await expect(gone).rejects.toBeInstanceOf(GoneException);
    socket.terminate();
  });

  test('CloudWatch has metrics of the calls above, per second', async () => {
    const client = new CloudWatchClient(as('cloudwatch'));
    const namespaces = async () => {
      const names = new Set<string | undefined>();
      for await (const { Metrics = [] } of paginateListMetrics({ client }, { RecentlyActive: 'PT3H' })) {
        for (const { Namespace } of Metrics) names.add(Namespace);
      }
      return [...names];
    };
    // Other processes report their metrics once a second.
    await vi.waitFor(
      async () =>
        expect(await namespaces()).toEqual(
          expect.arrayContaining(['AWS/ApiGateway', 'AWS/Lambda', 'AWS/SQS', 'AWS/DynamoDB']),
        ),
      30_000,
    );
    const Metric = {
      Namespace: 'AWS/ApiGateway',
      MetricName: 'ConnectCount',
      Dimensions: [{ Name: 'ApiId', Value: local.target.resources.webSocketApiId }],
    };
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(Date.now() - 60_000),
        EndTime: new Date(Date.now() + 1_000),
        MetricDataQueries: [
          { Id: 'm', MetricStat: { Metric, Period: 1, Stat: 'Sum' }, ReturnData: false },
          { Id: 'e', Expression: 'FILL(m, 0) + 0' },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values?.reduce((total, value) => total + value, 0)).toBe(2);
  });
});

test('ws, as wscat uses it: ping, and a subscription that receives its own publish', async () => {
  const { socket, next } = await connect(url);
  const answerTo = async (message: object) => {
    socket.send(JSON.stringify(message));
    return JSON.parse(await next());
  };
  expect(await answerTo({ action: 'ping', id: 'a1' })).toEqual({ type: 'pong', id: 'a1' });
  expect(await answerTo({ action: 'subscribe', id: 'a2', channel: 'c' })).toMatchObject({ type: 'subscribed' });
  socket.send(JSON.stringify({ action: 'publish', id: 'a3', channel: 'c', body: 1 }));
  const types = [JSON.parse(await next()).type, JSON.parse(await next()).type];
  expect(types.toSorted()).toEqual(['message', 'published']);
  socket.close();
});
