/** What an event refers to by number: a place that is used again once it is closed. */
export class Places<T> {
  #values: T[] = [];
  #free: number[] = [];

  /** @returns its place */
  open(value: T): number {
    const place = this.#free.pop() ?? this.#values.length;
    this.#values[place] = value;
    return place;
  }

  at(place: number): T {
    const value = this.#values[place];
    if (value === undefined) throw new Error(`Nothing is at place ${place}.`);
    return value;
  }

  close(place: number): void {
    this.#free.push(place);
  }
}
