/** Artillery's own Lambda runner from start to end, at a fake AWS whose functions are processes of this machine. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFauxqs } from 'fauxqs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LocalTarget, startLocalTarget } from '../../local/start.ts';
import { readClientRecords } from '../../metrics/client-records.ts';
import { parseSettings } from '../../stack/settings.ts';
import { readMeasurements } from '../observation.ts';
import { packageRoot } from '../package-root.ts';
import { type FakeAws, startFakeAws, type WorkerEvent } from './aws.fixture.ts';
import { distributedLoad } from './distributed-load.ts';
import { prepareWorker, runWorkersArtillery, tellRunner } from './runner-worker.fixture.ts';
import { imageOfArtillery } from './worker.fixture.ts';
import { readWorkerScenario } from './worker-bundle.ts';

let folder: string;
let target: LocalTarget;
let queues: Awaited<ReturnType<typeof startFauxqs>>;
let aws: FakeAws;
let image: string;
let finished: Promise<string>[];
/** Ends the load when a worker has failed, or the test. */
let stop: AbortController;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-lambda-'));
  mkdirSync(join(folder, 'logs'));
  image = await imageOfArtillery(join(folder, 'image'));
  target = await startLocalTarget({ settings: parseSettings() });
  queues = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  finished = [];
  stop = new AbortController();
  aws = await startFakeAws({
    onInvoke: (event) => {
      const working = work(event);
      working.catch(() => stop.abort('a worker failed'));
      finished.push(working);
    },
  });
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${queues.port}`,
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    AWS_REGION: 'eu-west-1',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterEach(async () => {
  stop.abort('the test is over');
  vi.unstubAllEnvs();
  await target?.stop();
  await aws?.stop();
  await queues?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As a9-handler-index of Artillery's image. */
async function work(event: WorkerEvent): Promise<string> {
  const { WORKER_ID: id, TEST_RUN_ID: testId, SQS_QUEUE_URL: queueUrl, SQS_REGION: region } = event;
  const worker = { id, testId, queueUrl, region, testData: join(folder, id) };
  await prepareWorker(worker, aws);
  await tellRunner(worker, 'workerReady');
  await expect.poll(() => aws.objects.has(`/${testId}/green`), { timeout: 30_000 }).toBe(true);
  return runWorkersArtillery(worker, image, event.ARTILLERY_ARGS, {
    LOADLINE_CLIENT_RECORDS: join(folder, 'written.ndjson'),
  });
}

const workload = {
  connections: 20,
  tabsPerUser: 1.25,
  connectRatePerSecond: 20,
  steadySeconds: 4,
  drainSeconds: 2,
  messageRatePerSecond: 20,
  messageBytes: 64,
  webhookRatePerSecond: 4,
  webhookBytes: 512,
  burst: null,
  replayShare: 0,
  offlineOwnerShare: 0,
  timeoutSeconds: 10,
  seed: 1,
};

test('workers of run-lambda share the load, and their counts come back through its queue', {
  timeout: 120_000,
}, async () => {
  const said: string[] = [];
  const scenario = readWorkerScenario(join(packageRoot, 'scenarios', 'sync.yml'), 2);
  const load = distributedLoad(
    { runner: 'lambda', workers: 2, region: 'eu-west-1', scenario, runnerOptions: [] },
    (line) => said.push(line),
  );
  const outcome = await load({
    folder,
    scenario: '',
    workload,
    variables: {},
    fleets: 1,
    target: {
      description: target.target,
      webSocketIdleSeconds: 600,
      ended: new Promise(() => {}),
      stop: async () => {},
    },
    signal: stop.signal,
  });
  await Promise.all(finished);
  expect(outcome).toEqual({ kind: 'completed' });
  expect(said.join('\n')).toContain('LOADLINE_TOKEN_SECRET, LOADLINE_WEBHOOK_SECRET go into its S3 bucket');
  const told = await readMeasurements(folder);
  const written = await readClientRecords(join(folder, 'written.ndjson'));
  expect(told?.client.totals).toEqual(written.client.totals);
  expect(told?.client.histograms).toEqual(written.client.histograms);
  expect(told?.client).toMatchObject({
    complete: true,
    fleets: 2,
    peakOpenConnections: written.client.peakOpenConnections,
    // As many as were asked for, not twice as many; what becomes of them is the machine's business.
    totals: { connectsIntended: 20, messagesIntended: 80 },
  });
});
