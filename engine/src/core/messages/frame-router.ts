import type { Device } from '../connections/device.ts';
import type { KeepAlive } from '../connections/keep-alive.ts';
import type { FanOut } from '../fan-out/fan-out.ts';
import type { Tally } from '../measure/tally.ts';
import type { Ledger } from '../webhooks/ledger.ts';
import type { ReadText } from './custom-protocol.ts';
import { readFrame } from './frames.ts';
import type { Messages } from './messages.ts';
import { pongSequence, sequenceOf } from './ping.ts';

/** Routes each text message to the part of the fleet that it concerns. */
export class FrameRouter {
  readonly #to: {
    tally: Tally;
    messages: Messages;
    ledger: Ledger;
    keepAlive: KeepAlive;
    fanOut: FanOut | null;
    /** Null: the reference stack's protocol. */
    readText: ReadText | null;
  };

  constructor(to: {
    tally: Tally;
    messages: Messages;
    ledger: Ledger;
    keepAlive: KeepAlive;
    fanOut: FanOut | null;
    readText: ReadText | null;
  }) {
    this.#to = to;
  }

  route(device: Device, bytes: Buffer, start: number, end: number, atMicros: number): void {
    const { messages, readText } = this.#to;
    if (readText !== null) {
      this.#routeCustom(readText, device, bytes.toString('utf8', start, end), atMicros);
      return;
    }
    const sequence = pongSequence(bytes, start, end);
    if (sequence >= 0) messages.answered(device, sequence, atMicros);
    else this.#routeStack(device, bytes.toString('utf8', start, end), atMicros);
  }

  #routeStack(device: Device, text: string, atMicros: number): void {
    const { tally, messages, ledger, keepAlive, fanOut } = this.#to;
    const frame = readFrame(text);
    switch (frame.kind) {
      case 'pong':
        if (!keepAlive.answered(frame.id)) messages.answered(device, sequenceOf(frame.id), atMicros);
        return;
      case 'event':
        ledger.pushed(device, frame.eventId, atMicros);
        return;
      case 'subscribed':
        fanOut?.subscribed(device, frame.id);
        return;
      case 'published':
        fanOut?.published(device, frame.id, atMicros);
        return;
      case 'channelMessage':
        if (fanOut) fanOut.received(device, frame.id, atMicros);
        else tally.count('fanOutUnexpected');
        return;
      case 'error':
        if (frame.id === null || !fanOut?.failed(device, frame.id, frame.code))
          messages.failed(device, frame.id, frame.code);
        return;
      case 'gatewayError':
        messages.failed(device, null, frame.message);
        return;
      case 'other':
        tally.countFailure('frame of another type');
        tally.countUnexpectedFrame('framesUnexpected', text);
        return;
      case 'unreadable':
        tally.countUnexpectedFrame('framesUnreadable', text);
    }
  }

  #routeCustom(readText: ReadText, device: Device, text: string, atMicros: number): void {
    const { tally, messages, ledger } = this.#to;
    const frame = readText(text, device);
    switch (frame.kind) {
      case 'answer':
        // A target without correlation ids that speaks first, or again, answers nothing with it.
        if (frame.id === null && device.outstanding === 0) tally.countUnexpectedFrame('framesUnexpected', text);
        if (frame.id === null) messages.answeredOldest(device, atMicros);
        else messages.answered(device, sequenceOf(frame.id), atMicros);
        return;
      case 'event':
        ledger.pushed(device, frame.eventId, atMicros);
        return;
      case 'error':
        messages.failed(device, frame.id, frame.code);
        return;
      case 'other':
        tally.countFailure(`frame: ${frame.type}`);
        tally.countUnexpectedFrame('framesUnexpected', text);
    }
  }
}
