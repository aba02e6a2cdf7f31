/** The WebSockets of a task: handshake, messages, keep-alive, end. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { answerMessage, type MessageDependencies } from '../domain/answer-message.ts';
import { authorize } from '../domain/authorize.ts';
import type { Caller } from '../domain/channels/channel-guard.ts';
import type { ConnectionStore } from '../domain/connection-store.ts';
import { disconnect } from '../domain/disconnect.ts';
import type { SecretReader } from '../domain/secret-reader.ts';
import { closeForRestart } from './drain.ts';
import type { HeldConnections } from './held-connections.ts';
import { connectionIdOf } from './task-pusher.ts';
import { workBudget } from './work-budget.ts';

/** As API Gateway's (L-FD0EB744): a client sees no difference. */
const maxMessageBytes = 131_072;
/** Random, so that an id is never used twice. */
const uniqueBytes = 9;

interface SocketOptions {
  taskId: string;
  held: HeldConnections;
  store: ConnectionStore;
  tokenSecret: SecretReader;
  maxLifetimeSeconds: number;
  /** The budget is made for each message. */
  message: Omit<MessageDependencies, 'budget'>;
  /** Of one message, its pushes included. */
  messageLimitMs: number;
  /** How often an open connection is pinged: one that did not answer the ping before is ended. */
  pingSeconds: number;
}

export class SocketEndpoint {
  readonly #options: SocketOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, clientTracking: false });
  readonly #alive = new WeakSet<WebSocket>();
  /** Handshakes that are under way, what closes at once, and what is still to be written of connections that have ended. */
  readonly #pending = new Set<Promise<void>>();
  readonly #pinger: NodeJS.Timeout;
  #round: WebSocket[] = [];
  #isEnding = false;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#pinger = setInterval(() => this.#pingSome(), 1_000);
  }

  /** Answers an upgrade. Never rejects. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, token: string | undefined): Promise<void> {
    return this.#track(this.#upgrade(request, socket, head, token));
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, token: string | undefined): Promise<void> {
    // The client may go at any moment, before the library listens.
    socket.on('error', () => socket.destroy());
    const { tokenSecret, maxLifetimeSeconds, taskId, store, held } = this.#options;
    const connectionId = connectionIdOf(taskId, randomBytes(uniqueBytes).toString('base64url'));
    const settle = held.expect(connectionId);
    try {
      const rules = { maxLifetimeSeconds, nowMs: Date.now() };
      const verdict = await authorize(token, tokenSecret, rules);
      if (verdict.kind === 'invalid') return refuse(socket, '401 Unauthorized');
      const { userId, permissions } = verdict;
      // Listed before the client knows that it is connected, so that no push can miss an open socket.
      await store.addConnection(userId, connectionId);
      let isOpen = false;
      this.#server.handleUpgrade(request, socket, head, (opened) => {
        isOpen = true;
        this.#open(opened, { connectionId, userId, permissions });
      });
      // The client has gone, or its handshake was malformed, which the library has answered.
      if (!isOpen) this.#forget(userId, connectionId);
    } catch (error) {
      console.error('A handshake failed:', error);
      refuse(socket, '500 Internal Server Error');
    } finally {
      settle();
    }
  }

  /** Settles when no handshake is under way, and nothing is left to be written of connections that have ended. */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** From now on a handshake that was under way ends in a connection that is closed at once. Those that are open stay so. */
  end(): void {
    this.#isEnding = true;
  }

  close(): void {
    clearInterval(this.#pinger);
  }

  #open(socket: WebSocket, caller: Caller): void {
    const { held } = this.#options;
    held.add(caller.connectionId, socket);
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      held.remove(caller.connectionId);
      this.#forget(caller.userId, caller.connectionId);
    });
    if (this.#isEnding) {
      void this.#track(closeForRestart(socket));
      return;
    }
    socket.on('message', (data) => {
      this.#alive.add(socket);
      this.#answer(socket, textOf(data), caller).catch((error: unknown) => {
        console.error('A message could not be answered:', error);
        // As API Gateway's frame for an integration that failed.
        send(socket, JSON.stringify({ message: 'Internal server error', connectionId: caller.connectionId }));
      });
    });
  }

  async #answer(socket: WebSocket, text: string, caller: Caller): Promise<void> {
    const { message, messageLimitMs } = this.#options;
    send(socket, await answerMessage(text, caller, { ...message, budget: workBudget(messageLimitMs) }));
  }

  #forget(userId: string, connectionId: string): void {
    const ending = disconnect(this.#options.store, userId, connectionId)
      .then((left) => {
        if (left > 0) console.error(`${left} subscriptions of a closed connection are left: they expire.`);
      })
      .catch((error: unknown) => console.error('A closed connection could not be forgotten, and expires:', error));
    void this.#track(ending);
  }

  /** @param pending never rejects. */
  async #track(pending: Promise<void>): Promise<void> {
    this.#pending.add(pending);
    await pending;
    this.#pending.delete(pending);
  }

  /** A part of the connections each second, so that all have their turn in the time, and never many at once. */
  #pingSome(): void {
    const { held, pingSeconds } = this.#options;
    if (this.#round.length === 0) this.#round = held.sockets();
    const some = this.#round.splice(0, Math.ceil(held.size / pingSeconds));
    for (const socket of some) {
      if (socket.readyState !== socket.OPEN) continue;
      if (!this.#alive.has(socket)) {
        socket.terminate();
        continue;
      }
      this.#alive.delete(socket);
      socket.ping();
    }
  }
}

function send(socket: WebSocket, text: string): void {
  if (socket.readyState === socket.OPEN) socket.send(text);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}

function refuse(socket: Duplex, status: string): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
