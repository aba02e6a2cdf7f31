/** A WebSocket of `ws` as far as the server's code uses one. */
import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';

export class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  closedWith: number | null = null;
  isTerminated = false;
  /** Does not answer a close frame. */
  isDeaf = false;
  /** What it has not written yet. */
  #waiting: ((error?: Error) => void)[] = [];

  send(frame: string, written: (error?: Error) => void = () => {}): void {
    this.sent.push(frame);
    if (this.bufferedAmount === 0) written();
    else this.#waiting.push(written);
  }

  /** Writes what it has not written yet. */
  drain(): void {
    this.bufferedAmount = 0;
    for (const written of this.#waiting.splice(0)) written();
  }

  close(code: number): void {
    this.closedWith = code;
    if (!this.isDeaf) this.#end();
  }

  terminate(): void {
    this.isTerminated = true;
    this.#end();
  }

  #end(): void {
    this.readyState = this.CLOSED;
    this.emit('close');
  }

  /** The cast: what is missing is not used. */
  get asWebSocket(): WebSocket {
    return this as unknown as WebSocket;
  }
}
