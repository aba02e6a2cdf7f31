/** The reference stack with its store in PostgreSQL: nothing that was accepted is lost with the database, and its connections bind as they do on AWS. */
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '../../local/testing/web-socket-client.ts';
import { readTargetEvents } from '../../metrics/target-events.ts';
import type { Report } from '../../reports/report.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { startCommand } from '../../scripts/command.fixture.ts';
import { parseSettings } from '../../stack/settings/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-postgres-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function tokenOf({ target }: LocalTarget, user: string): Promise<string> {
  const key = new TextEncoder().encode(target.tokenSecret);
  const jwt = new SignJWT({ sub: user, aud: 'loadline' }).setProtectedHeader({ alg: 'HS256' });
  return await jwt.setIssuedAt().setExpirationTime('1h').sign(key);
}

async function postWebhook({ target }: LocalTarget, id: string, owner: string): Promise<number> {
  const object = { id: 'm-1', grant_id: owner, object: 'message' };
  const body = JSON.stringify({ specversion: '1.0', type: 'message.created', id, data: { object } });
  const signature = createHmac('sha256', target.webhookSecret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-nylas-signature': signature };
  return (await fetch(target.webhookUrl, { method: 'POST', headers, body })).status;
}

test('the database is killed by force: what was accepted arrives, before, meanwhile and afterwards', async () => {
  const settings = parseSettings({
    store: 'postgres',
    functions: { deliver: { timeoutSeconds: 1 } },
    queue: { visibilityTimeoutSeconds: 6, maxReceiveCount: 20 },
  });
  const local = await startLocalTarget({ settings, logFolder: folder, limits: { databaseFailoverMs: 2_000 } });
  try {
    const { socket, next, closed } = await connect(`${local.target.webSocketUrl}?token=${await tokenOf(local, 'ann')}`);
    const ids = Array.from({ length: 9 }, (_, n) => `event-${n}`);
    const received = new Set<string>();
    const receive = async () => received.add(JSON.parse(await next()).eventId);
    for (const id of ids.slice(0, 3)) expect(await postWebhook(local, id, 'ann')).toBe(200);
    while (received.size < 3) await receive();
    process.kill(local.target.processIds?.at(-1) ?? 0, 'SIGKILL');
    // Nothing of this needs the database.
    for (const id of ids.slice(3)) expect(await postWebhook(local, id, 'ann')).toBe(200);
    while (received.size < ids.length) await receive();
    expect([...received].toSorted()).toEqual(ids);
    // One that was pushed as the server was killed is finished when it comes again.
    await vi.waitFor(async () => {
      const signal = new AbortController().signal;
      const { finished, reasons } = await readTargetEvents(local.target, [...ids, 'never'], signal);
      expect(reasons).toEqual([]);
      expect(finished?.map(({ id }) => id).toSorted()).toEqual(ids);
    }, 60_000);
    socket.close();
    await closed;
  } finally {
    await local.stop();
  }
});

test('without a proxy a burst of environments runs out of connections: the run names them, and the store', async () => {
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  writeFileSync(
    join(folder, 'settings.yml'),
    'store: postgres\ndatabase: { proxy: false, maxConnections: 8 }\nfunctions: { connect: { timeoutSeconds: 1 } }\n',
  );
  // Each delivery takes half a second, so that several run at once, each in an environment with a connection of its own.
  writeFileSync(join(folder, 'faults.yml'), 'faults: [{ kind: latency, service: connectionsApi, delay: 500 }]\n');
  const { stderr } = await startCommand(
    [
      ...['run', '--settings', 'settings.yml', '--faults', 'faults.yml', '--connections', '40', '--connect-rate', '20'],
      ...['--steady', '3', '--message-rate', '5', '--webhook-rate', '40', '--burst-rate', '0', '--drain', '3'],
      // Every invocation that finds no free environment starts one, as on AWS.
      ...['--limit', 'environmentPatienceMs=0', '--limit', 'maxStartingEnvironments=10'],
    ],
    { folder, temporary },
  ).ended;
  expect(stderr).toContain('Collecting CloudWatch metrics');
  const at = (name: string) => readFileSync(join(folder, 'runs', 'latest', name), 'utf8');
  const report: Report = JSON.parse(at('report.json'));
  // Three of eight at once at some moment: PostgreSQL keeps three for superusers, and the stack two of which one says what is finished. Whoever came then was refused, and the run counts it.
  expect(report.resources?.databases).toMatchObject([{ id: 'database', connections: 3, maxConnections: 8 }]);
  expect(at('observation.json')).toContain('local.quotaRefusals databaseConnections database.sum');
  // The function that says what is finished has a connection of its own.
  const { lost, missed, outcomes, notAsked } = report.ledger?.events ?? expect.fail('no ledger');
  expect([lost, missed, outcomes.unknown, notAsked]).toEqual([0, 0, 0, []]);
  expect(at('report.md')).toMatch(/PostgreSQL \d+[.\d]* \((installed|from)/);
});
