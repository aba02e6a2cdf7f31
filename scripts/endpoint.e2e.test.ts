// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Bring your own stack: the command against a plain echo server, and against servers that are not a target at all. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { signToken } from '../engine/src/core/connections/token.ts';
import type { Report } from '../reports/report.ts';
import { type LocalTarget, startLocalTarget } from '../run/target/local-target.ts';
import { parseSettings } from '../stack/settings/settings.ts';
import { startCommand } from './command.fixture.ts';

let folder: string;
let temporary: string;
const servers: Server[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-endpoint-'));
  temporary = mkdtempSync(join(tmpdir(), 'loadline-temporary-'));
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
});

const loadline = (args: string[], environment: Record<string, string> = {}) =>
  startCommand(args, { folder, temporary, environment }).ended;

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const reportOf = (stdout: string): Report =>
  JSON.parse(readFileSync(join(JSON.parse(stdout).folder, 'report.json'), 'utf8'));
/** Of a run that completed. Whether it was fast enough depends on the machine, and is not judged here. */
const judged = [0, 1, 3];
/** What is awaited has come long before, on a machine that is not busy. */
const patient = ['--drain', '60', '--timeout', '60'];
const small = ['--connections', '5', '--connect-rate', '50', '--quiet'];

test('messaging against a plain echo server: answers by the matcher, no claims about AWS', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer();
  const port = await portOf(server);
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered].at(-1) ?? false });
  sockets.on('connection', (socket, request) => {
    seen.push(request.headers);
    socket.on('message', (data) => socket.send(`re: ${String(data)}`));
  });
  const url = `ws://127.0.0.1:${port}/feed`;
  const { code, stdout, stderr } = await loadline([
    ...['run', 'messaging', '--url', url, '--json', ...small, ...patient, '--steady', '2', '--message-rate', '20'],
    ...[
      '--header',
      'authorization: Bearer abc',
      '--header',
      'x-tenant: 7',
      '--subprotocol',
      'v1',
      '--subprotocol',
      'v2',
    ],
    ...['--message', '{"call":"${id}","by":"${user}"}', '--answer', '/"call":"([^"]+)"/'],
  ]);
  expect(stderr).toBe('');
  expect(judged).toContain(code);
  expect(seen).toHaveLength(5);
  expect(seen[0]).toMatchObject({
    authorization: 'Bearer abc',
    'x-tenant': '7',
    'sec-websocket-protocol': expect.stringMatching(/^v1, ?v2$/),
  });
  const report = reportOf(stdout);
  expect(report.verdict.sentence).toMatch(/the endpoint .* 5 connections and 20 messages\/s/);
  expect(report.verdict.sentence).not.toMatch(/quota|headroom|runs out/);
  expect(report.title).toBe(`Load report: messaging on 127.0.0.1:${port}`);
  const messages = report.ledger?.messages;
  expect(messages?.intended).toBeGreaterThan(15);
  expect(messages?.outcomes.answered).toBe(messages?.intended);
  expect(report).toMatchObject({ headroom: [], binding: null, projection: null, cost: [], recommendations: [] });
  expect(report.warnings.map(({ code: warning }) => warning)).toContain('endpoint');
  expect(report.howMeasured.join(' ')).toContain('no webhooks were posted');
  expect(report.howMeasured.join(' ')).not.toMatch(/CloudWatch series|Growth/);
  expect(JSON.stringify(report)).not.toContain('Bearer abc');
});

test('a server that closes with 4401 after a while: the SLO is broken, by the server, and the verdict says so', async () => {
  const server = createServer();
  const port = await portOf(server);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(String(data)));
    setTimeout(() => socket.close(4401, 'login required'), 1_500);
  });
  const { code, stdout } = await loadline([
    ...['run', 'messaging', '--url', `ws://127.0.0.1:${port}/`, '--json', ...small],
    ...['--steady', '6', '--message-rate', '20', '--message', '{"call":"${id}"}', '--answer', '$.call'],
  ]);
  const report = reportOf(stdout);
  expect(report.conduct?.closes).toEqual([{ code: '4401', reason: 'login required', count: 5 }]);
  expect(report.verdict.sentence).toContain(
    'messages failed: the target closed 5 connections with 4401 “login required”.',
  );
  expect(report.verdict.sentence).not.toMatch(/generator|offered rate/);
  expect(code).toBe(1);
});

describe.concurrent('not a target: exit code 4 and one sentence', () => {
  const connecting = ['run', 'connections', ...small, '--variable', 'holdSeconds=1', '--drain', '1', '--timeout', '30'];

  test('nothing listens', async ({ expect }) => {
    const server = createTcpServer();
    const port = await portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const { code, stdout } = await loadline([...connecting, '--url', `ws://127.0.0.1:${port}/`]);
    expect(code).toBe(4);
    expect(stdout).toContain(
      `No connection to ws://127.0.0.1:${port}/ could be opened: 5 of 5 failed, the last with ECONNREFUSED.`,
    );
  });

  test('a web server without WebSockets', async ({ expect }) => {
    const port = await portOf(createServer((_, response) => response.end('hello')));
    const { code, stdout } = await loadline([...connecting, '--url', `ws://127.0.0.1:${port}/`]);
    expect(code).toBe(4);
    expect(stdout).toContain('It answers HTTP 200 instead of a WebSocket upgrade: check host and path of the URL.');
  });

  test('a server of another protocol', async ({ expect }) => {
    const port = await portOf(createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n\r\n')));
    const { code, stdout } = await loadline([...connecting, '--url', `ws://127.0.0.1:${port}/`]);
    expect(code).toBe(4);
    expect(stdout).toContain(
      'What listens there does not speak WebSocket: check host and port of the URL, and whether it wants TLS (wss://).',
    );
  });
});

describe('the reference stack at a URL', () => {
  let local: LocalTarget;
  beforeAll(async () => {
    local = await startLocalTarget({ settings: parseSettings(), seed: 1 });
  });
  afterAll(() => local.stop());

  test('an expired token: exit code 4, one sentence, and the token is not in it', async () => {
    const { tokenSecret: secret, webSocketUrl } = local.target;
    const token = await signToken({
      ...{ user: 'u-1', secret },
      issuedAtSeconds: Date.now() / 1_000 - 120,
      expiresAtSeconds: Date.now() / 1_000 - 60,
    });
    const { code, stdout } = await loadline(
      ['run', 'connections', ...small, '--variable', 'holdSeconds=1', '--url', `${webSocketUrl}?token=${token}`],
      { LOADLINE_TOKEN_SECRET: '' },
    );
    expect(code).toBe(4);
    expect(stdout).toContain('the last with HTTP 401. The target does not accept the token');
    expect(stdout).toContain('has not expired');
    expect(stdout).not.toContain(token);
  });

  test('with its secrets it is loaded like a target, including webhooks', async () => {
    const { tokenSecret, webhookSecret, webSocketUrl, webhookUrl } = local.target;
    const { code, stdout } = await loadline(
      [
        ...[
          'run',
          'sync',
          '--url',
          webSocketUrl,
          '--webhook-url',
          webhookUrl,
          '--json',
          ...small,
          ...patient,
          '--steady',
          '2',
        ],
        ...['--message-rate', '10', '--webhook-rate', '5', '--burst-rate', '0'],
      ],
      { LOADLINE_TOKEN_SECRET: tokenSecret, LOADLINE_WEBHOOK_SECRET: webhookSecret },
    );
    expect(judged).toContain(code);
    const { ledger } = reportOf(stdout);
    expect(ledger?.messages.outcomes.answered).toBe(20);
    expect(ledger?.events).toMatchObject({ accepted: 10, lost: 0, confirmed: false, inFlight: null });
  });

  test('a reconnect storm: the target closes every connection, all reconnect within the quota, and the report says how fast', async () => {
    const description = join(folder, 'target.json');
    writeFileSync(description, JSON.stringify(local.target));
    const { code, stdout } = await loadline([
      ...[
        'run',
        'reconnect-storm',
        '--target',
        description,
        '--json',
        '--quiet',
        '--connections',
        '20',
        '--connect-rate',
        '50',
      ],
      ...[
        ...patient,
        '--variable',
        'stormSeconds=8',
        '--variable',
        'dropAllAtSeconds=1',
        '--variable',
        'reconnectBaseSeconds=0.5',
      ],
    ]);
    expect(judged).toContain(code);
    const { ledger, latency, howMeasured } = reportOf(stdout);
    expect(ledger?.recoveries).toEqual({ lost: 20, recovered: 20, abandoned: 0, notBack: 0 });
    expect(ledger?.connects.outcomes.opened).toBe(40);
    const recovery = latency.find(({ id }) => id === 'recovery')?.run;
    expect(recovery?.samples).toBe(20);
    // Full jitter over half a second, and the handshake: long before the end of the storm.
    expect(recovery?.max.ms).toBeGreaterThan(0);
    expect(recovery?.max.ms).toBeLessThan(7_000);
    expect(howMeasured.join(' ')).toContain('Fault "every connection lost" fired 20 times.');
  });
});
