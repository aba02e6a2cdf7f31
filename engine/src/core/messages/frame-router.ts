import { concealer } from '../../concealment.ts';
import type { Device } from '../connections/device.ts';
import type { KeepAlive } from '../connections/keep-alive.ts';
import { countMisdirected, type FanOut } from '../fan-out/fan-out.ts';
import type { Tally } from '../measure/tally.ts';
import type { Ledger } from '../webhooks/ledger.ts';
import type { ReadPushes, ReadText } from './custom-protocol.ts';
import { readFrame } from './frames.ts';
import type { Messages } from './messages.ts';
import { pongSequence, sequenceOf } from './ping.ts';

/** The parts of a fleet that text messages concern. */
export interface FrameReceivers {
  tally: Tally;
  messages: Messages;
  ledger: Ledger;
  keepAlive: KeepAlive;
  fanOut: FanOut | null;
  /** Null: the reference stack's protocol. */
  readText: ReadText | null;
  /** Looked at first. Null: the protocol says what a push is. */
  readPushes: ReadPushes | null;
  /** By user id: what is shown of a text must not contain them. */
  tokens: ReadonlyMap<string, string>;
}

/** Routes each text message to the part of the fleet that it concerns. */
export class FrameRouter {
  readonly #to: FrameReceivers;

  constructor(to: FrameReceivers) {
    this.#to = to;
  }

  route(device: Device, bytes: Buffer, start: number, end: number, atMicros: number): void {
    const { messages, ledger, readText, readPushes } = this.#to;
    // Pongs of the reference stack, most of its frames, are read without being decoded.
    const text = readPushes === null && readText === null ? null : bytes.toString('utf8', start, end);
    if (text !== null) {
      if (readPushes?.(text, (eventId) => ledger.pushed(device, eventId, atMicros))) return;
      if (readText !== null) {
        this.#routeCustom(readText, device, text, atMicros);
        return;
      }
    }
    const sequence = pongSequence(bytes, start, end);
    if (sequence >= 0) messages.answered(device, sequence, atMicros);
    else this.#routeStack(device, text ?? bytes.toString('utf8', start, end), atMicros);
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
        if (fanOut?.isWhole(frame.id, text.length) === false) this.#unexpected('framesUnexpected', device, text);
        else if (fanOut) fanOut.received(device, frame.id, atMicros);
        else countMisdirected(tally, device, { id: frame.id, of: null });
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
        this.#unexpected('framesUnexpected', device, text);
        return;
      case 'unreadable':
        this.#unexpected('framesUnreadable', device, text);
    }
  }

  #routeCustom(readText: ReadText, device: Device, text: string, atMicros: number): void {
    const { tally, messages, ledger } = this.#to;
    const frame = readText(text, device);
    switch (frame.kind) {
      case 'answer':
        // A target without correlation ids that speaks first, or again, answers nothing with it.
        if (frame.id === null && device.outstanding === 0) this.#unexpected('framesUnexpected', device, text);
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
        this.#unexpected('framesUnexpected', device, text);
    }
  }

  #unexpected(counter: 'framesUnexpected' | 'framesUnreadable', device: Device, text: string): void {
    const token = this.#to.tokens.get(device.user.id);
    const conceal = token === undefined ? undefined : (shown: string) => concealer([token])(shown);
    this.#to.tally.countUnexpectedFrame(counter, text, conceal);
  }
}
