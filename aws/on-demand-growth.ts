/**
 * The throughput of an on-demand table: its initial throughput, or twice its previous peak, whichever is higher.
 *
 * The model: consumption is averaged over a thirtieth of the growth window (one minute of 30). Such a mean counts as a previous peak
 * once the window has passed, permanently. So a table that doubles its traffic every 30 minutes is never throttled,
 * and one that grows faster is. Source: DynamoDB developer guide, on-demand capacity (2 × previous peak, 30 minutes); whether capacity
 * grows at the end of the window, as here, or gradually is not documented.
 */
const averagesPerWindow = 30;
export const growthFactor = 2;

export class OnDemandGrowth {
  #startPerSecond: number;
  #averageMs: number;
  #since: number;
  #units = 0;
  /** Means in units/s of the window's parts, oldest first. */
  #recent: number[] = [];
  #previousPeakPerSecond = 0;

  constructor({ startPerSecond, windowMs }: { startPerSecond: number; windowMs: number }, nowMs: number) {
    this.#startPerSecond = startPerSecond;
    this.#averageMs = windowMs / averagesPerWindow;
    this.#since = nowMs;
  }

  consumed(units: number, nowMs: number): void {
    this.#advance(nowMs);
    this.#units += units;
  }

  /** Units/s at `nowMs`. */
  capacityPerSecond(nowMs: number): number {
    this.#advance(nowMs);
    return Math.max(this.#startPerSecond, growthFactor * this.#previousPeakPerSecond);
  }

  #advance(nowMs: number): void {
    let parts = Math.floor((nowMs - this.#since) / this.#averageMs);
    if (parts <= 0) return;
    this.#since += parts * this.#averageMs;
    // The first part has what was counted; the others passed without a request.
    this.#push(this.#units / (this.#averageMs / 1_000));
    this.#units = 0;
    for (parts = Math.min(parts - 1, averagesPerWindow); parts > 0; parts--) this.#push(0);
  }

  #push(meanPerSecond: number): void {
    this.#recent.push(meanPerSecond);
    if (this.#recent.length <= averagesPerWindow) return;
    this.#previousPeakPerSecond = Math.max(this.#previousPeakPerSecond, this.#recent.shift() ?? 0);
  }
}
