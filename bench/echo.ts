/** The echo server of a bench, on its own core and queried over IPC. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export class Echo {
  readonly #child: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<Echo> {
    const child = fork(fileURLToPath(new URL('echo-server.main.ts', import.meta.url)));
    const { port } = await nextMessage<{ port: number }>(child);
    if (hasTaskset()) execFileSync('taskset', ['-a', '-p', '-c', '1', String(child.pid)], { stdio: 'ignore' });
    return new Echo(child, `ws://127.0.0.1:${port}/`);
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  async ask(): Promise<{ answered: number; open: number }> {
    this.#child.send('count');
    return await nextMessage(this.#child);
  }

  async until(isReached: (open: number) => boolean, limitSeconds: number): Promise<void> {
    const deadline = performance.now() + limitSeconds * 1_000;
    while (!isReached((await this.ask()).open)) {
      if (performance.now() > deadline) throw new Error(`The client did not reach its load within ${limitSeconds} s.`);
      await sleep(20);
    }
  }

  stop(): void {
    this.#child.disconnect();
  }
}

export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(60_000) });
  return message as Message;
}

export function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A command bound to one core, if the system supports that. */
export const pinned = (core: number, command: string[]): [string, string[]] =>
  hasTaskset() ? ['taskset', ['-c', String(core), ...command]] : [command[0] ?? '', command.slice(1)];
