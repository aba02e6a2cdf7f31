/** Artillery's own Lambda runner from start to end, at a fake AWS whose functions are processes of this machine. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WorkerEvent } from './aws.fixture.ts';
import { type RunnerWorld, startRunnerWorld } from './runner.fixture.ts';
import { notifyRunner, prepareWorker, runWorkersArtillery } from './runner-worker.fixture.ts';

let world: RunnerWorld;
beforeEach(async () => {
  world = await startRunnerWorld({ onInvoke: (event) => world.begun(work(event)) });
});
afterEach(() => world?.end());

/** As a9-handler-index of Artillery's image. */
async function work(event: WorkerEvent): Promise<string> {
  const { aws, folder, image, written } = world;
  const { WORKER_ID: id, TEST_RUN_ID: testId, SQS_QUEUE_URL: queueUrl, SQS_REGION: region } = event;
  const worker = { id, testId, queueUrl, region, testData: join(folder, id) };
  await prepareWorker(worker, aws);
  await notifyRunner(worker, 'workerReady');
  await expect.poll(() => aws.objects.has(`/${testId}/green`), { timeout: 30_000 }).toBe(true);
  return runWorkersArtillery(worker, image, event.ARTILLERY_ARGS, { LOADLINE_CLIENT_RECORDS: written });
}

test('workers of run-lambda share the load, and their counts come back through its queue', {
  timeout: 120_000,
}, async () => {
  const said = await world.applyLoad('lambda', []);
  expect(said).toContain("LOADLINE_TOKEN_SECRET, LOADLINE_WEBHOOK_SECRET go into Artillery's S3 bucket");
});
