/** `loadline run --on …` up to AWS, in whose place nothing listens. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCommand } from './command.fixture.ts';

let folder: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-command-'));
  temporary = mkdtempSync(join(tmpdir(), 'loadline-temporary-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
});

const loadline = (...args: string[]) =>
  startCommand(['run', ...args], {
    folder,
    temporary,
    environment: {
      LOADLINE_TOKEN_SECRET: 'the secret of tokens',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'nobody',
      AWS_SECRET_ACCESS_KEY: 'nothing',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  }).ended;

test('Artillery that cannot reach AWS counts as crashed, and leaves only its log', async () => {
  const load = ['--url', 'wss://socket.example', '--connections', '100', '--steady', '30'];
  expect((await loadline('--on', 'fargate', '--count', '2', ...load)).code).toBe(4);
  const runFolder = join(folder, 'runs', 'latest');
  const read = (name: string) => readFileSync(join(runFolder, name), 'utf8');
  expect(read('logs/artillery.log')).toContain('connect ECONNREFUSED 127.0.0.1:9');
  expect(JSON.parse(read('run.json'))).toMatchObject({
    outcome: { kind: 'crashed', part: 'artillery', reason: expect.stringContaining('ECONNREFUSED') },
    workers: { on: 'fargate', count: 2, region: 'us-east-1' },
  });
  expect(JSON.parse(read('workers.json'))).toEqual({ on: 'fargate', workers: 2, steps: 2 });
  for (const name of ['run.json', 'workers.json', 'logs/artillery.log', 'report.html'])
    expect(read(name)).not.toContain('the secret of tokens');
  expect(readdirSync(temporary)).toEqual([]);
});
