/** Clients that nobody here wrote, against the reference stack on this machine; the commands are those of docs/clients.md. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
import { type Client, connect } from '../../local/testing/web-socket-client.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { connectUrl, sign } from '../../scripts/commands/token.ts';
import { parseSettings } from '../../stack/settings.ts';
import { documentedBlock } from './documented-block.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let local: LocalTarget;
let url: string;
/** Where an engineer would stand: target.json, and the packages. */
let folder: string;

beforeAll(async () => {
  local = await startLocalTarget({ settings: parseSettings({}) });
  url = connectUrl(local.target, await sign('u-1', local.target.tokenSecret, 1));
  folder = mkdtempSync(join(tmpdir(), 'loadline-clients-'));
  writeFileSync(join(folder, 'target.json'), JSON.stringify({ ...local.target, connectUrl: url }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true });
});

/** Runs as in a terminal: with the Node.js of this project, and without this machine's AWS configuration. */
async function run(command: string, args: readonly string[], environment: Record<string, string> = {}) {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, PATH, ...environment } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output, errors };
}

const isInstalled = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

describe('AWS SDK for JavaScript', () => {
  const as = (service: 'cloudwatch' | 'dynamodb' | 'sqs' | 'secretsManager' | 'apiGatewayManagementApi') => ({
    region: 'us-east-1',
    endpoint: local.target.endpoints?.[service] ?? '',
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
    maxAttempts: 1,
  });

  test('Secrets Manager, DynamoDB and SQS', async () => {
    const { resources } = local.target;
    const secrets = new SecretsManagerClient(as('secretsManager'));
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

  test('@connections: a whole life, and each error as its class', async () => {
    const gateway = new ApiGatewayManagementApiClient(as('apiGatewayManagementApi'));
    const { socket, next, closed } = await connect(url);
    const { Items = [] } = await new DynamoDBClient(as('dynamodb')).send(
      new ScanCommand({ TableName: local.target.resources.tableName }),
    );
    const ids = Items.flatMap(({ sk }) => (sk?.S?.startsWith('C#') ? [sk.S.slice(2)] : []));
    // The one of the test before may not be gone yet.
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

  test('CloudWatch: what was done above is there, by the second', async () => {
    const client = new CloudWatchClient(as('cloudwatch'));
    const namespaces = async () => {
      const names = new Set<string | undefined>();
      for await (const { Metrics = [] } of paginateListMetrics({ client }, { RecentlyActive: 'PT3H' })) {
        for (const { Namespace } of Metrics) names.add(Namespace);
      }
      return [...names];
    };
    // Other processes hand in their metrics once a second.
    await vi.waitFor(
      async () =>
        expect(await namespaces()).toEqual(
          expect.arrayContaining(['AWS/ApiGateway', 'AWS/Lambda', 'AWS/SQS', 'AWS/DynamoDB']),
        ),
      5_000,
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

  test('the documented script', async () => {
    const { output, errors } = await run(process.execPath, ['--input-type=module', '-e', documentedBlock('js', 'sdk')]);
    expect([output, errors]).toEqual(['true\n', '']);
  });
});

test('ws, as wscat uses it: ping, and a subscription that hears its own publish', async () => {
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

describe.skipIf(!isInstalled('curl') || !isInstalled('openssl'))('curl', () => {
  test('the documented commands print what is documented, and the webhook arrives', async () => {
    const { next, socket } = await connect(url);
    const script = `${documentedBlock('sh', 'setup')}\n${documentedBlock('sh', 'curl')}`;
    const { output, errors, code } = await run('bash', ['-euo', 'pipefail', '-c', script]);
    expect([output, errors, code]).toEqual([documentedBlock('text', 'curl'), '', 0]);
    expect(JSON.parse(await next())).toMatchObject({ type: 'event', eventId: 'n-1' });
    socket.close();
  });

  test('an offer of HTTP/2 is declined, not refused', async () => {
    const args = [
      '-sS',
      '--http2',
      '-w',
      ' %{http_code} %{http_version}',
      `${local.target.webhookUrl}?challenge=hello`,
    ];
    expect((await run('curl', args)).output).toBe('hello 200 1.1');
  });
});

describe('Artillery', () => {
  let client: Client;
  afterAll(() => client.socket.close());

  test('the documented script of challenges and signed webhooks: 60 are answered 200, and the webhooks arrive', async () => {
    const artillery = createRequire(import.meta.url).resolve('artillery/package.json');
    const report = join(folder, 'artillery.json');
    const events: string[] = [];
    client = await connect(url);
    client.socket.on('message', (data) => events.push(JSON.parse(String(data)).type));
    const { code, output, errors } = await run(
      process.execPath,
      [join(dirname(artillery), 'bin/run'), 'run', '--output', report, join(root, 'docs/clients/webhooks.yml')],
      {
        WEBHOOK_URL: local.target.webhookUrl,
        WEBHOOK_SECRET: local.target.webhookSecret,
        ARTILLERY_DISABLE_TELEMETRY: 'true',
      },
    );
    expect([code, code === 0 ? '' : output + errors]).toEqual([0, '']);
    const { counters } = JSON.parse(readFileSync(report, 'utf8')).aggregate;
    expect(counters).toMatchObject({ 'http.codes.200': 60, 'vusers.completed': 60, 'vusers.failed': 0 });
    const webhooks = counters['vusers.created_by_name.webhook'];
    expect(webhooks).toBeGreaterThan(30);
    const deadline = Date.now() + 10_000;
    while (events.length < webhooks && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events.filter((type) => type === 'event')).toHaveLength(webhooks);
  });
});
