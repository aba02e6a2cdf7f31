import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { ClientRecord } from '../src/records.ts';
import { type FakeTarget, startFakeTarget, tokenSecret, webhookSecret } from './fake-target.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
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
  burstStartsAtSeconds: 1,
  burstLastsSeconds: 1,
  burstRatePerSecond: 30,
};

async function runArtillery(target: FakeTarget, variables: Record<string, string | number>) {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-engine-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const records = join(folder, 'client.ndjson');
  const output = join(folder, 'artillery.json');
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/artillery/bin/run'),
      ...['run', '--quiet', '--target', target.webSocketUrl],
      ...['--variables', JSON.stringify({ ...load, webhookUrl: target.webhookUrl, ...variables }), '--output', output],
      join(root, 'scenarios/sync.yml'),
    ],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ARTILLERY_DISABLE_TELEMETRY: '1',
        LOADLINE_TOKEN_SECRET: tokenSecret,
        LOADLINE_WEBHOOK_SECRET: webhookSecret,
        LOADLINE_CLIENT_RECORDS: records,
      },
    },
  );
  cleanups.push(() => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, text, records, output };
}

function addUp(path: string): Record<string, number> {
  const total: Record<string, number> = {};
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const { counters, histograms } = JSON.parse(line) as ClientRecord;
    for (const [name, n] of Object.entries(counters)) total[`loadline.${name}`] = (total[`loadline.${name}`] ?? 0) + n;
    for (const [name, counts] of Object.entries(histograms)) {
      for (const [index, n] of Object.entries(counts)) {
        const key = `loadline.${name}.b.${index}`;
        total[key] = (total[key] ?? 0) + n;
      }
    }
  }
  return total;
}

test('Artillery runs the scenario in two fleets, and its counters are exactly those of the record file', async () => {
  const target = await startFakeTarget();
  cleanups.push(() => target.stop());
  const run = await runArtillery(target, { fleets: 2 });
  expect(run.code, run.text).toBe(0);
  const totals = addUp(run.records);
  expect(totals).toMatchObject({
    'loadline.connectsOpened': 40,
    'loadline.closesRequested': 40,
    'loadline.messagesAnswered': 150,
    // 2 s at 10/s and 1 s at 30/s
    'loadline.webhooksAccepted': 50,
  });
  expect(target.seen).toMatchObject({ pings: 150, posts: 50, badSignatures: 0 });
  const { aggregate } = JSON.parse(readFileSync(run.output, 'utf8')) as {
    aggregate: { counters: Record<string, number> };
  };
  const ours = Object.entries(aggregate.counters).filter(([name]) => name.startsWith('loadline.'));
  expect(Object.fromEntries(ours)).toEqual(totals);
});

test('a fleet step that makes no sense ends Artillery with code 2 and names the key', async () => {
  const target = await startFakeTarget();
  cleanups.push(() => target.stop());
  const run = await runArtillery(target, { steadySeconds: 'long' });
  expect(run.text).toContain('fleet.steadySeconds: expected a number over 0, found "long".');
  expect(run.code).toBe(2);
  expect(target.seen.upgrades).toBe(0);
});

test('a target that is not there ends Artillery with code 4 and one sentence', async () => {
  const target = await startFakeTarget();
  await target.stop();
  const run = await runArtillery(target, {});
  expect(run.text).toMatch(/No connection to ws:\S+ could be opened: 40 of 40 failed, the last with ECONNREFUSED\./);
  expect(run.code).toBe(4);
});
