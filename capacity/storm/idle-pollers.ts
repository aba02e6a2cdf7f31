/** Pollers that wait for messages, by when their long poll began, earliest first: a message wakes the one that has waited longest. */
export class IdlePollers {
  #sinceMs: number[] = [];
  #head = 0;

  get length(): number {
    return this.#sinceMs.length - this.#head;
  }

  /** When the earliest of these long polls began; infinite when there is none. */
  get first(): number {
    return this.#sinceMs[this.#head] ?? Number.POSITIVE_INFINITY;
  }

  push(nowMs: number): void {
    this.#sinceMs.push(nowMs);
  }

  shift(): void {
    this.#head += 1;
    if (this.#head < 1_024) return;
    this.#sinceMs.splice(0, this.#head);
    this.#head = 0;
  }
}
