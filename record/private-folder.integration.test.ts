/** Modes of what a run leaves, by processes with a umask of their own. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-modes-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Runs a script with a umask; `folder` is its last argument. */
function runWith(umask: number, script: string): string {
  const text = `process.umask(${umask}); const folder = process.argv.at(-1); ${script}`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', text, folder], { encoding: 'utf8' }).trim();
}

const makeRun = `
  const { createRunFolder } = await import(${url('./run-folder.ts')});
  const { writeJsonFile } = await import(${url('./json-file.ts')});
  const run = await createRunFolder(folder + '/runs', new Date(0), () => 0.5);
  await writeJsonFile(run.folder + '/run.json', {});
  console.log(run.folder);`;

describe.each([0o000, 0o022, 0o077, 0o177])('with a umask of %i', (umask) => {
  test('a run folder, its logs and its files are for their owner only', () => {
    const run = runWith(umask, makeRun);
    expect([join(folder, 'runs'), run, join(run, 'logs')].map(modeOf)).toEqual(['700', '700', '700']);
    expect(modeOf(join(run, 'run.json'))).toBe('600');
  });

  test("the logs of a target, and what was there of an earlier one's", () => {
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    chmodSync(logs, 0o755);
    writeFileSync(join(logs, 'gateway.log'), 'earlier', { mode: 0o644 });
    runWith(
      umask,
      `const { makeLogFolder, openLogFile } = await import(${url('../local/process/log-file.ts')});
       await makeLogFolder(folder + '/logs');
       for (const name of ['gateway.log', 'sqs.log']) openLogFile(folder + '/logs/' + name).end('x');`,
    );
    expect(modeOf(logs)).toBe('700');
    expect(readdirSync(logs).map((name) => modeOf(join(logs, name)))).toEqual(['600', '600']);
  });
});

test('a log file is closed to others before anything is written to it', () => {
  const path = join(folder, 'gateway.log');
  writeFileSync(path, 'earlier', { mode: 0o644 });
  const mode = runWith(
    0o022,
    `const { openLogFile } = await import(${url('../local/process/log-file.ts')});
     const { statSync } = await import('node:fs');
     const path = folder + '/gateway.log';
     openLogFile(path).on('open', () => console.log((statSync(path).mode & 0o777).toString(8)));`,
  );
  expect(mode).toBe('600');
});

describe('a folder that is there', () => {
  test('is closed if it holds nothing but runs', () => {
    const runs = join(folder, 'runs');
    mkdirSync(join(runs, '20261121T180726Z-3f9a'), { recursive: true });
    chmodSync(runs, 0o755);
    runWith(0o022, makeRun);
    expect(modeOf(runs)).toBe('700');
  });

  test('is left as it is if it is something else as well: it may be the home of its owner, or /tmp', () => {
    const runs = join(folder, 'runs');
    mkdirSync(join(runs, 'documents'), { recursive: true });
    chmodSync(runs, 0o755);
    const run = runWith(0o022, makeRun);
    expect([modeOf(runs), modeOf(run)]).toEqual(['755', '700']);
  });

  test('is closed when the reports of an earlier version are made again', () => {
    const run = runWith(0o022, makeRun);
    chmodSync(run, 0o755);
    runWith(
      0o022,
      `const { closeFolder } = await import(${url('./private-folder.ts')});
       await closeFolder(folder + '/runs/latest');
       await closeFolder('/no/such/folder');`,
    );
    expect(modeOf(run)).toBe('700');
  });
});
