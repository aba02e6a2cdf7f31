/** What stands in front of a database, on a real server: its connections run out as in life, a proxy lends them, and what was committed survives a kill. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { iamToken } from '../../handlers/adapters/postgres/iam-token.ts';
import { PostgresClient } from '../../handlers/adapters/postgres/postgres-call.ts';
import { localCredentials } from '../../local/gateway/connections-api/sigv4.ts';
import { neededBinaries } from '../../local/postgres/binaries.ts';
import { DatabaseServer } from '../../local/postgres/database-server.ts';
import { Front } from '../../local/postgres/front.ts';
import { Gauge } from '../../local/postgres/gauge.ts';

/** With the three that PostgreSQL keeps for superusers: five for anybody else. */
const maxConnections = 8;
let server: DatabaseServer;
let direct: Front;
let proxy: Front;
let crashed = 0;
const refused = { direct: 0, proxy: 0 };
const clients: PostgresClient[] = [];
const folders: string[] = [];
const connections = { direct: new Gauge(), proxy: new Gauge() };

function temporaryFolder(mode: number): string {
  const folder = mkdtempSync('/tmp/loadline-test-');
  chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

beforeAll(async () => {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', localCredentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', localCredentials.secretAccessKey);
  server = await DatabaseServer.start({
    ...{ binaries: neededBinaries(), maxConnections, owner: 'owner', database: 'app' },
    onLog: () => {},
    onCrash: () => crashed++,
  });
  const common = { socketPath: () => server.socketPath, nowMs: Date.now };
  direct = new Front({ ...common, connections: connections.direct, proxy: null, onRefused: () => refused.direct++ });
  proxy = new Front({
    ...common,
    connections: connections.proxy,
    proxy: { most: 2, borrowTimeoutMs: 60_000 },
    onRefused: () => refused.proxy++,
  });
  for (const { server: listening } of [direct, proxy]) {
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
  }
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(async () => {
  for (const front of [direct, proxy]) front?.close();
  await server?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function clientOf(
  front: Front,
  { password = () => 'any', random = Math.random }: { password?: () => string; random?: () => number } = {},
): PostgresClient {
  const { port } = front.server.address() as AddressInfo;
  const client = new PostgresClient({
    database: { host: '127.0.0.1', port, database: 'app', user: 'owner', password, tls: false },
    connections: 1,
    bounds: { connectionTimeoutMs: 30_000, requestTimeoutMs: 30_000, maxAttempts: 4, callMs: 60_000 },
    remainingMs: () => Number.POSITIVE_INFINITY,
    random,
  });
  clients.push(client);
  return client;
}

test('the instance has as many connections as it has, and says so to the next client, which goes on when one is free', async () => {
  const five = [1, 2, 3, 4, 5].map(() => clientOf(direct));
  await Promise.all(five.map(({ call }) => call('select 1')));
  expect(connections.direct.now).toBe(5);
  // It would wait for longer than it has before it asks again, so it asks once.
  const once = clientOf(direct, { random: () => 1e6 });
  await expect(once.call('select 1')).rejects.toMatchObject({ code: '53300' });
  expect(refused.direct).toBe(1);
  const waiting = clientOf(direct).call('select 6 as it');
  await five[0]?.close();
  clients.splice(clients.indexOf(five[0] as PostgresClient), 1);
  expect(await waiting).toEqual([{ it: 6 }]);
});

test('a proxy lends two connections to twenty clients, and keeps a transaction on one of them', async () => {
  const twenty = Array.from({ length: 20 }, () => clientOf(proxy));
  const rows = await Promise.all(
    twenty.map(({ call }, n) => call('select $1::int as n, pg_backend_pid() as pid', [n])),
  );
  expect(rows.map(([row]) => row?.n)).toEqual(twenty.map((_, n) => n));
  expect(new Set(rows.map(([row]) => row?.pid)).size).toBeLessThanOrEqual(2);
  const [one] = twenty;
  await one?.call('begin');
  const [before] = (await one?.call('select pg_backend_pid() as pid')) ?? [];
  await Promise.all(twenty.slice(1).map(({ call }) => call('select 1')));
  // One may have served all of them before; now it is in a transaction, and the others need the second.
  expect([proxy.clients.now, connections.proxy.now, proxy.pinned]).toEqual([20, 2, 0]);
  expect((await one?.call('select pg_backend_pid() as pid'))?.[0]).toEqual(before);
  await one?.call('commit');
});

test('a client that changes its session keeps its connection', async () => {
  const { call } = clientOf(proxy);
  await call("set application_name = 'mine'");
  expect(proxy.pinned).toBe(1);
  expect(await call('show application_name')).toEqual([{ application_name: 'mine' }]);
});

test('a token is taken from whom it names, as long as it is signed', async () => {
  const at = { host: 'db.us-east-1.rds.amazonaws.com', port: 5432 };
  const token = iamToken({ ...at, user: 'owner' });
  expect(await clientOf(direct, { password: token }).call('select current_user::text as me')).toEqual([
    { me: 'owner' },
  ]);
  const others = iamToken({ ...at, user: 'somebody' });
  await expect(clientOf(direct, { password: others }).call('select 1')).rejects.toThrow('of another user');
  const forged = () => token().replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  await expect(clientOf(direct, { password: forged }).call('select 1')).rejects.toThrow('signed wrongly');
});

test('killed, it comes back with what was committed; clients of the proxy wait, and see nothing of it', async () => {
  const { call } = clientOf(proxy);
  await call('create table kept (n int)');
  // Has no end until there is a row: the second attempt sees one.
  const interrupted = clientOf(proxy).call('select pg_sleep(case when exists (select from kept) then 0 else 600 end)');
  await vi.waitFor(() => expect(proxy.pool?.borrowed.now).toBe(1), 30_000);
  await call('insert into kept values (7)');
  process.kill(server.pid, 'SIGKILL');
  await vi.waitFor(() => expect(crashed).toBe(1), 30_000);
  const waiting = call('select n from kept');
  await server.restart();
  expect(await waiting).toEqual([{ n: 7 }]);
  await interrupted;
  expect(proxy.pool?.borrowed.now).toBe(0);
});

test('while another instance takes over, connections end and none can be made; a proxy keeps those that ask nothing', async () => {
  // It would wait for longer than it has before it asks again.
  const asking = clientOf(direct, { random: () => 1e6 });
  const idle = clientOf(proxy);
  await Promise.all([asking, idle].map(({ call }) => call('select 1')));
  const clients = [direct.clients.now, proxy.clients.now];
  const cut = asking.call('select pg_sleep(600)').catch((error: unknown) => error);
  await vi.waitFor(() => expect(connections.direct.now).toBe(1), 30_000);
  for (const front of [direct, proxy]) front.setAway(true);
  expect(await cut).toBeInstanceOf(Error);
  const once = clientOf(direct, { random: () => 1e6 });
  await expect(once.call('select 1')).rejects.toThrow();
  const waiting = idle.call('select 5 as it');
  await vi.waitFor(() => expect([connections.direct.now, connections.proxy.now]).toEqual([0, 0]), 30_000);
  expect(proxy.clients.now).toBe(clients[1]);
  for (const front of [direct, proxy]) front.setAway(false);
  expect(await waiting).toEqual([{ it: 5 }]);
  expect(await clientOf(direct).call('select 6 as it')).toEqual([{ it: 6 }]);
});

test('a server that cannot be made leaves no folder behind', async () => {
  const temporary = temporaryFolder(0o1777);
  vi.stubEnv('TMPDIR', temporary);
  const binaries = { source: 'embedded', folder: join(temporary, 'none/bin') } as const;
  const starting = DatabaseServer.start({
    ...{ binaries, maxConnections, owner: 'owner', database: 'app' },
    ...{ onLog: () => {}, onCrash: () => {} },
  });
  await expect(starting).rejects.toThrow(`PostgreSQL (${binaries.folder}) did not start: `);
  await vi.waitFor(() => expect(readdirSync(temporary)).toEqual([]), 30_000);
});

// Of a folder of root's own, the server's user could not remove what is in it.
test('a server whose process is killed by force leaves neither processes nor its folder behind', async () => {
  const main = fileURLToPath(new URL('./lonely-server.main.ts', import.meta.url));
  const env = { ...process.env, TMPDIR: temporaryFolder(0o755) };
  const child = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'], env });
  const [line] = await once(child.stdout, 'data');
  const { pid, folder } = JSON.parse(String(line));
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  expect([isAlive(), existsSync(folder)]).toEqual([true, true]);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect([isAlive(), existsSync(folder)]).toEqual([false, false]), 30_000);
});
