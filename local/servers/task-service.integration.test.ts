/** A service of tasks, whose tasks are small programs, while its tasks end. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TaskService } from './task-service.ts';

/** It notes that it was started, and fails at once where a file says so. */
const program = `
import { appendFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
appendFileSync('starts', 'x');
if (existsSync('broken')) process.exit(1);
createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;
const settled = { timeout: 20_000, interval: 20 };

let folder: string;
let service: TaskService;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-tasks-'));
  writeFileSync(join(folder, 'task.mjs'), program);
  appendFileSync(join(folder, 'starts'), '');
  const targetGroup = { arn: 'arn', healthPath: '/', deregistrationDelayMs: 0 };
  const task = { codeFolder: folder, command: ['task.mjs'] as [string], environment: {}, cpuUnits: 256, memoryMb: 512 };
  service = new TaskService({
    model: {
      ...{ logicalId: 'Service', serviceName: 's', clusterName: 'c', desiredCount: 2, targetGroup },
      task: { ...task, stopTimeoutMs: 5_000 },
    },
    ...{ balancer: null, environment: {}, onOutput: () => undefined },
  });
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});
const starts = () => readFileSync(join(folder, 'starts'), 'utf8').length;
/** Other tasks, and as many of them, none of which has just been started. */
const replaced = async (before: readonly number[], started: number) => {
  await vi.waitFor(() => {
    expect(service.processIds.filter((pid) => before.includes(pid))).toEqual([]);
    expect(service.processIds).toHaveLength(2);
    expect(starts()).toBe(started);
  }, settled);
};

it('ends every task that is named, by their places at the same moment', async () => {
  await service.start();
  const before = service.processIds;
  service.end([
    { place: 0, way: 'stop' },
    { place: 1, way: 'stop' },
  ]);
  await replaced(before, 4);
  const between = service.processIds;
  service.end([
    { place: 0, way: 'kill' },
    { place: 1, way: 'stop' },
  ]);
  await replaced(between, 6);
});

it('replaces a task that is killed in a deployment once', async () => {
  await service.start();
  const before = service.processIds;
  const deployed = service.deploy();
  // It is the first one's turn, whose successor is starting.
  service.end([
    { place: 0, way: 'kill' },
    { place: 1, way: 'kill' },
  ]);
  await deployed;
  await vi.waitFor(() => {
    expect(service.running).toBe(2);
    expect(service.processIds).toHaveLength(2);
    expect(starts()).toBeGreaterThanOrEqual(4);
  }, settled);
  // One in the deployment and one in the place of the killed one. A third would have come by now.
  await sleep(300);
  expect([service.processIds.filter((pid) => before.includes(pid)), service.processIds.length, starts()]).toEqual([
    [],
    2,
    4,
  ]);
});

it('takes a deployment back whose first task does not become healthy', async () => {
  await service.start();
  const before = service.processIds;
  writeFileSync(join(folder, 'broken'), '');
  await service.deploy();
  await sleep(350);
  expect([service.processIds, starts()]).toEqual([before, 3]);
});

it('says that its tasks end before they are healthy, and leaves none behind', async () => {
  writeFileSync(join(folder, 'broken'), '');
  await expect(service.start()).rejects.toThrow('A task of the service Service ended before it was healthy');
  expect(service.processIds).toEqual([]);
});
