/** The WebSockets that this task holds, and pushes to them. */
import type { WebSocket } from 'ws';
import type { PushAttempt } from '../domain/pushing/push.ts';

/** What a client that does not read may leave in this process before its connection ends: a thousand of them are a gigabyte. */
const maxBufferedBytes = 1_048_576;

const gone: PushAttempt = { kind: 'gone', isCertain: true };

export class HeldConnections {
  readonly #sockets = new Map<string, WebSocket>();
  /** Of handshakes that are under way: listed already, and open in a moment. */
  readonly #opening = new Map<string, Promise<void>>();
  readonly #attemptMs: number;

  /** @param attemptMs a push that has not left this process by then has no answer. */
  constructor(attemptMs: number) {
    this.#attemptMs = attemptMs;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** A connection that is about to be listed. The function that it returns is called when its handshake has ended, whichever way. */
  expect(connectionId: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#opening.set(connectionId, promise);
    return () => {
      this.#opening.delete(connectionId);
      resolve();
    };
  }

  add(connectionId: string, socket: WebSocket): void {
    this.#sockets.set(connectionId, socket);
  }

  remove(connectionId: string): void {
    this.#sockets.delete(connectionId);
  }

  /** As they were at the call. */
  sockets(): WebSocket[] {
    return [...this.#sockets.values()];
  }

  /** `sent`: the system has the frame. Nobody knows better than this task what is gone. Never rejects. */
  push(connectionId: string, frame: string): Promise<PushAttempt> | PushAttempt {
    const socket = this.#sockets.get(connectionId);
    if (socket === undefined) {
      const opening = this.#opening.get(connectionId);
      return opening?.then(() => this.push(connectionId, frame)) ?? gone;
    }
    if (socket.readyState !== socket.OPEN) return gone;
    if (socket.bufferedAmount > maxBufferedBytes) {
      socket.terminate();
      return gone;
    }
    return this.#send(socket, frame);
  }

  #send(socket: WebSocket, frame: string): Promise<PushAttempt> | PushAttempt {
    let end: (attempt: PushAttempt) => void = () => {};
    let hasFailed = false;
    socket.send(frame, (error) => {
      hasFailed = error !== undefined && error !== null;
      end(hasFailed ? gone : { kind: 'sent' });
    });
    // Nearly always: the system took it at once.
    if (socket.bufferedAmount === 0 && !hasFailed) return { kind: 'sent' };
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => resolve({ kind: 'unanswered', reason: 'The client does not read.' }),
        this.#attemptMs,
      );
      end = (attempt) => {
        clearTimeout(timer);
        resolve(attempt);
      };
    });
  }
}
