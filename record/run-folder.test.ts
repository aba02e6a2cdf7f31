import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from './run.ts';
import { createRunFolder, readRun, runIdOf, writeRun } from './run-folder.ts';
import { workloadSchema } from './workload.ts';

const now = new Date('2026-11-21T18:07:26.500Z');
const functionSettings = { memoryMb: 512, timeoutSeconds: 10, reservedConcurrency: null };
const run: RunRecord = {
  schemaVersion: 3,
  runId: '20261121T180726Z-3f9a',
  loadlineVersion: '0.1.0',
  commit: null,
  scenario: 'sync',
  planFile: 'plan.yml',
  plan: {
    ...{ name: 'p', asOf: '2026-11-21', users: 10, peakConcurrency: 1, tabsPerUser: 1 },
    ...{ messagesPerUserPerMinute: 6, webhooksPerUserPerDay: 1, webhookBurstFactor: 1, webhookBurstSeconds: 1 },
    ...{ messageBytes: 0, webhookBytes: 0, growthPerMonth: 0, meanToPeak: 1, quotaLeadDays: 0, horizonMonths: 1 },
    rollout: [{ stage: 'all', share: 1, date: '2026-11-21' }],
    slo: { connectP99Ms: 1, roundTripP99Ms: 1, deliveryP99Ms: 1, errorShare: 0 },
    quotas: {},
  },
  workload: workloadSchema.parse({ connections: 10, connectRatePerSecond: 10, steadySeconds: 5 }),
  target: {
    kind: 'local',
    region: 'us-east-1',
    webSocketUrl: 'ws://127.0.0.1:1/prod',
    webhookUrl: 'http://127.0.0.1:1/webhook',
    resources: {
      stackName: 's',
      webSocketApiId: 'w',
      webSocketStage: 'prod',
      webhookApiId: 'h',
      webhookStage: '$default',
      functionNames: {},
      queueUrl: 'q',
      queueName: 'q',
      deadLetterQueueUrl: 'd',
      deadLetterQueueName: 'd',
      tableName: 't',
      tokenSecretArn: 'a',
      webhookSecretArn: 'b',
    },
    model: null,
  },
  workers: null,
  settings: {
    ingest: 'direct',
    webSocketThrottle: { ratePerSecond: 5_000, burst: 2_500 },
    webhookThrottle: { ratePerSecond: 2_000, burst: 1_000 },
    functions: {
      authorize: functionSettings,
      connect: functionSettings,
      disconnect: functionSettings,
      message: functionSettings,
      ingest: functionSettings,
      deliver: functionSettings,
    },
    queue: { batchSize: 10, maximumConcurrency: null, visibilityTimeoutSeconds: 181 },
    // A setting that this version does not know.
    stackName: 'Loadline',
  },
  machine: { cores: 2, memoryBytes: 1, platform: 'linux', nodeVersion: '24', artilleryVersion: '2' },
  startedAt: now.toISOString(),
  loadStartedAt: null,
  loadEndedAt: null,
  endedAt: null,
  outcome: { kind: 'running' },
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loadline-runs-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('createRunFolder', () => {
  it('names the folder by time and a random suffix, makes its logs, and points latest at it', async () => {
    const { runId, folder } = await createRunFolder(join(root, 'runs'), now, () => 0x3f9a / 65_536);
    expect(runId).toBe('20261121T180726Z-3f9a');
    expect(folder).toBe(join(root, 'runs', runId));
    expect(await readdir(folder)).toEqual(['logs']);
    expect(await readlink(join(root, 'runs', 'latest'))).toBe(runId);
  });

  it('draws again when two runs of one second draw the same', async () => {
    const draws = [0, 0, 1 / 65_536];
    const random = () => draws.shift() ?? 0.5;
    const both = [await createRunFolder(root, now, random), await createRunFolder(root, now, random)];
    expect(both.map(({ runId }) => runId.slice(-4))).toEqual(['0000', '0001']);
    expect(await readlink(join(root, 'latest'))).toBe(both[1]?.runId);
  });

  it('gives ten runs that start simultaneously ten folders, and leaves nothing else behind', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => createRunFolder(root, now, Math.random)));
    const names = all.map(({ runId }) => runId);
    expect(new Set(names).size).toBe(10);
    expect((await readdir(root)).sort()).toEqual([...names, 'latest'].sort());
  });

  it('says what is wrong when the folder cannot be created', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(createRunFolder(join(root, 'file'), now, Math.random)).rejects.toThrow(
      `${join(root, 'file')} could not be created`,
    );
  });

  it.skipIf(!existsSync('/proc'))('does not try for ever where nothing can be created', async () => {
    await expect(createRunFolder('/proc/runs', now, Math.random)).rejects.toThrow('/proc/runs could not be created: ');
    await expect(createRunFolder('/proc/a/b/runs', now, Math.random)).rejects.toThrow(
      '/proc/a/b/runs could not be created: ',
    );
  });
});

it('pads the suffix to four digits', () => {
  expect(runIdOf(now, () => 0)).toBe('20261121T180726Z-0000');
  expect(runIdOf(now, () => 0.999_999_9)).toBe('20261121T180726Z-ffff');
});

describe('run.json', () => {
  it('comes back as it was written, and leaves no temporary file', async () => {
    await writeRun(root, run);
    await writeRun(root, { ...run, outcome: { kind: 'completed' } });
    expect(await readRun(root)).toEqual({ ...run, outcome: { kind: 'completed' } });
    expect(await readdir(root)).toEqual(['run.json']);
  });

  it.each([
    ['{"schemaVersion":1,', 'is not JSON (line 1): it was cut off or edited'],
    [
      JSON.stringify({ ...run, schemaVersion: 1 }),
      'has layout 1 (made by Loadline 0.1.0), but this version reads layout 3: use the version that made it, or make a new one.',
    ],
    [JSON.stringify({ ...run, commit: 3 }), 'does not have the layout that this version reads: commit: '],
  ])('is refused in a sentence: %.20s', async (text, sentence) => {
    await writeFile(join(root, 'run.json'), text);
    await expect(readRun(root)).rejects.toThrow(`${join(root, 'run.json')} ${sentence}`);
  });

  it('says when there is none', async () => {
    await expect(readRun(root)).rejects.toThrow(`${join(root, 'run.json')} could not be read: it does not exist.`);
  });
});
