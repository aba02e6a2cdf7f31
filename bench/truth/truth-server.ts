import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../echo.ts';

/** The server of a truth test, in a process that can be stopped. */
export class TruthServer {
  readonly #child: ChildProcess;
  readonly webSocketUrl: string;
  readonly httpUrl: string;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.webSocketUrl = `ws://127.0.0.1:${port}/`;
    this.httpUrl = `http://127.0.0.1:${port}/`;
  }

  static async start(latency: 'instant' | 'lognormal'): Promise<TruthServer> {
    const child = fork(fileURLToPath(new URL('server.main.ts', import.meta.url)), [latency]);
    const { port } = await nextMessage<{ port: number }>(child);
    return new TruthServer(child, port);
  }

  /** Stands still for this long; says for how long it really did, in milliseconds. */
  async standStill(milliseconds: number): Promise<number> {
    const from = performance.now();
    this.#child.kill('SIGSTOP');
    await sleep(milliseconds);
    this.#child.kill('SIGCONT');
    return performance.now() - from;
  }

  /** How long it held back each answer since it was last asked, ascending; and which message it answered when, in milliseconds. */
  async answers(): Promise<{ heldMs: Float64Array; answers: [number: number, atMs: number][] }> {
    this.#child.send('answers');
    const told = await nextMessage<{ heldMs: number[]; answers: [number, number][] }>(this.#child);
    return { heldMs: Float64Array.from(told.heldMs).toSorted(), answers: told.answers };
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
