/** Monotonic time in microseconds from an arbitrary origin. Durations and due times are differences of it. */
export interface Clock {
  nowMicros(): number;
}

export const monotonicClock: Clock = { nowMicros: () => performance.now() * 1_000 };

/**
 * Labels monotonic time with seconds since the epoch. Anchored once, so that a wall-clock step in mid-run
 * neither repeats nor skips a second.
 */
export class SecondLabels {
  readonly #epochMicros: number;
  constructor(anchor: { wallMs: number; monotonicMicros: number }) {
    this.#epochMicros = anchor.wallMs * 1_000 - anchor.monotonicMicros;
  }
  /** Second since the epoch that contains this moment. */
  labelOf(monotonicMicros: number): number {
    return Math.floor((this.#epochMicros + monotonicMicros) / 1_000_000);
  }
  /** This moment in milliseconds since the epoch. */
  msOf(monotonicMicros: number): number {
    return Math.round((this.#epochMicros + monotonicMicros) / 1_000);
  }
  /** Monotonic moment at which a labelled second begins. */
  startOf(second: number): number {
    return second * 1_000_000 - this.#epochMicros;
  }
}
