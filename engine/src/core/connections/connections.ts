import type { Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';
import type { FrameWriter } from '../wire/frame-writer.ts';
import type { ConnectFailure, ConnectTiming, OpenSocket, SocketHandler } from '../wire/socket.ts';
import { type Device, leave } from './device.ts';
import type { ServerClose } from './server-close.ts';
import { ShownReasons } from './shown-reasons.ts';
import type { Upgrade } from './upgrade.ts';

export interface ConnectionEvents {
  /** A text message. The bytes are valid during the call only. */
  received(device: Device, bytes: Buffer, start: number, end: number, receivedAtMicros: number): void;
  opened(device: Device, nowMicros: number): void;
  /** A connect that failed, or a connection (`wasOpen`) that closed although the fleet did not ask for it. */
  lost(device: Device, nowMicros: number, wasOpen: boolean): void;
  /** A connection is being closed so that its device can reconnect. */
  left(device: Device): void;
  /** That connection has closed: the device reconnects. */
  readyToReopen(device: Device, nowMicros: number): void;
}

type ConnectOutcome = { kind: 'opened'; timing: ConnectTiming } | ConnectFailure;

/** Every connection of a fleet: attempted = opened + refused + throttled + timedOut + failed + connecting. */
export class Connections implements SocketHandler<Device> {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #events: ConnectionEvents;
  readonly #timeoutMicros: number;
  readonly #openSocket: OpenSocket<Device>;
  readonly #writer: FrameWriter;
  readonly #localAddresses: readonly string[];
  readonly #connecting = new Set<Device>();
  readonly #open: Device[] = [];
  readonly #closing = new Set<Device>();
  #cursor = 0;
  #addressCursor = 0;
  #failed = 0;
  #opened = 0;
  #lastFailure = '';
  #lastClose: ServerClose | null = null;
  readonly #reasons: ShownReasons;

  constructor(options: {
    clock: Clock;
    tally: Tally;
    events: ConnectionEvents;
    openSocket: OpenSocket<Device>;
    writer: FrameWriter;
    timeoutSeconds: number;
    /** Source addresses, used in turn; empty: chosen by the system. */
    localAddresses: readonly string[];
    /** By user id: nothing that is recorded contains them. */
    tokens: ReadonlyMap<string, string>;
  }) {
    this.#reasons = new ShownReasons(options.tokens);
    this.#localAddresses = options.localAddresses;
    this.#clock = options.clock;
    this.#tally = options.tally;
    this.#events = options.events;
    this.#openSocket = options.openSocket;
    this.#writer = options.writer;
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
  /** Whether a device is between its old and its new connection. */
  get hasChurnUnderWay(): boolean {
    for (const device of this.#closing) if (device.reopens) return true;
    return false;
  }
  /** Counts since the fleet began, and how the last connect failed and the last connection was closed by the target (null: none was). */
  get outcomes(): { opened: number; failed: number; lastFailure: string; lastClose: ServerClose | null } {
    return {
      opened: this.#opened,
      failed: this.#failed,
      lastFailure: this.#lastFailure,
      lastClose: this.#lastClose,
    };
  }

  /** Starts the connection that was due at this time. */
  connect(device: Device, upgrade: Upgrade, intendedAtMicros: number): void {
    this.#tally.count('connectsIntended');
    this.#tally.count('connectsAttempted');
    device.state = 'connecting';
    device.connectIntendedAtMicros = intendedAtMicros;
    this.#tally.recordMicros('connectLagMicros', this.#clock.nowMicros() - intendedAtMicros);
    this.#connecting.add(device);
    try {
      device.socket = this.#openSocket({
        owner: device,
        handler: this,
        clock: this.#clock,
        writer: this.#writer,
        ...upgrade,
        localAddress: this.#nextLocalAddress(),
      });
    } catch (error) {
      this.notOpened(device, { kind: 'failed', code: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The next open device in turn; undefined if none is open. */
  nextOpen(): Device | undefined {
    if (this.#cursor >= this.#open.length) this.#cursor = 0;
    return this.#open[this.#cursor++];
  }

  /** Ends connects that have taken longer than the timeout. Called each second. */
  sweep(nowMicros: number): void {
    for (const device of this.#connecting) {
      if (nowMicros - device.connectIntendedAtMicros <= this.#timeoutMicros) return;
      device.socket?.destroy();
      this.notOpened(device, { kind: 'timedOut' });
    }
  }

  /** Asks one open connection to close (code 1000). */
  closeOne(): void {
    const device = this.#open.at(-1);
    if (device) this.#askToClose(device);
  }

  /** Closes the next connection in turn; its device reconnects as soon as it has closed. */
  churnOne(): void {
    const device = this.nextOpen();
    if (!device) return;
    device.reopens = true;
    this.#tally.count('connectionsChurned');
    this.#events.left(device);
    this.#askToClose(device);
  }

  /** Closes an open connection whose device is to poll instead. */
  rollBack(device: Device): void {
    if (device.state !== 'open') return;
    this.#tally.count('connectionsRolledBack');
    this.#events.left(device);
    this.#askToClose(device);
  }

  /** From now on, devices whose connection was closed do not reconnect. */
  stopChurn(): void {
    for (const device of this.#closing) device.reopens = false;
  }

  /** Drops every open socket without a close frame, as when the network fails: the devices have lost their connections. */
  dropAll(nowMicros: number): void {
    for (const device of [...this.#open]) {
      device.socket?.destroy();
      this.#tally.count('connectionsDropped');
      this.#lost(device, nowMicros);
    }
  }

  /** Drops every socket immediately, without a close frame. */
  terminateAll(): void {
    for (const device of [...this.#connecting, ...this.#open, ...this.#closing]) device.socket?.destroy();
  }

  opened(device: Device, timing: ConnectTiming): void {
    const now = this.#clock.nowMicros();
    device.state = 'open';
    device.openedAtMicros = now;
    device.openIndex = this.#open.push(device) - 1;
    device.hasOpened = true;
    device.failedAttempts = 0;
    this.#opened++;
    this.#endConnect(device, { kind: 'opened', timing }, now);
    if (device.lostAtMicros !== null) {
      this.#tally.count('connectionsRecovered');
      this.#tally.recordMicros('recoveryMicros', now - device.lostAtMicros);
      device.lostAtMicros = null;
    }
    this.#events.opened(device, now);
  }

  notOpened(device: Device, failure: ConnectFailure): void {
    const now = this.#clock.nowMicros();
    device.state = 'ended';
    device.socket = null;
    device.socketEndedAtMicros = now;
    this.#failed++;
    this.#endConnect(device, failure, now);
    this.#events.lost(device, now, false);
  }

  message(device: Device, isText: boolean, bytes: Buffer, start: number, end: number): void {
    const receivedAtMicros = this.#clock.nowMicros();
    this.#tally.count('bytesReceived', end - start);
    if (isText) this.#events.received(device, bytes, start, end, receivedAtMicros);
    else this.#tally.countBinaryFrame(bytes, start, end);
  }

  closed(device: Device, code: number, said: string): void {
    const reason = said === '' ? said : this.#reasons.shown(said, device);
    this.#tally.countClose(code, reason);
    if (device.state === 'open') {
      this.#tally.count('closesUnexpected');
      this.#tally.countCloseByServer(code, reason);
      this.#lastClose = { code, reason };
      this.#lost(device, this.#clock.nowMicros());
      return;
    }
    const now = this.#clock.nowMicros();
    this.#closing.delete(device);
    device.state = 'ended';
    device.socket = null;
    device.socketEndedAtMicros = now;
    if (!device.reopens) return;
    device.reopens = false;
    this.#events.readyToReopen(device, now);
  }

  #lost(device: Device, nowMicros: number): void {
    this.#leaveOpen(device, nowMicros);
    device.state = 'ended';
    device.socket = null;
    device.socketEndedAtMicros = nowMicros;
    device.lostAtMicros = nowMicros;
    this.#events.lost(device, nowMicros, true);
  }

  #endConnect(device: Device, outcome: ConnectOutcome, nowMicros: number): void {
    this.#connecting.delete(device);
    switch (outcome.kind) {
      case 'opened':
        this.#tally.count('connectsOpened');
        this.#tally.recordMicros('connectMicros', nowMicros - device.connectIntendedAtMicros);
        this.#tally.recordMicros('connectTcpMicros', outcome.timing.tcpMicros);
        if (outcome.timing.tlsMicros !== null) this.#tally.recordMicros('connectTlsMicros', outcome.timing.tlsMicros);
        this.#tally.recordMicros('connectUpgradeMicros', outcome.timing.upgradeMicros);
        return;
      case 'refused':
        this.#countFailure('connectsRefused', String(outcome.status));
        return;
      case 'throttled':
        this.#countFailure('connectsThrottled', '429');
        return;
      case 'timedOut':
        this.#countFailure('connectsTimedOut', 'timed out');
        return;
      case 'failed':
        this.#countFailure('connectsFailed', outcome.code);
    }
  }

  #countFailure(
    counter: 'connectsRefused' | 'connectsThrottled' | 'connectsTimedOut' | 'connectsFailed',
    reason: string,
  ): void {
    this.#lastFailure = reason;
    this.#tally.count(counter);
    this.#tally.countFailure(`connect ${reason}`);
  }

  #nextLocalAddress(): string | undefined {
    return this.#localAddresses[this.#addressCursor++ % Math.max(1, this.#localAddresses.length)];
  }

  #askToClose(device: Device): void {
    this.#leaveOpen(device, this.#clock.nowMicros());
    device.state = 'closing';
    this.#closing.add(device);
    this.#tally.count('closesRequested');
    device.socket?.close(1000);
  }

  #leaveOpen(device: Device, nowMicros: number): void {
    leave(device, nowMicros);
    const last = this.#open.pop();
    if (last === undefined || last === device) return;
    this.#open[device.openIndex] = last;
    last.openIndex = device.openIndex;
  }
}
