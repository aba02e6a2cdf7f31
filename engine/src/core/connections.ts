import WebSocket, { type RawData } from 'ws';
import type { Clock } from './clock.ts';
import type { Device } from './device.ts';
import type { Tally } from './tally.ts';

export interface ConnectionEvents {
  /** A text frame, as text. */
  received(device: Device, text: string, receivedAtMicros: number): void;
  /** The connection is gone, and it was not the fleet that asked for it. */
  lost(device: Device): void;
}

/** The largest frame that a client takes: far over API Gateway's 32 KB (128 KB message), so that a target's fault is seen, not cut. */
const maxPayloadBytes = 1_048_576;

/** Every socket of a fleet. attempted = opened + refused + throttled + timedOut + failed + connecting. */
export class Connections {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #events: ConnectionEvents;
  readonly #timeoutMicros: number;
  readonly #localAddresses: readonly string[];
  readonly #connecting = new Set<Device>();
  readonly #open: Device[] = [];
  readonly #closing = new Set<Device>();
  #cursor = 0;
  #addressCursor = 0;
  #failed = 0;
  #opened = 0;
  #lastFailure = '';

  constructor(options: {
    clock: Clock;
    tally: Tally;
    events: ConnectionEvents;
    timeoutSeconds: number;
    /** Source addresses to take turns with; empty: the system's choice. */
    localAddresses: readonly string[];
  }) {
    this.#localAddresses = options.localAddresses;
    this.#clock = options.clock;
    this.#tally = options.tally;
    this.#events = options.events;
    this.#timeoutMicros = options.timeoutSeconds * 1_000_000;
  }

  get openCount(): number {
    return this.#open.length;
  }
  get connectingCount(): number {
    return this.#connecting.size;
  }
  get closingCount(): number {
    return this.#closing.size;
  }
  /** Since the fleet began. */
  get outcomes(): { opened: number; failed: number; lastFailure: string } {
    return { opened: this.#opened, failed: this.#failed, lastFailure: this.#lastFailure };
  }

  /** Starts the connection that was due at this time. `url` holds the token. */
  connect(device: Device, url: string, intendedAtMicros: number): void {
    this.#tally.count('connectsIntended');
    this.#tally.count('connectsAttempted');
    device.state = 'connecting';
    device.connectIntendedAtMicros = intendedAtMicros;
    this.#connecting.add(device);
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, {
        perMessageDeflate: false,
        followRedirects: false,
        maxPayload: maxPayloadBytes,
        ...this.#nextLocalAddress(),
      });
    } catch (error) {
      this.#endConnect(device, 'connectsFailed', error instanceof Error ? error.message : String(error));
      return;
    }
    device.socket = socket;
    socket.on('open', () => this.#onOpen(device));
    socket.on('message', (data, isBinary) => this.#onMessage(device, data, isBinary));
    socket.on('close', (code) => this.#onClose(device, code));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // After the upgrade an error is followed by 'close', which counts.
      if (device.state === 'connecting') this.#endConnect(device, 'connectsFailed', error.code ?? error.message);
    });
    socket.on('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0;
      this.#endConnect(device, status === 429 ? 'connectsThrottled' : 'connectsRefused', String(status));
      response.resume();
      socket.terminate();
    });
  }

  /** The open devices in turn; undefined when none is open. */
  nextOpen(): Device | undefined {
    if (this.#cursor >= this.#open.length) this.#cursor = 0;
    return this.#open[this.#cursor++];
  }

  /** Ends connects that have taken longer than the timeout. Called each second. */
  sweep(nowMicros: number): void {
    for (const device of this.#connecting) {
      if (nowMicros - device.connectIntendedAtMicros <= this.#timeoutMicros) return;
      this.#endConnect(device, 'connectsTimedOut', 'timed out');
      device.socket?.terminate();
    }
  }

  /** Asks one open connection to close (code 1000). */
  closeOne(): void {
    const device = this.#open.at(-1);
    if (!device) return;
    this.#leaveOpen(device);
    device.state = 'closing';
    this.#closing.add(device);
    this.#tally.count('closesRequested');
    device.socket?.close(1000);
  }

  /** Drops every socket at once, without a close frame. */
  terminateAll(): void {
    for (const device of [...this.#connecting, ...this.#open, ...this.#closing]) device.socket?.terminate();
  }

  #onOpen(device: Device): void {
    if (device.state !== 'connecting') return;
    this.#connecting.delete(device);
    device.state = 'open';
    device.openIndex = this.#open.push(device) - 1;
    this.#opened++;
    this.#tally.count('connectsOpened');
    this.#tally.recordMicros('connectMicros', this.#clock.nowMicros() - device.connectIntendedAtMicros);
  }

  #onMessage(device: Device, data: RawData, isBinary: boolean): void {
    const receivedAtMicros = this.#clock.nowMicros();
    // `nodebuffer`, ws's default binary type, hands over one Buffer.
    if (!Buffer.isBuffer(data)) return;
    this.#tally.count('bytesReceived', data.length);
    if (isBinary) this.#tally.count('framesUnreadable');
    else this.#events.received(device, data.toString(), receivedAtMicros);
  }

  #onClose(device: Device, code: number): void {
    if (device.state === 'ended') return;
    if (device.state === 'connecting') {
      this.#endConnect(device, 'connectsFailed', `closed ${code}`);
      return;
    }
    this.#tally.countCloseCode(code);
    if (device.state === 'open') {
      this.#tally.count('closesUnexpected');
      this.#leaveOpen(device);
      this.#events.lost(device);
    }
    this.#closing.delete(device);
    device.state = 'ended';
    device.socket = null;
  }

  #endConnect(
    device: Device,
    outcome: 'connectsRefused' | 'connectsThrottled' | 'connectsTimedOut' | 'connectsFailed',
    reason: string,
  ): void {
    this.#connecting.delete(device);
    device.state = 'ended';
    this.#failed++;
    this.#lastFailure = reason;
    this.#tally.count(outcome);
    this.#tally.countFailure(`connect ${reason}`);
  }

  #nextLocalAddress(): { localAddress?: string } {
    const localAddress = this.#localAddresses[this.#addressCursor++ % Math.max(1, this.#localAddresses.length)];
    return localAddress === undefined ? {} : { localAddress };
  }

  #leaveOpen(device: Device): void {
    const last = this.#open.pop();
    if (last === undefined || last === device) return;
    this.#open[device.openIndex] = last;
    last.openIndex = device.openIndex;
  }
}
