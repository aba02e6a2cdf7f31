import type { Clock } from './clock.ts';
import type { Device, Ping } from './device.ts';
import { pingWriter } from './frames.ts';
import type { Tally } from './tally.ts';

/**
 * Messages from due to ended. Each ends exactly once:
 * intended = sent + dropped; sent = answered + timedOut + errorFrame + connectionClosed + outstanding.
 * What is outstanding when the fleet itself closes its connections, after the drain, stays outstanding: the target did not fail it.
 */
export class Messages {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #timeoutMicros: number;
  readonly #write: (id: string) => string;
  /** In the order in which they were sent. */
  readonly #outstanding = new Map<string, Ping>();
  #sequence = 0;

  constructor(options: { clock: Clock; tally: Tally; timeoutSeconds: number; messageBytes: number }) {
    this.#clock = options.clock;
    this.#tally = options.tally;
    this.#timeoutMicros = options.timeoutSeconds * 1_000_000;
    this.#write = pingWriter(options.messageBytes);
  }

  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** Sends the message that was due at this time, or counts it as dropped when there is no connection for it. */
  send(device: Device | undefined, intendedAtMicros: number): void {
    this.#tally.count('messagesIntended');
    const socket = device?.socket;
    if (!device || !socket || device.state !== 'open' || socket.readyState !== socket.OPEN) {
      this.#tally.count('messagesDropped');
      return;
    }
    const id = (this.#sequence++).toString(36);
    const text = this.#write(id);
    const sentAtMicros = this.#clock.nowMicros();
    const ping: Ping = { id, intendedAtMicros, sentAtMicros, device };
    this.#outstanding.set(id, ping);
    device.outstanding.push(ping);
    socket.send(text);
    this.#tally.count('messagesSent');
    // Pings are ASCII: characters are bytes.
    this.#tally.count('bytesSent', text.length);
    this.#tally.recordMicros('sendLagMicros', sentAtMicros - intendedAtMicros);
  }

  answered(device: Device, id: string, receivedAtMicros: number): void {
    const ping = this.#outstanding.get(id);
    if (ping === undefined || ping.device !== device) {
      // Answered before, ended as timed out, or never asked: the message has its one outcome already.
      this.#tally.countFailure('answer late, repeated or unknown');
      return;
    }
    this.#remove(ping);
    if (this.#isLate(ping, receivedAtMicros)) {
      this.#tally.count('messagesTimedOut');
      return;
    }
    this.#tally.count('messagesAnswered');
    this.#tally.recordMicros('roundTripMicros', receivedAtMicros - ping.intendedAtMicros);
    this.#tally.recordMicros('serviceMicros', receivedAtMicros - ping.sentAtMicros);
  }

  /**
   * An error frame ends the message that it names. API Gateway's own error frames name none (id null):
   * with one message under way there is no doubt which it was; with several, they end by themselves.
   */
  failed(device: Device, id: string | null, code: string): void {
    this.#tally.countFailure(`message ${code}`);
    const only = device.outstanding.length === 1 ? device.outstanding[0] : undefined;
    const ping = id === null ? only : this.#outstanding.get(id);
    if (ping === undefined || ping.device !== device) return;
    this.#remove(ping);
    this.#tally.count('messagesErrorFrame');
  }

  connectionLost(device: Device): void {
    for (const ping of device.outstanding) {
      this.#outstanding.delete(ping.id);
      this.#tally.count('messagesConnectionClosed');
    }
    device.outstanding = [];
  }

  /** Ends what has waited longer than the timeout. Called each second. */
  sweep(nowMicros: number): void {
    for (const ping of this.#outstanding.values()) {
      if (!this.#isLate(ping, nowMicros)) return;
      this.#remove(ping);
      this.#tally.count('messagesTimedOut');
    }
  }

  /** The timeout judges the target, so it runs from the actual send; latency does not. */
  #isLate(ping: Ping, nowMicros: number): boolean {
    return nowMicros - ping.sentAtMicros > this.#timeoutMicros;
  }

  #remove(ping: Ping): void {
    this.#outstanding.delete(ping.id);
    const { outstanding } = ping.device;
    const at = outstanding.indexOf(ping);
    const last = outstanding.pop();
    if (last !== undefined && last !== ping) outstanding[at] = last;
  }
}
