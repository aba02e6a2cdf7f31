/** What the reference stack does on this machine, in either variant. */
import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { localCredentials } from '../../local/gateway/connections-api/sigv4.ts';
import { connect, handshakeStatus } from '../../local/testing/web-socket-client.ts';
import { targetSchema } from '../../record/target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { readDeployedStack } from './deployed/deployed-stack.ts';
import { type LocalTarget, startLocalTarget } from './local-target.ts';

const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'thing' } };

async function tokenOf({ target }: LocalTarget, user: string, claims: object = {}): Promise<string> {
  const key = new TextEncoder().encode(target.tokenSecret);
  const jwt = new SignJWT({ sub: user, aud: 'loadline', ...claims }).setProtectedHeader({ alg: 'HS256' });
  return await jwt.setIssuedAt().setExpirationTime('1h').sign(key);
}

function postWebhook(
  { target }: LocalTarget,
  event: { id: string; owner: string; subject?: string },
  secret = target.webhookSecret,
) {
  const object = { id: 'm-1', grant_id: event.owner, object: 'message', subject: event.subject ?? 'Hello' };
  const body = JSON.stringify({
    specversion: '1.0',
    type: 'message.created',
    source: '/google/emails/realtime',
    id: event.id,
    time: 1_787_827_767,
    data: { application_id: 'app', object },
  });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-nylas-signature': signature };
  return fetch(target.webhookUrl, { method: 'POST', headers, body });
}

export function testReferenceStack(ingest: 'lambda' | 'direct'): void {
  let local: LocalTarget;
  let logFolder: string;
  beforeAll(async () => {
    logFolder = await mkdtemp(join(tmpdir(), 'loadline-local-test-'));
    local = await startLocalTarget({ settings: parseSettings({ ingest }), logFolder });
  });
  afterAll(async () => {
    await local.stop();
    await rm(logFolder, { recursive: true });
  });

  test('has one graph: of its template, and as its services describe it', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'thing');
    const { graph: ofTemplate, endpoints, resources } = local.target;
    const { stackName } = resources;
    const endpoint = endpoints?.cloudwatch;
    const { graph, webSocketUrls } = await readDeployedStack(stackName, { region: client.region, endpoint });
    // The functions push to an address of this machine, which names no API.
    const apis = new Set(graph.apis.map(({ id }) => id));
    const reaches = ofTemplate.reaches.filter(({ to }) => !apis.has(to));
    expect(graph).toEqual({ ...ofTemplate, reaches });
    expect(webSocketUrls).toEqual([{ api: 'websocket', url: local.target.webSocketUrl }]);
    vi.unstubAllEnvs();
  });

  test('is described as the contract says', () => {
    expect(targetSchema.parse(local.target)).toEqual(local.target);
    expect(local.target.processIds).toHaveLength(4);
  });

  test('answers the challenge exactly, with a length', async () => {
    const answer = await fetch(`${local.target.webhookUrl}?challenge=abc%20123`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe('7');
    expect(await answer.text()).toBe('abc 123');
  });

  test('lets a client in with a token only, and answers its ping', async () => {
    expect((await handshakeStatus(local.target.webSocketUrl)).status).toBe(401);
    expect((await handshakeStatus(`${local.target.webSocketUrl}?token=forged`)).status).toBe(401);
    const { socket, next, closed } = await connect(`${local.target.webSocketUrl}?token=${await tokenOf(local, 'ann')}`);
    socket.send('{"action":"ping","id":"a1"}');
    expect(JSON.parse(await next())).toEqual({ type: 'pong', id: 'a1' });
    socket.close();
    await closed;
  });

  test('lets a client use the channels that its token names', async () => {
    const channels = { subscribe: ['team.*'], publish: ['team.7'] };
    const url = `${local.target.webSocketUrl}?token=${await tokenOf(local, 'ann', { channels })}`;
    const { socket, next, closed } = await connect(url);
    const say = async (message: object) => {
      socket.send(JSON.stringify(message));
      return JSON.parse(await next());
    };
    const forbidden = { type: 'error', code: 'forbidden', id: 'a1' };
    expect(await say({ action: 'subscribe', id: 'a1', channel: 'other' })).toMatchObject(forbidden);
    expect(await say({ action: 'publish', id: 'a1', channel: 'team.8', body: 1 })).toMatchObject(forbidden);
    expect(await say({ action: 'subscribe', id: 'a2', channel: 'team.7' })).toMatchObject({ type: 'subscribed' });
    socket.send('{"action":"publish","id":"a3","channel":"team.7","body":1}');
    const [first, second] = [JSON.parse(await next()), JSON.parse(await next())];
    expect([first.type, second.type].toSorted()).toEqual(['message', 'published']);
    socket.close();
    await closed;
  });

  test('a webhook reaches the open tab of its owner, once, and the queue is empty afterwards', async () => {
    const { socket, next, closed } = await connect(`${local.target.webSocketUrl}?token=${await tokenOf(local, 'bob')}`);
    const dynamodb = new DynamoDBClient({ ...client, endpoint: local.target.endpoints?.dynamodb ?? '' });
    const partitionKeys = async () => {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: local.target.resources.tableName }));
      return Items.map(({ pk }) => pk?.S);
    };
    expect(await partitionKeys()).toContain('U#bob');
    for (const id of ['e1', 'e1', 'e2']) expect((await postWebhook(local, { id, owner: 'bob' })).status).toBe(200);
    const received = [JSON.parse(await next()), JSON.parse(await next())];
    expect(received.map(({ eventId }) => eventId).toSorted()).toEqual(['e1', 'e2']);
    const sqs = new SQSClient({ ...client, endpoint: local.target.endpoints?.sqs ?? '' });
    await vi.waitFor(async () => {
      const QueueUrl = local.target.resources.queueUrl;
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      expect(Attributes).toMatchObject({
        ApproximateNumberOfMessages: '0',
        ApproximateNumberOfMessagesNotVisible: '0',
      });
    }, 20_000);
    socket.close();
    await closed;
    await vi.waitFor(async () => expect(await partitionKeys()).not.toContain('U#bob'), 20_000);
  });

  test('text comes out of the queue as it was sent', async () => {
    const { socket, next, closed } = await connect(`${local.target.webSocketUrl}?token=${await tokenOf(local, 'cat')}`);
    // In the variant `direct` the queue takes the body as it is, and so only what SQS takes.
    const subject = ingest === 'direct' ? 'Grüße 漢字 😀' : 'Grüße 漢字 😀 \ufffe\uffff \u0001 \ud800';
    expect((await postWebhook(local, { id: 'text', owner: 'cat', subject })).status).toBe(200);
    expect(JSON.parse(await next()).object.subject).toBe(subject);
    socket.close();
    await closed;
  });

  test('a webhook signed with the secret before or after its rotation reaches its owner', async () => {
    const { socket, next, closed } = await connect(`${local.target.webSocketUrl}?token=${await tokenOf(local, 'dan')}`);
    const secrets = new SecretsManagerClient({
      region: client.region,
      credentials: localCredentials,
      endpoint: local.target.endpoints?.secretsManager ?? '',
    });
    const SecretId = local.target.resources.webhookSecretArn;
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'the next secret' }));
    expect((await postWebhook(local, { id: 'before', owner: 'dan' })).status).toBe(200);
    expect(JSON.parse(await next()).eventId).toBe('before');
    expect((await postWebhook(local, { id: 'after', owner: 'dan' }, 'the next secret')).status).toBe(200);
    expect(JSON.parse(await next()).eventId).toBe('after');
    socket.close();
    await closed;
  });

  test('writes logs, and only below the log folder', async () => {
    const files = await readdir(logFolder);
    expect(files).toEqual(
      expect.arrayContaining(['decisions.ndjson', 'dynamodb.log', 'gateway.log', 'sqs.log', 'supervisor.log']),
    );
    expect(await readFile(join(logFolder, 'gateway.log'), 'utf8')).toBe('');
  });
}
