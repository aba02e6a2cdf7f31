/** The fake stack in memory, behind a network with latency, on virtual time. */
import type { Device } from '../src/core/connections/device.ts';
import type { Platform } from '../src/core/fleet/platform.ts';
import type { Exchange, PostConnection } from '../src/core/wire/post-socket.ts';
import type { ConnectFailure, MessageSocket, SocketOptions } from '../src/core/wire/socket.ts';
import { FakeStack, type Faults, type Peer } from './fake-stack.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Network {
  /** One way. */
  hopMs?: number;
  /** The target does nothing during this time, like a stopped process; whatever reaches it waits. */
  standstill?: { fromMs: number; toMs: number };
  /** Nothing listens: every connect and post fails with this code. */
  refusedWith?: string;
}

/** One way: 1 ms. */
const defaultHopMs = 1;

export class VirtualTarget {
  readonly webSocketUrl = 'ws://virtual.test/prod';
  readonly webhookUrl = 'http://virtual.test/webhooks';
  readonly fallbackUrl = 'http://virtual.test';
  readonly stack: FakeStack;
  /** Source address of each connect, in order. */
  readonly sourceAddresses: (string | undefined)[] = [];
  readonly platform: Platform;
  readonly time: VirtualTime;
  readonly #network: Network;

  constructor(time: VirtualTime, faults: Faults = {}, network: Network = {}, stack?: FakeStack) {
    this.time = time;
    this.#network = network;
    const wallMs = () => time.nowMs;
    this.stack = stack ?? new FakeStack(faults, { nowMs: wallMs, after: (ms, run) => void time.after(ms, run) });
    this.platform = {
      clock: time,
      waiter: time,
      wallMs,
      openSocket: (options) => {
        this.sourceAddresses.push(options.localAddress);
        return new VirtualSocket(this, options);
      },
      openPostConnection: (_url, onIdle) => new VirtualPostConnection(this, onIdle),
    };
  }

  get refusedWith(): string | null {
    return this.#network.refusedWith ?? null;
  }

  /** To the target: runs on arrival, once the target is not standing still. */
  toTarget(run: () => void): void {
    const { hopMs = defaultHopMs, standstill } = this.#network;
    const arrivesAtMs = this.time.nowMs + hopMs;
    const isHeld = standstill !== undefined && arrivesAtMs >= standstill.fromMs && arrivesAtMs < standstill.toMs;
    this.time.after(isHeld ? standstill.toMs - this.time.nowMs : hopMs, run);
  }
  /** From the target. */
  toClient(run: () => void): void {
    this.time.after(this.#network.hopMs ?? defaultHopMs, run);
  }

  /** Closes every connection with this code. */
  closeAll(code: number, reason?: string): void {
    for (const peer of this.stack.peers) peer.close(code, reason);
  }
}

class VirtualSocket implements MessageSocket {
  readonly #target: VirtualTarget;
  readonly #options: SocketOptions<Device>;
  readonly #startedAtMicros: number;
  #tcpAtMicros = 0;
  #state: 'connecting' | 'open' | 'ended' = 'connecting';
  /** The target's end of it. */
  readonly #peer: Peer = {
    send: (text) => this.#target.toClient(() => this.#received(text)),
    close: (code, reason = '') => this.#leave(() => this.#closed(code, reason)),
  };
  /** Null: not, or no longer, connected as the target sees it. */
  #user: string | null = null;

  constructor(target: VirtualTarget, options: SocketOptions<Device>) {
    this.#target = target;
    this.#options = options;
    this.#startedAtMicros = options.clock.nowMicros();
    const { refusedWith } = target;
    target.toTarget(() =>
      target.toClient(() => {
        if (refusedWith !== null) return this.#fail({ kind: 'failed', code: refusedWith });
        this.#tcpAtMicros = options.clock.nowMicros();
        target.toTarget(() => this.#upgrade());
      }),
    );
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  sendText(payload: Uint8Array): boolean {
    if (this.#state !== 'open') return false;
    const text = Buffer.from(payload).toString();
    this.#target.toTarget(() => {
      if (this.#user !== null) this.#target.stack.received(this.#peer, text);
    });
    return true;
  }

  close(code: number): void {
    this.#target.toTarget(() => this.#leave(() => this.#closed(code)));
  }

  destroy(): void {
    this.#state = 'ended';
    this.#target.toTarget(() => this.#leave(() => {}));
  }

  #upgrade(): void {
    const { stack } = this.#target;
    if (this.#state === 'ended') return;
    const { status, user } = stack.admit(this.#options.path, this.#options.endpoint.headers);
    if (status === 0) return;
    if (status === 101) {
      this.#user = user;
      // Before anything that the stack sends at once.
      this.#target.toClient(() => this.#opened());
      stack.joined(user, this.#peer);
      return;
    }
    this.#target.toClient(() => this.#fail(status === 429 ? { kind: 'throttled' } : { kind: 'refused', status }));
  }

  #opened(): void {
    if (this.#state === 'ended') return;
    this.#state = 'open';
    const { handler, owner, clock } = this.#options;
    handler.opened(owner, {
      tcpMicros: this.#tcpAtMicros - this.#startedAtMicros,
      tlsMicros: null,
      upgradeMicros: clock.nowMicros() - this.#tcpAtMicros,
    });
  }

  #fail(failure: ConnectFailure): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#options.handler.notOpened(this.#options.owner, failure);
  }

  #received(text: string): void {
    if (this.#state !== 'open') return;
    const bytes = Buffer.from(text);
    this.#options.handler.message(this.#options.owner, true, bytes, 0, bytes.length);
  }

  /** The target's end closes, once; the client sees it one hop later. */
  #leave(onClient: () => void): void {
    if (this.#user === null) return;
    this.#target.stack.left(this.#user, this.#peer);
    this.#user = null;
    this.#target.toClient(onClient);
  }

  #closed(code: number, reason = ''): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#options.handler.closed(this.#options.owner, code, reason);
  }
}

class VirtualPostConnection implements PostConnection {
  readonly #target: VirtualTarget;
  readonly #onIdle: (connection: PostConnection) => void;
  #onEnd: ((exchange: Exchange) => void) | null = null;
  #isGone = false;

  constructor(target: VirtualTarget, onIdle: (connection: PostConnection) => void) {
    this.#target = target;
    this.#onIdle = onIdle;
  }

  get isUsable(): boolean {
    return !this.#isGone && this.#onEnd === null;
  }

  send(head: string, body: Buffer, onEnd: (exchange: Exchange) => void): void {
    this.#onEnd = onEnd;
    const copy = Buffer.from(body);
    const signature = /^x-nylas-signature: (.*)\r$/m.exec(head)?.[1] ?? '';
    const { refusedWith } = this.#target;
    this.#target.toTarget(() => {
      if (refusedWith !== null) this.#target.toClient(() => this.#end({ kind: 'failed', code: refusedWith }));
      else {
        const { stack } = this.#target;
        const send = ({
          status,
          body,
          retryAfter = null,
        }: {
          status: number;
          body: string;
          retryAfter?: string | null;
        }) => this.#target.toClient(() => this.#end({ kind: 'answered', status, retryAfter, body: Buffer.from(body) }));
        if (head.startsWith('GET ')) {
          stack.asked(head, send);
          return;
        }
        const answer = (status: number) => send({ status, body: '' });
        if (!stack.took({ head, body: copy }, answer)) stack.posted(copy, signature, answer);
      }
    });
  }

  destroy(): void {
    this.#isGone = true;
    this.#onEnd = null;
  }

  #end(exchange: Exchange): void {
    if (this.#isGone) return;
    const onEnd = this.#onEnd;
    this.#onEnd = null;
    this.#isGone = exchange.kind === 'failed';
    onEnd?.(exchange);
    if (exchange.kind === 'answered') this.#onIdle(this);
  }
}
