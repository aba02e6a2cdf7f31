/** Artillery's own Fargate runner from start to end, at a fake AWS whose tasks are processes of this machine. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunnerWorld, startRunnerWorld } from './runner.fixture.ts';
import { notifyRunner, prepareWorker, runWorkersArtillery } from './runner-worker.fixture.ts';

let world: RunnerWorld;
let definition: TaskDefinition | null;
/** Of the workers, in the order of their tasks. */
let tasks: string[];

beforeEach(async () => {
  definition = null;
  tasks = [];
  world = await startRunnerWorld({ onAction });
});
afterEach(() => world?.end());

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
      return { tasks: tasks.map((taskArn) => ({ taskArn, lastStatus: 'RUNNING' })), failures: [] };
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
    const id = `task-${tasks.length}`;
    tasks.push(id);
    world.begun(work(id, container?.command ?? []));
    return id;
  });
}

/** As `loadgen-worker` of Artillery's image. */
async function work(id: string, command: string[]): Promise<string> {
  const { aws, folder, image, target, written } = world;
  const given = (flag: string) => command[command.indexOf(flag) + 1] ?? '';
  const [testId, queueUrl, region] = [given('-i'), given('-q'), given('-r')];
  const args = JSON.parse(Buffer.from(given('-a'), 'base64').toString()) as string[];
  const worker = { id, testId, queueUrl, region, testData: join(folder, id) };
  await prepareWorker(worker, aws);
  aws.objects.set(`test-runs/${testId}/synced_${id}.json`, Buffer.from('{}'));
  await expect.poll(() => aws.objects.has(`test-runs/${testId}/go.json`), { timeout: 60_000 }).toBe(true);
  const said = await runWorkersArtillery(worker, image, args, {
    LOADLINE_TOKEN_SECRET: target.tokenSecret,
    LOADLINE_WEBHOOK_SECRET: target.webhookSecret,
    LOADLINE_CLIENT_RECORDS: written,
  });
  await notifyRunner(worker, 'workerDone');
  return said;
}

test('workers of run-fargate share the load, and their counts come back through its queue', {
  timeout: 120_000,
}, async () => {
  const said = await world.applyLoad('fargate', ['subnet-ids=subnet-1', 'security-group-ids=sg-1']);
  expect(said).toContain('/artilleryio/LOADLINE_TOKEN_SECRET, /artilleryio/LOADLINE_WEBHOOK_SECRET from SSM');
  const [container] = definition?.containerDefinitions ?? [];
  expect(container?.ulimits).toEqual([{ name: 'nofile', softLimit: 65_535, hardLimit: 65_535 }]);
  expect(container?.secrets).toContainEqual({
    name: 'LOADLINE_TOKEN_SECRET',
    valueFrom: 'arn:aws:ssm:eu-west-1:000000000000:parameter/artilleryio/LOADLINE_TOKEN_SECRET',
  });
  const { aws, target } = world;
  for (const object of aws.objects.values()) expect(object.toString()).not.toContain(target.tokenSecret);
});
