/**
 * A queue's visible messages: added at the end, taken from the front, both in constant time. An array that is shifted moves all of its
 * elements, which a backlog of 100,000 shows in every receive. Has what fauxqs uses of an array.
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
    // The empty front is cut off when it is the larger half, so that each message is moved once at most.
    if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  /** Drops what is not to be kept. Copies only when there is something to drop. */
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
