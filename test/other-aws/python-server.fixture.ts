/** Somebody else's implementation of AWS, from PyPI, as a server on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonWith } from '../python-packages.fixture.ts';

export interface PythonPackage {
  /** As pip takes it, with its version. */
  requirement: string;
  /** Its program, and what that takes. */
  program: string;
  args: (port: number) => string[];
  environment?: (port: number) => Record<string, string>;
}

export interface PythonServer {
  url: string;
  stop: () => Promise<void>;
}

/** Starts it on a free port, and waits until it answers. */
export async function startPythonServer(wanted: PythonPackage): Promise<PythonServer> {
  const python = await pythonWith([wanted.requirement]);
  const port = await freePort();
  const child = spawn(python, ['-m', wanted.program, ...wanted.args(port)], {
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
