/** Two workers as Artillery's runners make them, against one local target. What only AWS can show is missing here: see docs/distributed.md. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClientRecords } from '../../metrics/client-records.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { packageRoot } from '../package-root.ts';
import { type LocalTarget, startLocalTarget } from '../target/local-target.ts';
import { readArtilleryOutput } from './artillery-output.ts';
import { copyWorker, imageOfArtillery, installWorker, listBundle, mergeLikeArtillery, run } from './worker.fixture.ts';
import { makeWorkerBundle, readWorkerScenario, type WorkerBundle } from './worker-bundle.ts';
import { measurementsOfWorkers } from './worker-measurements.ts';

const workers = ['task-a', 'task-b'];
let folder: string;
let target: LocalTarget;
let bundle: WorkerBundle;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-distributed-'));
  bundle = await makeWorkerBundle(readWorkerScenario(join(packageRoot, 'scenarios', 'sync.yml'), workers.length));
  target = await startLocalTarget({ settings: parseSettings() });
});
afterAll(async () => {
  await target?.stop();
  await bundle?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const workload = {
  connections: 40,
  tabsPerUser: 1.25,
  connectRatePerSecond: 40,
  steadySeconds: 4,
  drainSeconds: 3,
  messageRatePerSecond: 30,
  messageBytes: 64,
  webhookRatePerSecond: 6,
  webhookBytes: 512,
  ...{ burstStartSeconds: 1, burstSeconds: 1, burstRatePerSecond: 20 },
  replayShare: 0.1,
  offlineShare: 0.1,
  timeoutSeconds: 10,
  seed: 1,
};

test('workers share a load and their outputs add up to exactly what they wrote down', { timeout: 90_000 }, async () => {
  const manifest = await listBundle(bundle.scenario);
  expect(manifest.modules).toEqual(['artillery-engine-loadline']);
  const secrets = [target.target.tokenSecret, target.target.webhookSecret];
  for (const { orig } of manifest.files)
    for (const secret of secrets) expect(readFileSync(orig, 'utf8')).not.toContain(secret);

  const [leader = '', follower = ''] = workers.map((id) => join(folder, id));
  await installWorker(manifest, leader);
  await copyWorker(leader, follower);
  const artillery = await imageOfArtillery(join(folder, 'image'));
  const variables = { ...workload, fleets: 1, webhookUrl: target.target.webhookUrl };
  const runWorker = (id: string) =>
    run(
      process.execPath,
      [
        ...['--preserve-symlinks', '--preserve-symlinks-main', artillery, 'run', '-t', target.target.webSocketUrl],
        ...[
          '--variables',
          JSON.stringify(variables),
          '--quiet',
          '--output',
          join(folder, `${id}.json`),
          'scenario.yml',
        ],
      ],
      join(folder, id),
      {
        WORKER_ID: id,
        NODE_PATH: join(folder, id, 'node_modules'),
        NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main',
        ARTILLERY_DISABLE_TELEMETRY: '1',
        LOADLINE_TOKEN_SECRET: target.target.tokenSecret,
        LOADLINE_WEBHOOK_SECRET: target.target.webhookSecret,
        LOADLINE_CLIENT_RECORDS: join(folder, `${id}.ndjson`),
      },
    );
  await Promise.all(workers.map(runWorker));

  const all = join(folder, 'all.ndjson');
  writeFileSync(all, workers.map((id) => readFileSync(join(folder, `${id}.ndjson`), 'utf8')).join(''));
  const written = await readClientRecords(all);
  const outputs = workers.map((id) => readArtilleryOutput(join(folder, `${id}.json`)));
  const measured = measurementsOfWorkers(outputs, bundle.steps * workers.length);
  if (!measured) throw new Error('the workers reported nothing');

  // The load that was asked for, not twice that.
  expect(measured.client.totals).toMatchObject({ connectsIntended: 40, messagesIntended: 120 });
  expect(measured.client.complete).toBe(true);
  const { firstSecond, lastSecond } = written.clock;
  // Of a steady state of 4 s no window of 10 s is a part.
  expect(measured.clock).toEqual({ firstSecond, lastSecond, steadyFirstSecond: null, steadyLastSecond: null });
  const { seconds, steadyHistograms: _, descriptorShare, portShare, ...whole } = measured.client;
  expect(written.client).toMatchObject(whole);
  expect(descriptorShare).toBeCloseTo(written.client.descriptorShare ?? -1, 3);
  expect(portShare).toBeCloseTo(written.client.portShare ?? -1, 3);
  const plain = (all: typeof seconds) => all.map(({ histograms: _, ...rest }) => rest);
  expect(plain(seconds)).toEqual(plain(written.client.seconds));

  // As Artillery's own reporter merges them before it writes one output.
  const merged = await mergeLikeArtillery(outputs);
  const { descriptorShare: _d, portShare: _p, ...exact } = measured.client;
  expect(measurementsOfWorkers([merged], bundle.steps * workers.length)?.client).toMatchObject(exact);
});
