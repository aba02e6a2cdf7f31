/** The reference stack on this machine, its control endpoint, and clients: patient ones, and one that gives up after 300 ms. */
import { createHmac } from 'node:crypto';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type ListMetricsCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SignJWT } from 'jose';
import { expect, vi } from 'vitest';
import { localCredentials } from '../../local/gateway/connections-api/sigv4.ts';
import { type FaultsFile, faultsPath } from '../../local/start.ts';
import { type Client, connect } from '../../local/testing/web-socket-client.ts';
import { startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';

interface Listed {
  faults: { name: string; fired: number; seed: number }[];
  cleared: { name: string; fired: number }[];
}

export type FaultyStack = Awaited<ReturnType<typeof startFaultyStack>>;

export async function startFaultyStack(faults?: FaultsFile) {
  const local = await startLocalTarget({ settings: parseSettings(), seed: 7, ...(faults && { faults }) });
  const { target } = local;
  const { endpoints } = target;
  const common = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
    maxAttempts: 1,
  };
  const clients = {
    dynamodb: new DynamoDBClient({ ...common, endpoint: endpoints?.dynamodb ?? '' }),
    sqs: new SQSClient({ ...common, endpoint: endpoints?.sqs ?? '' }),
    cloudwatch: new CloudWatchClient({ ...common, endpoint: endpoints?.cloudwatch ?? '' }),
    // Any credentials do for the others.
    secrets: new SecretsManagerClient({
      ...common,
      credentials: localCredentials,
      endpoint: endpoints?.secretsManager ?? '',
    }),
  };
  const requestHandler = { requestTimeout: 300, throwOnRequestTimeout: true };
  const impatient = new DynamoDBClient({ ...common, requestHandler, endpoint: endpoints?.dynamodb ?? '' });
  const table = { TableName: target.resources.tableName };
  // A message that was not deleted must be redelivered within a second.
  const QueueUrl = target.resources.queueUrl;
  await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));
  let open: Client[] = [];
  let faultsSet = 0;

  async function control(method: string, body?: unknown, path = ''): Promise<{ status: number; body: Listed }> {
    const response = await fetch(`${endpoints?.cloudwatch}${faultsPath}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Listed };
  }

  return {
    target,
    clients,
    table,
    control,
    scan: (client = clients.dynamodb) => client.send(new ScanCommand(table)),
    impatient,

    /** Under a new name each time: firings under an old one are still counted. */
    async setFault(fault: object): Promise<void> {
      faultsSet += 1;
      const { status, body } = await control('POST', { name: `fault ${faultsSet}`, ...fault });
      expect(status, JSON.stringify(body)).toBe(200);
    },

    /** Waits until the fault has fired this many times; the other processes report within a second. */
    firedTimes: (count: number) =>
      vi.waitFor(
        async () => expect((await control('GET')).body.faults.map(({ fired }) => fired)).toEqual([count]),
        20_000,
      ),

    async device(user: string): Promise<Client> {
      const key = new TextEncoder().encode(target.tokenSecret);
      const jwt = new SignJWT({
        sub: user,
        aud: 'loadline',
        channels: { subscribe: ['*'], publish: ['*'] },
      }).setProtectedHeader({ alg: 'HS256' });
      const token = await jwt.setIssuedAt().setExpirationTime('1h').sign(key);
      const client = await connect(`${target.webSocketUrl}?token=${token}`);
      open.push(client);
      return client;
    },

    postWebhook(id: string, owner: string): Promise<Response> {
      const object = { id: 'm-1', grant_id: owner, object: 'message', subject: 'Hello' };
      const data = { application_id: 'app', object };
      const event = { specversion: '1.0', type: 'message.created', source: '/google', id, time: 1_787_827_767, data };
      const body = JSON.stringify(event);
      const signature = createHmac('sha256', target.webhookSecret).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-nylas-signature': signature };
      return fetch(target.webhookUrl, { method: 'POST', headers, body });
    },

    async rowsOf(user: string): Promise<number> {
      const { Items = [] } = await clients.dynamodb.send(new ScanCommand(table));
      return Items.filter(({ pk }) => pk?.S === `U#${user}`).length;
    },

    /** Sum of a metric over the last minutes, regardless of dimensions other than those given. */
    async sumOf(metric: ListMetricsCommandInput): Promise<number> {
      const { Metrics = [] } = await clients.cloudwatch.send(new ListMetricsCommand(metric));
      const now = Date.now();
      const window = { StartTime: new Date(now - 600_000), EndTime: new Date(now + 60_000), Period: 60 };
      const sums = await Promise.all(
        Metrics.map(async ({ Namespace, MetricName, Dimensions }) => {
          const query = { Namespace, MetricName, Dimensions, Statistics: ['Sum' as const], ...window };
          const { Datapoints = [] } = await clients.cloudwatch.send(new GetMetricStatisticsCommand(query));
          return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
        }),
      );
      return Math.max(0, ...sums);
    },

    /** Between two tests: no faults, no connections. */
    async calm(): Promise<void> {
      await control('DELETE');
      for (const { socket } of open) socket.terminate();
      open = [];
    },

    stop: () => local.stop(),
  };
}

export const eventIdOf = async (client: Client): Promise<string> => JSON.parse(await client.next()).eventId;
