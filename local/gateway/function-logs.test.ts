import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MetricStore } from '../cloudwatch/store/metric-store.ts';
import { FunctionLogs } from './function-logs.ts';

let logFolder: string;
beforeEach(async () => {
  logFolder = await mkdtemp(join(tmpdir(), 'loadline-function-logs-'));
});
afterEach(() => rm(logFolder, { recursive: true, force: true }));

test('when the logs are closed, each file has its last line', async () => {
  const logs = new FunctionLogs(logFolder, new MetricStore());
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}\n`);
  for (const line of lines) for (const name of ['a', 'b']) logs.write(name, line);
  await logs.close();
  for (const name of ['a', 'b']) {
    expect(await readFile(join(logFolder, `lambda-${name}.log`), 'utf8')).toBe(lines.join(''));
  }
});

test('logs that cannot be written are closed without an error', async () => {
  const logs = new FunctionLogs(join(logFolder, 'missing'), new MetricStore());
  logs.write('a', 'lost\n');
  await expect(logs.close()).resolves.toBeUndefined();
});
