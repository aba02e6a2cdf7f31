/** Artillery's own Fargate runner from start to end, at a fake AWS whose tasks are processes of this machine. */
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
import { type FakeAws, startFakeAws } from './aws.fixture.ts';
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
let definition: TaskDefinition | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-fargate-'));
  mkdirSync(join(folder, 'logs'));
  image = await imageOfArtillery(join(folder, 'image'));
  target = await startLocalTarget({ settings: parseSettings() });
  queues = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  finished = [];
  stop = new AbortController();
  aws = await startFakeAws({ onAction });
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

interface TaskDefinition {
  containerDefinitions: { secrets: { name: string; valueFrom: string }[]; ulimits: object[] }[];
}
interface RunTask {
  count: number;
  overrides: { containerOverrides: { command: string[]; environment: { name: string; value: string }[] }[] };
}

function onAction(action: string, input: never): object | undefined {
  switch (action) {
    case 'DescribeClusters':
      return { clusters: [{ status: 'ACTIVE' }], failures: [] };
    case 'DescribeTaskDefinition':
      return { __type: 'ClientException', message: 'no such task definition' };
    case 'RegisterTaskDefinition':
      definition = input;
      return { taskDefinition: { taskDefinitionArn: 'arn:task-definition' } };
    case 'DescribeTasks':
      return { tasks: finished.map((_, n) => ({ taskArn: `task-${n}`, lastStatus: 'RUNNING' })), failures: [] };
    case 'RunTask':
      return { tasks: runTasks(input).map((id) => ({ taskArn: id })), failures: [] };
    case 'GetParameter':
      return { Parameter: { Name: 'x', Value: 'null' } };
    default:
      return undefined;
  }
}

function runTasks({ count, overrides }: RunTask): string[] {
  const [container] = overrides.containerOverrides;
  return Array.from({ length: count }, () => {
    const id = `task-${finished.length}`;
    const working = work(id, container?.command ?? []);
    working.catch(() => stop.abort('a worker failed'));
    finished.push(working);
    return id;
  });
}

/** As `loadgen-worker` of Artillery's image. */
async function work(id: string, command: string[]): Promise<string> {
  const given = (flag: string) => command[command.indexOf(flag) + 1] ?? '';
  const [testId, queueUrl, region] = [given('-i'), given('-q'), given('-r')];
  const args = JSON.parse(Buffer.from(given('-a'), 'base64').toString()) as string[];
  const worker = { id, testId, queueUrl, region, testData: join(folder, id) };
  await prepareWorker(worker, aws);
  aws.objects.set(`test-runs/${testId}/synced_${id}.json`, Buffer.from('{}'));
  await expect.poll(() => aws.objects.has(`test-runs/${testId}/go.json`), { timeout: 60_000 }).toBe(true);
  const said = await runWorkersArtillery(worker, image, args, {
    LOADLINE_TOKEN_SECRET: target.target.tokenSecret,
    LOADLINE_WEBHOOK_SECRET: target.target.webhookSecret,
    LOADLINE_CLIENT_RECORDS: join(folder, 'written.ndjson'),
  });
  await tellRunner(worker, 'workerDone');
  return said;
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

test('workers of run-fargate share the load, and their counts come back through its queue', {
  timeout: 120_000,
}, async () => {
  const said: string[] = [];
  const scenario = readWorkerScenario(join(packageRoot, 'scenarios', 'sync.yml'), 2);
  const load = distributedLoad(
    {
      runner: 'fargate',
      workers: 2,
      region: 'eu-west-1',
      scenario,
      runnerOptions: ['subnet-ids=subnet-1', 'security-group-ids=sg-1'],
    },
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
  expect(said.join('\n')).toContain(
    '/artilleryio/LOADLINE_TOKEN_SECRET, /artilleryio/LOADLINE_WEBHOOK_SECRET from SSM',
  );
  const [container] = definition?.containerDefinitions ?? [];
  expect(container?.ulimits).toEqual([{ name: 'nofile', softLimit: 65_535, hardLimit: 65_535 }]);
  expect(container?.secrets).toContainEqual({
    name: 'LOADLINE_TOKEN_SECRET',
    valueFrom: 'arn:aws:ssm:eu-west-1:000000000000:parameter/artilleryio/LOADLINE_TOKEN_SECRET',
  });
  for (const object of aws.objects.values()) expect(object.toString()).not.toContain(target.target.tokenSecret);
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
