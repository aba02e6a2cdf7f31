/** One of Artillery's runners with two workers: the fake AWS, the local target they load, and the checks on what comes back. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFauxqs } from 'fauxqs';
import { expect, vi } from 'vitest';
import { readClientRecords } from '../../metrics/client-records.ts';
import type { TargetDescription } from '../../record/target.ts';
import { workloadSchema } from '../../record/workload.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { readMeasurements } from '../observation.ts';
import { packageRoot } from '../package-root.ts';
import { startLocalTarget } from '../target/local-target.ts';
import { type FakeAws, type FakeAwsParts, startFakeAws } from './aws.fixture.ts';
import { distributedLoad } from './distributed-load.ts';
import type { RunnerName } from './runners.ts';
import { imageOfArtillery } from './worker.fixture.ts';
import { readWorkerScenario } from './worker-bundle.ts';

const region = 'eu-west-1';
const workers = 2;
const workload = workloadSchema.parse({
  connections: 20,
  connectRatePerSecond: 20,
  steadySeconds: 4,
  drainSeconds: 2,
  messageRatePerSecond: 20,
  messageBytes: 64,
  webhookRatePerSecond: 4,
  webhookBytes: 512,
});

export interface RunnerWorld {
  folder: string;
  /** Where workers write the records of their fleets. */
  written: string;
  aws: FakeAws;
  /** Of Artillery's program, as in its worker image. */
  image: string;
  target: TargetDescription;
  /** Has a worker's work waited for; one that fails ends the load. */
  begun(working: Promise<string>): void;
  /** Applies the load and checks that the counts that came back are those that the workers recorded. Returns the messages. */
  applyLoad(runner: RunnerName, runnerOptions: string[]): Promise<string>;
  end(): Promise<void>;
}

export async function startRunnerWorld(parts: FakeAwsParts): Promise<RunnerWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-runner-'));
  mkdirSync(join(folder, 'logs'));
  const written = join(folder, 'written.ndjson');
  const image = await imageOfArtillery(join(folder, 'image'));
  const local = await startLocalTarget({ settings: parseSettings() });
  const queues = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  const aws = await startFakeAws(parts);
  const finished: Promise<string>[] = [];
  const stop = new AbortController();
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${queues.port}`,
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    AWS_REGION: region,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return {
    ...{ folder, written, aws, image, target: local.target },
    begun(working) {
      working.catch(() => stop.abort('a worker failed'));
      finished.push(working);
    },
    async applyLoad(runner, runnerOptions) {
      const said: string[] = [];
      const scenario = readWorkerScenario(join(packageRoot, 'scenarios', 'sync.yml'), workers);
      const load = distributedLoad({ runner, workers, region, scenario, runnerOptions }, (line) => said.push(line));
      const outcome = await load({
        ...{ folder, runId: 'workers', scenario: '', workload, variables: {}, fleets: 1, signal: stop.signal },
        target: {
          description: local.target,
          webSocketIdleSeconds: 600,
          ended: new Promise(() => {}),
          stop: async () => [],
        },
      });
      await Promise.all(finished);
      expect(outcome).toEqual({ kind: 'completed' });
      await expectSameCounts(folder, written);
      return said.join('\n');
    },
    async end() {
      stop.abort('the test is over');
      vi.unstubAllEnvs();
      await local.stop();
      await aws.stop();
      await queues.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function expectSameCounts(folder: string, written: string): Promise<void> {
  const merged = await readMeasurements(folder);
  const { client } = await readClientRecords(written);
  expect(merged?.client.totals).toEqual(client.totals);
  expect(merged?.client.histograms).toEqual(client.histograms);
  expect(merged?.client).toMatchObject({
    complete: true,
    fleets: workers,
    peakOpenConnections: client.peakOpenConnections,
    // As many as were asked for, not twice as many; their outcome depends on the machine.
    totals: { connectsIntended: 20, messagesIntended: 80 },
  });
}
