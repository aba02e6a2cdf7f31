/** Artillery itself, which takes seconds to start, with a fake target; `npm test` meets it once, in scripts/loadline.integration.test.ts. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { artilleryRun, countersOf } from './artillery-run.ts';
import { type FakeTarget, startFakeTarget } from './fake-target.ts';

const scenario = fileURLToPath(new URL('../../scenarios/sync.yml', import.meta.url));
const virtualUsers = fileURLToPath(new URL('virtual-users.yml', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const load = {
  connections: 40,
  connectRatePerSecond: 40,
  steadySeconds: 3,
  drainSeconds: 3,
  messageRatePerSecond: 50,
  webhookRatePerSecond: 10,
  burstStartSeconds: 1,
  burstSeconds: 1,
  burstRatePerSecond: 30,
};

async function runArtillery(target: FakeTarget, variables: Record<string, string | number>) {
  const all = JSON.stringify({ ...load, webhookUrl: target.webhookUrl, ...variables });
  const run = await artilleryRun(scenario, ['--target', target.webSocketUrl, '--variables', all]);
  cleanups.push(run.remove);
  return run;
}

test('Artillery runs the scenario, and its counters are exactly those of the record file', async () => {
  const target = await startFakeTarget();
  cleanups.push(() => target.stop());
  const variables = {
    ...{ fleets: 1, connections: 40, connectRatePerSecond: 400, steadySeconds: 1, drainSeconds: 30 },
    ...{ burstStartSeconds: 0.5, burstSeconds: 0.5 },
  };
  const run = await runArtillery(target, variables);
  expect(run.code, run.text).toBe(0);
  const totals = countersOf(run.records);
  expect(totals).toMatchObject({
    'loadline.connectsOpened': 40,
    'loadline.closesRequested': 40,
    'loadline.messagesAnswered': 50,
    // Half a second at 10/s and half a second at 30/s.
    'loadline.webhooksAccepted': 20,
  });
  expect(target.seen).toMatchObject({ pings: 50, posts: 20, badSignatures: 0 });
  const { aggregate } = JSON.parse(readFileSync(run.output, 'utf8')) as {
    aggregate: { counters: Record<string, number> };
  };
  const ours = Object.entries(aggregate.counters).filter(([name, n]) => name.startsWith('loadline.') && n > 0);
  expect(Object.fromEntries(ours)).toEqual(totals);
});

test('an invalid fleet step ends Artillery with exit code 2 and names the key', async () => {
  const target = await startFakeTarget();
  cleanups.push(() => target.stop());
  const run = await runArtillery(target, { steadySeconds: 'long' });
  expect(run.text).toContain('fleet.steadySeconds: expected a number above 0 and at most 604800, found "long".');
  expect(run.code).toBe(2);
  expect(target.seen.upgrades).toBe(0);
});

test('an unreachable target ends Artillery with exit code 4 and one sentence', async () => {
  const target = await startFakeTarget();
  await target.stop();
  const run = await runArtillery(target, {});
  expect(run.text).toMatch(/No connection to ws:\S+ could be opened: 40 of 40 failed, the last with ECONNREFUSED\./);
  expect(run.code).toBe(4);
});

test('one connection a virtual user: phases, payload, environment and thresholds are Artillery’s own', async () => {
  const tenants = new Set<unknown>();
  const target = await startFakeTarget({ onUpgrade: (headers) => tenants.add(headers['x-tenant']) });
  cleanups.push(() => target.stop());
  const run = await artilleryRun(virtualUsers, ['--target', target.webSocketUrl, '-e', 'often']);
  cleanups.push(run.remove);
  expect(run.code, run.text).toBe(0);
  const totals = countersOf(run.records);
  const { aggregate } = JSON.parse(readFileSync(run.output, 'utf8')) as {
    aggregate: { counters: Record<string, number>; summaries: Record<string, { count: number }> };
  };
  const users = aggregate.counters['vusers.completed'] ?? 0;
  expect(users).toBeGreaterThanOrEqual(15);
  expect(totals).toMatchObject({
    'loadline.connectsOpened': users,
    'loadline.closesRequested': users,
    // 20/s in each of two half seconds
    'loadline.messagesAnswered': users * 10,
  });
  const ours = Object.entries(aggregate.counters).filter(([name, n]) => name.startsWith('loadline.') && n > 0);
  expect(Object.fromEntries(ours)).toEqual(totals);
  expect(aggregate.summaries['loadline.roundTripMs']?.count).toBeGreaterThan(users * 5);
  expect([...tenants].toSorted()).toEqual(['blue', 'red']);
});

test('a failed threshold on our latency ends Artillery with exit code 1', async () => {
  const target = await startFakeTarget({ ping: () => 'drop' });
  cleanups.push(() => target.stop());
  const run = await artilleryRun(virtualUsers, [
    '--target',
    target.webSocketUrl,
    '--overrides',
    '{"config":{"phases":[{"duration":1,"arrivalCount":2}]}}',
  ]);
  cleanups.push(run.remove);
  expect(run.code, run.text).toBe(1);
});
