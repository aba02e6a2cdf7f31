/** A standard queue with a dead-letter queue: which messages are visible, and how often each has been received. */

export class MessageQueue {
  /** Visible messages now, and their maximum. */
  size = 0;
  peak = 0;
  /** Receives of all messages; each of a batch counts. */
  receives = 0;
  deadLettered = 0;
  /** Of these, messages that no invocation has ever had: all of their receives were throttled. */
  deadLetteredWithoutRun = 0;
  #maxReceiveCount: number;
  /** By message. */
  #createdAtMs: Int32Array;
  #enqueuedAtMs: Int32Array;
  #receives: Int32Array;
  #ran: Uint8Array;
  #count = 0;
  /** Visible messages, first in, first out: a ring that holds all of them. */
  #ring: Int32Array;
  #head = 0;

  /** `most`: messages in total. `maxReceiveCount`: null without a dead-letter queue. */
  constructor(most: number, maxReceiveCount: number | null) {
    this.#maxReceiveCount = maxReceiveCount ?? Number.POSITIVE_INFINITY;
    this.#createdAtMs = new Int32Array(most);
    this.#enqueuedAtMs = new Int32Array(most);
    this.#receives = new Int32Array(most);
    this.#ran = new Uint8Array(most);
    this.#ring = new Int32Array(Math.max(1, most));
  }

  add(createdAtMs: number, nowMs: number): void {
    const message = this.#count++;
    this.#createdAtMs[message] = createdAtMs;
    this.#enqueuedAtMs[message] = nowMs;
    this.show(message);
  }

  /** A message is visible, for the first time or again. */
  show(message: number): void {
    this.#ring[(this.#head + this.size) % this.#ring.length] = message;
    this.size += 1;
    this.peak = Math.max(this.peak, this.size);
  }

  /** Up to `most` messages, which are invisible from now on. Those that have been received often enough go to the dead-letter queue instead. */
  receive(most: number): number[] {
    const received: number[] = [];
    while (this.size > 0 && received.length < most) {
      const message = this.#ring[this.#head] ?? 0;
      this.#head = (this.#head + 1) % this.#ring.length;
      this.size -= 1;
      const before = this.#receives[message] ?? 0;
      if (before >= this.#maxReceiveCount) {
        this.deadLettered += 1;
        if (this.#ran[message] === 0) this.deadLetteredWithoutRun += 1;
        continue;
      }
      this.#receives[message] = before + 1;
      this.receives += 1;
      received.push(message);
    }
    return received;
  }

  /** An invocation has these messages. */
  run(messages: readonly number[]): void {
    for (const message of messages) this.#ran[message] = 1;
  }

  /** When the provider made its first attempt with this message. */
  createdAtMs(message: number): number {
    return this.#createdAtMs[message] ?? 0;
  }

  /** Age in ms of the message at the head. */
  ageMs(nowMs: number): number {
    return this.size === 0 ? 0 : nowMs - (this.#enqueuedAtMs[this.#ring[this.#head] ?? 0] ?? nowMs);
  }
}
