/** Whatever nothing has caught: a sentence and exit code 4, in real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const misbehaving = fileURLToPath(new URL('./misbehaving.main.ts', import.meta.url));
const loadline = fileURLToPath(new URL('./loadline.js', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-boundary-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(args: string[], { stdout = 'pipe' as 'pipe' | number, environment = {} } = {}) {
  const env: NodeJS.ProcessEnv = { ...process.env, LOADLINE_DEBUG: '', ...environment };
  const child: ChildProcess = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', stdout, 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    said.stdout += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    said.stderr += String(chunk);
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, ...said })),
  );
  return { child, ended, said };
}

const sentence =
  'Loadline failed unexpectedly (TypeError: no such thing): please report it, with what LOADLINE_DEBUG=1 prints.\n';

describe.concurrent('an error that nothing has caught', () => {
  test.each(['throw', 'rejection', 'errorEvent'])(
    '%s: exit code 4 and one sentence, without a stack trace',
    async (kind) => {
      expect(await start([misbehaving, kind]).ended).toEqual({ code: 4, stdout: '', stderr: sentence });
    },
  );

  test('a promise that nothing will ever settle is an error too', async () => {
    const { code, stderr } = await start([misbehaving, 'forgottenPromise']).ended;
    expect(code).toBe(4);
    expect(stderr).toContain('(Error: the command did not come to its end)');
  });

  test('what is under way is stopped first, and writes what it has', async () => {
    expect(await start([misbehaving, 'graceful']).ended).toEqual({
      ...{ code: 4, stderr: sentence },
      stdout: 'partial report: Loadline failed unexpectedly\n',
    });
  });

  test('LOADLINE_DEBUG adds the stack trace', async () => {
    const { code, stderr } = await start([misbehaving, 'throw'], { environment: { LOADLINE_DEBUG: '1' } }).ended;
    expect(code).toBe(4);
    expect(stderr).toContain('misbehaving.main.ts');
    expect(stderr).toContain(sentence);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s without anything to stop: exit code 130', async (signal) => {
    const { child, ended, said } = start([misbehaving, 'waits']);
    while (said.stdout === '') await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
  });
});

describe.concurrent('output that cannot be written', () => {
  test('a reader that is gone: the exit code of the work, whether the output was larger than a pipe or not', async () => {
    const both = [['plan', '--json'], ['scenarios']].map((args) => start([loadline, ...args]));
    for (const { child } of both) child.stdout?.destroy();
    for (const { ended } of both) expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk: exit code 4 and one sentence', async () => {
    const full = openSync('/dev/full', 'w');
    const { ended } = start([loadline, 'plan'], { stdout: full });
    closeSync(full);
    expect(await ended).toMatchObject({
      ...{ code: 4, stderr: 'The output could not be written: the disk is full.\n' },
    });
  });
});

test('a program that cannot be loaded: exit code 4 and one sentence', async () => {
  const broken = join(folder, 'loadline.js');
  cpSync(loadline, broken);
  writeFileSync(join(folder, 'start.js'), "import './nowhere.js';\n");
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { code, stderr } = await start([broken]).ended;
  expect(code).toBe(4);
  expect(stderr).toMatch(
    /^loadline could not be started \(Error.*: Cannot find module .*\): run npm ci, or install it again\.\n$/,
  );
});
