import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../stack/settings.ts';
import { targetSchema } from '../stack/target.ts';
import { type LocalTarget, startLocalTarget } from './start.ts';
import { connect, handshakeStatus } from './testing/web-socket-client.ts';

const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'thing' } };

async function tokenOf({ target }: LocalTarget, user: string): Promise<string> {
  const key = new TextEncoder().encode(target.tokenSecret);
  return await new SignJWT({ sub: user }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key);
}

function postWebhook({ target }: LocalTarget, event: { id: string; owner: string }, secret = target.webhookSecret) {
  const object = { id: 'm-1', grant_id: event.owner, object: 'message', subject: 'Hello' };
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

function alive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
const allGone = (processIds: readonly number[] = []) =>
  vi.waitFor(() => expect(processIds.filter(alive)).toEqual([]), { timeout: 5_000, interval: 50 });

describe.each(['lambda', 'direct'] as const)('the reference stack, ingest %s', (ingest) => {
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
    }, 5_000);
    socket.close();
    await closed;
    await vi.waitFor(async () => expect(await partitionKeys()).not.toContain('U#bob'), 5_000);
  });

  test('writes logs, and only below the log folder', async () => {
    const files = await readdir(logFolder);
    expect(files).toEqual(
      expect.arrayContaining(['decisions.ndjson', 'dynamodb.log', 'gateway.log', 'sqs.log', 'supervisor.log']),
    );
    expect(await readFile(join(logFolder, 'gateway.log'), 'utf8')).toBe('');
  });
});

describe('the processes of the target', () => {
  const settings = parseSettings();

  test('two targets run side by side, and a stop leaves nothing', async () => {
    const [first, second] = await Promise.all([startLocalTarget({ settings }), startLocalTarget({ settings })]);
    expect(first.target.webSocketUrl).not.toBe(second.target.webSocketUrl);
    await Promise.all([first.stop(), first.stop(), second.stop()]);
    expect((await first.exited).code).toBe(0);
    await allGone([...(first.target.processIds ?? []), ...(second.target.processIds ?? [])]);
  });

  test.each([
    ['the supervisor', 0],
    ['dynamodb', 1],
    ['sqs', 2],
    ['the gateway', 3],
    ['an edge', 5],
  ])('kill -9 of %s ends the whole target, with a reason', async (_name, index) => {
    const local = await startLocalTarget({ settings, ...(index > 3 && { gatewayProcesses: 2 }) });
    const killed = local.target.processIds?.[index] ?? 0;
    process.kill(killed, 'SIGKILL');
    const { code, reason } = await local.exited;
    expect(code).not.toBe(0);
    expect(reason).toMatch(
      /^The process (supervisor|dynamodb|sqs|gateway|edge-2) of the local target ended by SIGKILL\.$/,
    );
    await allGone(local.target.processIds);
    await local.stop();
  });

  test.each([0, 1.5, 33])('%d gateway processes are refused in one sentence', async (gatewayProcesses) => {
    await expect(startLocalTarget({ settings, gatewayProcesses })).rejects.toThrow(
      `gatewayProcesses must be a whole number from 1 to 32, not ${gatewayProcesses}.`,
    );
  });

  test('kill -9 of the process that started it ends the target', async () => {
    const script = `
      const { startLocalTarget } = await import(${JSON.stringify(import.meta.resolve('./start.ts'))});
      const { parseSettings } = await import(${JSON.stringify(import.meta.resolve('../stack/settings.ts'))});
      const local = await startLocalTarget({ settings: parseSettings() });
      console.log(JSON.stringify(local.target.processIds));
    `;
    const caller = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(caller.stdout, 'data');
    const processIds: number[] = JSON.parse(String(line));
    expect(processIds.every(alive)).toBe(true);
    caller.kill('SIGKILL');
    await allGone(processIds);
  });

  test('a taken port is one sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const name of ['gateway', 'aws', 'dynamodb', 'sqs']) {
      await expect(startLocalTarget({ settings, ports: { [name]: port } })).rejects.toThrow(
        `Port ${port} on 127.0.0.1 is taken. Choose another for ports.${name}, or 0 to have a free one chosen.`,
      );
    }
    taken.close();
  });

  test('an abort ends it, before it is ready and afterwards', async () => {
    const early = new AbortController();
    const starting = startLocalTarget({ settings, signal: early.signal });
    setTimeout(() => early.abort(), 100);
    await expect(starting).rejects.toThrow('aborted');
    const late = new AbortController();
    const local = await startLocalTarget({ settings, signal: late.signal });
    late.abort();
    await local.exited;
    await allGone(local.target.processIds);
  });
});
