/**
 * A queue's visible messages: added at the end, taken from the front, both in constant time. Shifting an array moves all of its
 * elements, which slows every receive with a backlog of 100,000. Implements the part of an array that fauxqs uses.
 */
export class MessageDeque<Message> implements Iterable<Message> {
  #items: (Message | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): Message | undefined {
    return this.#items[this.#head];
  }

  push(message: Message): number {
    this.#items.push(message);
    return this.length;
  }

  shift(): Message | undefined {
    if (this.length === 0) return undefined;
    const message = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    // The empty front is cut off once it is the larger half, so that each message is moved at most once.
    if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  /** Drops messages that do not match. Copies only if there is something to drop. */
  retain(keep: (message: Message) => boolean): void {
    for (const message of this) {
      if (keep(message)) continue;
      this.#items = [...this].filter(keep);
      this.#head = 0;
      return;
    }
  }

  *[Symbol.iterator](): Generator<Message> {
    for (let index = this.#head; index < this.#items.length; index++) yield this.#items[index] as Message;
  }
}
