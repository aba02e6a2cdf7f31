/** A kept connection, with one request at a time on it. */
import type { Socket } from 'node:net';
import { AnswerReader, type HttpAnswer } from './http-answer.ts';

interface Exchange {
  resolve: (answer: HttpAnswer) => void;
  reject: (error: Error) => void;
}

interface ConnectionEvents {
  /** It may carry another request. */
  free: (connection: HttpConnection) => void;
  /** It has ended. Called once. */
  ended: (connection: HttpConnection) => void;
}

/** Before the service ends an idle connection, which it may announce, none is used: a request on its way would be lost. */
const idleMarginMs = 1_000;

export class HttpConnection {
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  #reader = new AnswerReader();
  #exchange: Exchange | null = null;
  #idleUntilMs = Number.POSITIVE_INFINITY;

  constructor(socket: Socket, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (received: Buffer) => this.#received(received));
    socket.on('end', () => {
      const answer = this.#reader.end();
      if (answer) this.#settle(answer);
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => {
      this.#fail(endedEarly());
      events.ended(this);
    });
  }

  get isConnected(): boolean {
    return !this.#socket.connecting;
  }

  /** Whether a request may go on it now. */
  get isUsable(): boolean {
    return this.#socket.writable && performance.now() < this.#idleUntilMs;
  }

  /** @param text the whole request. */
  send(text: string, exchange: Exchange): void {
    this.#exchange = exchange;
    this.#reader = new AnswerReader();
    this.#socket.ref();
    this.#socket.write(text);
  }

  destroy(): void {
    this.#exchange = null;
    this.#socket.destroy();
  }

  /** Until it is connected. */
  limitConnect(limitMs: number, onLate: () => void): void {
    if (!this.#socket.connecting) return;
    const timer = setTimeout(onLate, limitMs);
    const done = () => clearTimeout(timer);
    this.#socket.once('connect', done);
    this.#socket.once('close', done);
  }

  #received(bytes: Buffer): void {
    // Nothing was asked: whatever it is, it is no answer.
    if (this.#exchange === null) {
      this.destroy();
      return;
    }
    try {
      const answer = this.#reader.push(bytes);
      if (answer) this.#settle(answer);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #settle(answer: HttpAnswer): void {
    const exchange = this.#exchange;
    this.#exchange = null;
    if (this.#reader.isReusable) {
      const [, seconds] = /\btimeout=(\d+)/.exec(answer.headers['keep-alive'] ?? '') ?? [];
      if (seconds !== undefined) this.#idleUntilMs = performance.now() + Number(seconds) * 1_000 - idleMarginMs;
      // An idle connection keeps no process alive.
      this.#socket.unref();
      this.#events.free(this);
    } else this.#socket.destroy();
    exchange?.resolve(answer);
  }

  #fail(error: Error): void {
    const exchange = this.#exchange;
    this.destroy();
    exchange?.reject(error);
  }
}

const endedEarly = () => Object.assign(new Error('The connection ended before the answer.'), { code: 'ECONNRESET' });
