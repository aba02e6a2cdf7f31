/** Child processes of the bench, each on its own cores if the system has `taskset`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job, JobProgress, JobResult } from './jobs.ts';

type Side = 'client' | 'target';
const ownFolder = fileURLToPath(new URL('../..', import.meta.url));

export const canPin = ((): boolean => {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return availableParallelism() > 1;
  } catch {
    return false;
  }
})();
/** The client has the first core, the target all others. */
const coresOf: Record<Side, string> = { client: '0', target: `1-${availableParallelism() - 1}` };

export interface Started<Ready> {
  child: ChildProcess;
  ready: Ready;
  stop: () => Promise<void>;
}

function spawnSide(side: Side, name: string, args: readonly string[], folder: string = ownFolder): ChildProcess {
  const command = [process.execPath, join(folder, 'bench/local-target', `${name}.main.ts`), ...args];
  const [file = '', ...rest] = canPin ? ['taskset', '-c', coresOf[side], ...command] : command;
  return spawn(file, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

async function answerOf<Message>(child: ChildProcess, limitSeconds: number): Promise<Message> {
  const gone = new AbortController();
  const exited = once(child, 'exit', { signal: gone.signal }).then(
    ([code]): never => {
      throw new Error(`A process of the bench ended with exit code ${code}.`);
    },
    () => new Promise<never>(() => {}),
  );
  try {
    const late = AbortSignal.timeout(limitSeconds * 1_000);
    const said = once(child, 'message', { signal: late }).catch((error) => {
      throw late.aborted ? new Error(`A process of the bench sent nothing for ${limitSeconds} s.`) : error;
    });
    const [message] = await Promise.race([said, exited]);
    return message as Message;
  } finally {
    gone.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  // Targets stop in order; any still running by then are killed.
  const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await ended;
  clearTimeout(timer);
}

/** Starts a target, and settles once it serves. `folder`: another checkout's, with its packages installed; default: this one's. */
export async function startTarget<Ready>(
  name: string,
  args: readonly string[] = [],
  folder?: string,
): Promise<Started<Ready>> {
  const child = spawnSide('target', name, args, folder);
  try {
    return { child, ready: await answerOf<Ready>(child, 60), stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** Runs one job in its own client. `onSteady` is called when its warm-up is over. */
export async function runJob(
  job: Job,
  limitSeconds: number,
  onSteady: () => void = () => undefined,
): Promise<{ result: Extract<JobResult, { kind: 'done' }>; stop: () => Promise<void> }> {
  const child = spawnSide('client', 'client', []);
  try {
    child.send(job);
    for (;;) {
      const message = await answerOf<JobProgress | JobResult>(child, limitSeconds);
      if (message.kind === 'steady') onSteady();
      else if (message.kind === 'failed') throw new Error(`The client failed: ${message.reason}`);
      else return { result: message, stop: () => stop(child) };
    }
  } catch (error) {
    await stop(child);
    throw error;
  }
}
