import type { Device } from '../connections/device.ts';
import type { Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';
import type { MixedRoutes } from '../schedule/mixed-routes.ts';
import { PendingMessages } from './pending-messages.ts';
import { sequenceOf } from './ping.ts';

/** How a message ended. */
export type MessageOutcome =
  | { kind: 'answered'; receivedAtMicros: number }
  | { kind: 'timedOut' }
  | { kind: 'errorFrame'; code: string }
  | { kind: 'connectionClosed' };

/** Makes the message with this number, of several the one at this place. The bytes are valid until the next call. */
export type PayloadOf = (sequence: number, device: Device, route: number) => Uint8Array;

/**
 * Messages from due to ended. Each ends exactly once:
 * intended = sent + dropped; sent = answered + timedOut + errorFrame + connectionClosed + outstanding.
 * Messages outstanding when the fleet itself closes its connections, after the drain, stay outstanding: the target did not fail them.
 */
export class Messages {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #timeoutMicros: number;
  readonly #payloadOf: PayloadOf;
  readonly #routes: MixedRoutes;
  readonly #pending = new PendingMessages();

  constructor(options: {
    clock: Clock;
    tally: Tally;
    timeoutSeconds: number;
    payloadOf: PayloadOf;
    routes: MixedRoutes;
  }) {
    this.#clock = options.clock;
    this.#tally = options.tally;
    this.#timeoutMicros = options.timeoutSeconds * 1_000_000;
    this.#payloadOf = options.payloadOf;
    this.#routes = options.routes;
  }

  get outstanding(): number {
    return this.#pending.size;
  }

  /** Sends the message that was due at this time, or counts it as dropped, with the reason: there is no connection for it, or the target does not read. */
  send(device: Device | undefined, intendedAtMicros: number): void {
    const route = this.#routes.next();
    const counting = this.#routes.counting(route);
    counting.count('messagesIntended');
    // One that the target is closing has not ended yet, and is not open either.
    if (device?.state !== 'open' || !device.socket?.isOpen) {
      counting.count('messagesDropped');
      counting.count('messagesDroppedNoConnection');
      return;
    }
    const payload = this.#payloadOf(this.#pending.nextSequence, device, route);
    const sentAtMicros = this.#clock.nowMicros();
    if (!device.socket.sendText(payload)) {
      counting.count('messagesDropped');
      counting.count('messagesDroppedNotRead');
      this.#tally.countFailure('message not sent: the target does not read');
      return;
    }
    this.#pending.add(device, { intendedAtMicros, sentAtMicros, route });
    counting.count('messagesSent');
    this.#tally.count('bytesSent', payload.length);
    this.#tally.recordMicros('sendLagMicros', sentAtMicros - intendedAtMicros);
  }

  /** An answer that names its message by number; -1: it does not name one of ours. */
  answered(device: Device, sequence: number, receivedAtMicros: number): void {
    if (!this.#pending.has(sequence, device)) {
      // Answered before, timed out, or never sent: the message already has its outcome.
      this.#tally.countFailure('answer late, repeated or unknown');
      return;
    }
    const isLate = this.#isLate(sequence, receivedAtMicros);
    this.#end(sequence, isLate ? { kind: 'timedOut' } : { kind: 'answered', receivedAtMicros });
  }

  /** An answer of a target without correlation ids: it belongs to the oldest message of the connection. */
  answeredOldest(device: Device, receivedAtMicros: number): void {
    this.answered(device, this.#pending.oldestOf(device) ?? -1, receivedAtMicros);
  }

  /**
   * An error frame ends the message that it names. API Gateway's own error frames name none (id null):
   * with one message in flight it must be that one; with several, it ends none of them.
   */
  failed(device: Device, id: string | null, code: string): void {
    this.#tally.countFailure(`message ${code}`);
    const only = device.outstanding === 1 ? this.#pending.oldestOf(device) : null;
    const sequence = id === null ? (only ?? -1) : sequenceOf(id);
    if (this.#pending.has(sequence, device)) this.#end(sequence, { kind: 'errorFrame', code });
  }

  connectionLost(device: Device): void {
    for (;;) {
      const sequence = this.#pending.oldestOf(device);
      if (sequence === null) return;
      this.#end(sequence, { kind: 'connectionClosed' });
    }
  }

  /** Ends messages that have waited longer than the timeout. Called each second. */
  sweep(nowMicros: number): void {
    for (;;) {
      const sequence = this.#pending.oldest;
      if (sequence === null || !this.#isLate(sequence, nowMicros)) return;
      this.#end(sequence, { kind: 'timedOut' });
    }
  }

  #end(sequence: number, outcome: MessageOutcome): void {
    const intendedAtMicros = this.#pending.intendedAtMicros(sequence);
    const sentAtMicros = this.#pending.sentAtMicros(sequence);
    const counting = this.#routes.counting(this.#pending.route(sequence));
    this.#pending.remove(sequence);
    switch (outcome.kind) {
      case 'answered':
        counting.count('messagesAnswered');
        counting.recordMicros('roundTripMicros', outcome.receivedAtMicros - intendedAtMicros);
        counting.recordMicros('serviceMicros', outcome.receivedAtMicros - sentAtMicros);
        return;
      case 'timedOut':
        counting.count('messagesTimedOut');
        return;
      case 'errorFrame':
        counting.count('messagesErrorFrame');
        return;
      case 'connectionClosed':
        counting.count('messagesConnectionClosed');
    }
  }

  /** The timeout judges the target, so it counts from the actual send; latency does not. */
  #isLate(sequence: number, nowMicros: number): boolean {
    return nowMicros - this.#pending.sentAtMicros(sequence) > this.#timeoutMicros;
  }
}
