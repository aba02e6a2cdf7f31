/** How many of something there are, and how many there were at most since somebody last asked: a peak between two looks is not missed. */
export class Gauge {
  #now = 0;
  #most = 0;

  get now(): number {
    return this.#now;
  }

  up(): void {
    this.#now++;
    this.#most = Math.max(this.#most, this.#now);
  }

  down(): void {
    this.#now--;
  }

  /** At most at once since the last call. */
  takeMost(): number {
    const most = this.#most;
    this.#most = this.#now;
    return most;
  }
}
