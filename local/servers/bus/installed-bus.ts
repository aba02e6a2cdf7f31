/** A Valkey or Redis that is installed on this machine, as a process of the target. */
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, localHost } from '../../process/listen.ts';
import { killGroup, spawnWatched } from '../../process/watched-spawn.ts';
import type { RunningBus } from './embedded-bus.ts';

const programs = ['valkey-server', 'redis-server'] as const;
const lookMs = 20;
/** It ends a wait that would not end. */
const startLimitMs = 30_000;

/** The path of the first that is installed; null: none is. */
export function findInstalledBus(path: string = process.env.PATH ?? ''): string | null {
  for (const program of programs)
    for (const folder of path.split(delimiter)) {
      const file = join(folder, program);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here.
      }
    }
  return null;
}

/** Keeps nothing on disk, and never outlives this process. @throws when it ends, or does not listen. */
export async function startInstalledBus(program: string): Promise<RunningBus> {
  const port = await freePort();
  const child = spawnWatched(
    program,
    [...['--port', String(port), '--bind', localHost], ...['--save', '', '--appendonly', 'no', '--dir', '/']],
    { cwd: '/', env: process.env, output: false },
  );
  let ended: string | null = null;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended ??= `it ended with ${code ?? signal}`;
  });
  const endsAtMs = performance.now() + startLimitMs;
  while (!(await answers(port))) {
    if (ended !== null || performance.now() > endsAtMs) {
      killGroup(child);
      throw new Error(`${program} did not start: ${ended ?? 'it does not listen'}.`);
    }
    await sleep(lookMs);
  }
  return { port, processId: child.pid ?? null, close: () => killGroup(child) };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, localHost, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
