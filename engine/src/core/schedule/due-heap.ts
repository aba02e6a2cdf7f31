/** Items by due time, the earliest first: a binary heap. */
export class DueHeap<Item> {
  readonly #entries: { dueMicros: number; item: Item }[] = [];

  get size(): number {
    return this.#entries.length;
  }
  /** Infinity when it is empty. */
  get nextDueMicros(): number {
    return this.#entries[0]?.dueMicros ?? Number.POSITIVE_INFINITY;
  }

  push(dueMicros: number, item: Item): void {
    const entries = this.#entries;
    let at = entries.push({ dueMicros, item }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#dueAt(parent) <= this.#dueAt(at)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Removes and returns the earliest. */
  pop(): { dueMicros: number; item: Item } | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return last;
    entries[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const child = this.#dueAt(left + 1) < this.#dueAt(left) ? left + 1 : left;
      if (this.#dueAt(at) <= this.#dueAt(child)) return first;
      this.#swap(at, child);
      at = child;
    }
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #dueAt(index: number): number {
    return this.#entries[index]?.dueMicros ?? Number.POSITIVE_INFINITY;
  }
  #swap(a: number, b: number): void {
    const [one, other] = [this.#entries[a], this.#entries[b]];
    if (one === undefined || other === undefined) return;
    this.#entries[a] = other;
    this.#entries[b] = one;
  }
}
