import { randomFillSync } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import type { Clock } from '../schedule/clock.ts';
import { FrameParser, type FrameSink, opcodes, type ProtocolFault } from './frame-parser.ts';
import type { FrameWriter } from './frame-writer.ts';
import { readUpgradeAnswer, upgradeRequest } from './handshake.ts';
import { readInto } from './read-buffer.ts';
import type { ConnectFailure, Endpoint, MessageSocket, SocketHandler, SocketOptions } from './socket.ts';

/** The largest message that the client accepts: far above API Gateway's 128 KB, so that a target's fault is reported rather than cut off. */
const maxMessageBytes = 1_048_576;
/** Bytes that may be buffered on one connection whose target does not read. Beyond that, sends fail. */
const maxBufferedBytes = 262_144;
/** How long the client waits for a server to answer a close frame and hang up (ws waits 30 s). */
const closeTimeoutMs = 10_000;
const noStatusCode = 1005;
const abnormalCode = 1006;

const keyBytes = Buffer.alloc(16);

/** A client's WebSocket with only what a load generator needs: no extensions, no streams, no events. */
export class ClientSocket<Owner> implements MessageSocket, FrameSink {
  readonly #owner: Owner;
  readonly #handler: SocketHandler<Owner>;
  readonly #clock: Clock;
  readonly #writer: FrameWriter;
  readonly #endpoint: Endpoint;
  readonly #socket: net.Socket;
  #parser: FrameParser | null = null;
  #state: 'connecting' | 'upgrading' | 'open' | 'closing' | 'ended' = 'connecting';
  readonly #startedAtMicros: number;
  #tcpAtMicros = 0;
  #requestedAtMicros = 0;
  #key = '';
  #head: Buffer | null = null;
  readonly #path: string;
  #closeCode = abnormalCode;
  #closeReason = '';
  readonly #closeTimeoutMs: number;
  #closeTimer: NodeJS.Timeout | undefined;
  /** The handler knows that it is closed. */
  #isReported = false;

  constructor(options: SocketOptions<Owner> & { closeTimeoutMs?: number }) {
    const { endpoint, localAddress } = options;
    this.#owner = options.owner;
    this.#handler = options.handler;
    this.#clock = options.clock;
    this.#writer = options.writer;
    this.#endpoint = endpoint;
    this.#path = options.path;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? closeTimeoutMs;
    this.#startedAtMicros = this.#clock.nowMicros();
    const target = {
      host: endpoint.host,
      port: endpoint.port,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
      onread: readInto((bytes) => this.#read(bytes)),
    };
    const onTcp = () => {
      this.#tcpAtMicros = this.#clock.nowMicros();
    };
    if (endpoint.isTls) {
      const servername = net.isIP(endpoint.host) === 0 ? { servername: endpoint.host } : {};
      this.#socket = tls.connect({ ...target, ...servername, ALPNProtocols: ['http/1.1'] });
      this.#socket.once('connect', onTcp);
      this.#socket.once('secureConnect', () => this.#upgrade());
    } else {
      this.#socket = net.connect(target);
      this.#socket.once('connect', () => {
        onTcp();
        this.#upgrade();
      });
    }
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error));
    this.#socket.on('close', () => this.#onClose());
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  sendText(payload: Uint8Array): boolean {
    if (this.#state !== 'open' || this.#socket.writableLength > maxBufferedBytes) return false;
    this.#socket.write(this.#writer.frame(opcodes.text, payload));
    return true;
  }

  /** Bytes written that the kernel has not accepted yet. */
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  close(code: number): void {
    if (this.#state !== 'open') return;
    this.#beginClosing();
    this.#socket.write(this.#writer.close(code));
  }

  destroy(): void {
    this.#state = 'ended';
    clearTimeout(this.#closeTimer);
    this.#parser?.stop();
    this.#socket.destroy();
  }

  /** From here on the socket ends regardless of the server. */
  #beginClosing(): void {
    this.#state = 'closing';
    this.#closeTimer ??= setTimeout(() => this.#socket.destroy(), this.#closeTimeoutMs);
  }

  #upgrade(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'upgrading';
    this.#key = randomFillSync(keyBytes).toString('base64');
    this.#requestedAtMicros = this.#clock.nowMicros();
    const { authority, subprotocols, headers } = this.#endpoint;
    this.#socket.write(
      upgradeRequest({ host: authority, path: this.#path, key: this.#key, subprotocols, headers }),
      'latin1',
    );
  }

  #read(bytes: Buffer): void {
    if (this.#parser !== null) this.#parser.push(bytes, 0, bytes.length);
    else if (this.#state === 'upgrading') this.#readHead(bytes);
  }

  #readHead(bytes: Buffer): void {
    const head = this.#head === null ? bytes : Buffer.concat([this.#head, bytes]);
    const answer = readUpgradeAnswer(head, this.#key, this.#endpoint.subprotocols);
    switch (answer.kind) {
      case 'incomplete':
        this.#head = Buffer.from(head);
        return;
      case 'refused':
        this.#fail(answer.status === 429 ? { kind: 'throttled' } : { kind: 'refused', status: answer.status });
        return;
      case 'malformed':
        this.#fail({ kind: 'failed', code: `upgrade answer: ${answer.problem}` });
        return;
      case 'upgraded':
        this.#head = null;
        this.#open();
        this.#parser?.push(head, answer.bytes, head.length);
    }
  }

  #open(): void {
    this.#state = 'open';
    this.#key = '';
    this.#parser = new FrameParser(this, maxMessageBytes);
    const now = this.#clock.nowMicros();
    this.#handler.opened(this.#owner, {
      tcpMicros: this.#tcpAtMicros - this.#startedAtMicros,
      tlsMicros: this.#endpoint.isTls ? this.#requestedAtMicros - this.#tcpAtMicros : null,
      upgradeMicros: now - this.#requestedAtMicros,
    });
  }

  message(isText: boolean, bytes: Buffer, start: number, end: number): void {
    if (this.#state === 'open' || this.#state === 'closing')
      this.#handler.message(this.#owner, isText, bytes, start, end);
  }

  control(opcode: 8 | 9 | 10, bytes: Buffer, start: number, end: number): void {
    if (opcode === opcodes.pong) return;
    if (opcode === opcodes.ping) {
      // A server that pings but does not read gets no answer: its buffer must not grow without bound.
      if (this.#state === 'open' && this.#socket.writableLength <= maxBufferedBytes)
        this.#socket.write(this.#writer.frame(opcodes.pong, bytes.subarray(start, end)));
      return;
    }
    this.#parser?.stop();
    this.#closeCode = end - start >= 2 ? bytes.readUInt16BE(start) : noStatusCode;
    this.#closeReason = bytes.toString('utf8', Math.min(end, start + 2), end);
    // Answered with the same code. The server closes TCP first (RFC 6455, 7.1.1), which also keeps the port from lingering here. Nothing can come over the
    // connection any more, so it counts as closed from now on, whether the server hangs up or not; the rest holds nobody up.
    if (this.#state === 'open') {
      this.#beginClosing();
      this.#closeTimer?.unref();
      this.#socket.unref();
      this.#socket.write(this.#writer.close(this.#closeCode === noStatusCode ? null : this.#closeCode));
      this.#report();
    }
  }

  fault({ code, problem }: ProtocolFault): void {
    if (this.#state === 'ended') return;
    this.#closeCode = code;
    this.#closeReason = `failed by the client: ${problem}`;
    if (this.#state === 'open') this.#socket.write(this.#writer.close(code));
    this.#beginClosing();
    this.#socket.destroySoon();
  }

  #fail(failure: ConnectFailure): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#socket.destroy();
    this.#handler.notOpened(this.#owner, failure);
  }

  #onError(error: NodeJS.ErrnoException): void {
    // After the upgrade an error is followed by 'close', which counts.
    if (this.#state === 'connecting' || this.#state === 'upgrading')
      this.#fail({ kind: 'failed', code: codeOf(error) });
  }

  #onClose(): void {
    if (this.#state === 'connecting' || this.#state === 'upgrading') {
      this.#fail({ kind: 'failed', code: 'closed before the upgrade was answered' });
      return;
    }
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearTimeout(this.#closeTimer);
    this.#parser?.stop();
    this.#report();
  }

  #report(): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#handler.closed(this.#owner, this.#closeCode, this.#closeReason);
  }
}

/** `connect` to a name with several addresses fails with an AggregateError whose code is that of the last. */
function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
