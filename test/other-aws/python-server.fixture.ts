/** Somebody else's implementation of AWS, from PyPI, as a server on this machine. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface PythonPackage {
  /** As pip takes it, with its version. */
  requirement: string;
  /** Its program, and what that takes. */
  program: string;
  args: (port: number) => string[];
  environment?: (port: number) => Record<string, string>;
}

/** Why it cannot be had here; null: it can. */
export function whyNoPython(): string | null {
  const python = spawnSync('python3', ['--version']);
  if (python.status !== 0) return 'skipped: there is no python3 on this machine';
  const pip = spawnSync('python3', ['-c', 'import ensurepip, venv']);
  return pip.status === 0 ? null : 'skipped: python3 has no venv with pip on this machine';
}

/** Installed once, into a folder that later runs find again. */
async function installed({ requirement }: PythonPackage): Promise<string> {
  const folder = join(tmpdir(), `loadline-${requirement.replaceAll(/[^\w.=-]/g, '-')}`);
  if (existsSync(folder)) return folder;
  const run = promisify(execFile);
  const venv = await mkdtemp(join(tmpdir(), 'loadline-venv-'));
  await run('python3', ['-m', 'venv', venv]);
  await run(
    join(venv, 'bin', 'python'),
    ['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check', requirement],
    {
      timeout: 240_000,
    },
  );
  // Scripts of a venv name its folder; the interpreter itself may be reached under any.
  await rename(venv, folder).catch(() => rm(venv, { recursive: true, force: true }));
  return folder;
}

export interface PythonServer {
  url: string;
  stop: () => Promise<void>;
}

/** Starts it on a free port, and waits until it answers. */
export async function startPythonServer(wanted: PythonPackage): Promise<PythonServer> {
  const folder = await installed(wanted);
  const port = await freePort();
  const child = spawn(join(folder, 'bin', 'python'), ['-m', wanted.program, ...wanted.args(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...wanted.environment?.(port) },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  const url = `http://127.0.0.1:${port}`;
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`${wanted.requirement} ended with ${code}: ${said}`))),
  );
  ended.catch(() => {});
  await Promise.race([answers(url), ended]);
  return { url, stop: () => stop(child) };
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer !== null) return;
    await sleep(200);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
