import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../echo.ts';

/** By the server's own clock, in milliseconds. */
export interface ServerAccount {
  /** The planned delay of each answer, and the actual one. */
  wantedMs: number[];
  heldMs: number[];
  /** Number of each message (NaN: it has none) and when it was answered, in that order. */
  answers: [number: number, atMs: number][];
  /** The longest time that it stood still. */
  stoodStillMs: number;
  /** When that ended. */
  resumedAtMs: number;
}

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

  static async start(latency: 'instant' | 'constant' | 'lognormal'): Promise<TruthServer> {
    const child = fork(fileURLToPath(new URL('server.main.ts', import.meta.url)), [latency]);
    const { port } = await nextMessage<{ port: number }>(child);
    return new TruthServer(child, port);
  }

  /** Stands still for about this long; its account has the actual duration. */
  async standStill(milliseconds: number): Promise<void> {
    this.#child.kill('SIGSTOP');
    await sleep(milliseconds);
    this.#child.kill('SIGCONT');
  }

  /** Messages received so far. */
  async count(): Promise<number> {
    this.#child.send('count');
    return await nextMessage<number>(this.#child);
  }

  /** Its measurements. */
  async account(): Promise<ServerAccount> {
    this.#child.send('account');
    return await nextMessage<ServerAccount>(this.#child);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
