/** Starts a program in a group of its own, nothing of which outlives it or this process, however either ends. */
import { type ChildProcess, spawn } from 'node:child_process';

/**
 * The shell becomes the program, and leaves a watcher in its group: it reads from a pipe that this process holds, and when that ends, however this
 * process did, it kills the group. stdout and stderr are the program's alone, so that they end with it.
 */
const watched = '{ read -r _ <&3; kill -9 0; } >/dev/null 2>&1 & exec "$@" 3<&-';

interface WatchedOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Whether what it writes is read; else it goes nowhere. */
  output: boolean;
}

export function spawnWatched(file: string, parameters: readonly string[], options: WatchedOptions): ChildProcess {
  const { cwd, env, output } = options;
  const written = output ? 'pipe' : 'ignore';
  const child = spawn('/bin/sh', ['-c', watched, 'sh', file, ...parameters], {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', written, written, 'pipe'],
  });
  // The watcher's pipe breaks when the group is killed.
  child.stdio[3]?.on('error', () => undefined);
  // What it started itself, and the watcher.
  child.on('exit', () => killGroup(child));
  return child;
}

/** At once, with all that it started. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}
