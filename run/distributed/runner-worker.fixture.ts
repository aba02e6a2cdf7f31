/** What a worker of either runner does on AWS, as a process of this machine: the steps of Artillery's image. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FakeAws } from './aws.fixture.ts';
import { npmInstall, run } from './worker.fixture.ts';

export interface RunnerWorker {
  id: string;
  testId: string;
  queueUrl: string;
  region: string;
  /** Its folder. */
  testData: string;
}

/** Fetches the bundle and installs it. */
export async function prepareWorker({ testId, testData }: RunnerWorker, { objects }: FakeAws): Promise<void> {
  const prefix = `tests/${testId}/`;
  for (const [key, content] of objects) {
    if (!key.startsWith(prefix)) continue;
    const path = join(testData, key.slice(prefix.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  await npmInstall(testData);
}

const attributesOf = ({ id, testId }: RunnerWorker) => Object.entries({ testId, workerId: id });

/** Sends an event of the worker's own. */
export async function notifyRunner(worker: RunnerWorker, event: 'workerReady' | 'workerDone'): Promise<void> {
  const queue = new SQSClient({ region: worker.region, useQueueUrlAsEndpoint: false });
  await queue.send(
    new SendMessageCommand({
      QueueUrl: worker.queueUrl,
      MessageBody: JSON.stringify({ event }),
      MessageGroupId: worker.testId,
      MessageDeduplicationId: `${worker.id}-${event}`,
      MessageAttributes: Object.fromEntries(
        attributesOf(worker).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }),
  );
  queue.destroy();
}

/** Runs Artillery with its reporter to the queue. `image`: its program (see imageOfArtillery). */
export function runWorkersArtillery(
  worker: RunnerWorker,
  image: string,
  args: string[],
  environment: Record<string, string>,
): Promise<string> {
  const { id, queueUrl, region, testData } = worker;
  return run(process.execPath, [image, ...args], testData, {
    NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main',
    NODE_PATH: join(testData, 'node_modules'),
    WORKER_ID: id,
    SQS_QUEUE_URL: queueUrl,
    SQS_REGION: region,
    SQS_TAGS: JSON.stringify(attributesOf(worker).map(([key, value]) => ({ key, value }))),
    ARTILLERY_PLUGINS: JSON.stringify({ 'sqs-reporter': { region } }),
    ARTILLERY_PLUGIN_PATH: join(dirname(dirname(image)), 'dist/lib/platform/aws-ecs/legacy/plugins'),
    ARTILLERY_DISABLE_ENSURE: 'true',
    ARTILLERY_DISABLE_TELEMETRY: '1',
    ...environment,
  });
}
