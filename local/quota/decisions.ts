/** Refusals of the quotas, summed per second and formatted as lines, up to a maximum size. Pure: the clock and the file are elsewhere. */

/** One line of decisions.ndjson. */
export interface Decision {
  /** Seconds since the epoch. */
  second: number;
  /** Only if the earlier lines had filled the file: the refusals from `second` to here. */
  lastSecond?: number;
  quota: string;
  /** The route, function, table or queue whose quota it is; null for a quota of the whole account. */
  scope: string | null;
  refusals: number;
}

interface Rest {
  firstSecond: number;
  lastSecond: number;
  refusals: number;
}

export class Decisions {
  #seconds = new Map<number, Map<string, number>>();
  #bytesLeft: number;
  #rest = new Map<string, Rest>();

  /** @param maxBytes of all lines except the last ones, which sum up the rest: one for each quota and scope. */
  constructor(maxBytes: number) {
    this.#bytesLeft = maxBytes;
  }

  /** `quota` as in the metric's dimension: the name, and after a space the scope. */
  add(quota: string, timestampMs: number, refusals: number): void {
    if (refusals <= 0) return;
    const second = Math.floor(timestampMs / 1_000);
    let counts = this.#seconds.get(second);
    if (counts === undefined) {
      counts = new Map();
      this.#seconds.set(second, counts);
    }
    counts.set(quota, (counts.get(quota) ?? 0) + refusals);
  }

  /** The lines of the seconds before one, which are then dropped: text that ends in a line feed, or ''. */
  takeBefore(second: number): string {
    let text = '';
    for (const [at, counts] of [...this.#seconds].toSorted(([a], [b]) => a - b)) {
      if (at >= second) break;
      this.#seconds.delete(at);
      for (const [quota, refusals] of counts) {
        const line = lineOf({ second: at, ...partsOf(quota), refusals });
        this.#bytesLeft -= Buffer.byteLength(line);
        if (this.#bytesLeft >= 0) text += line;
        else this.#keepForTheEnd(quota, at, refusals);
      }
    }
    return text;
  }

  /** The remaining lines, and the sums of what did not fit. */
  takeAll(): string {
    const text = this.takeBefore(Number.POSITIVE_INFINITY);
    const sums = [...this.#rest].map(([quota, { firstSecond: second, lastSecond, refusals }]) =>
      lineOf({ second, lastSecond, ...partsOf(quota), refusals }),
    );
    this.#rest.clear();
    return text + sums.join('');
  }

  #keepForTheEnd(quota: string, second: number, refusals: number): void {
    // Nothing after the first line that did not fit, however short: the lines stay complete up to there.
    this.#bytesLeft = -1;
    const rest = this.#rest.get(quota);
    if (rest === undefined) {
      this.#rest.set(quota, { firstSecond: second, lastSecond: second, refusals });
      return;
    }
    rest.lastSecond = Math.max(rest.lastSecond, second);
    rest.refusals += refusals;
  }
}

const lineOf = (decision: Decision): string => `${JSON.stringify(decision)}\n`;

function partsOf(dimension: string): { quota: string; scope: string | null } {
  const space = dimension.indexOf(' ');
  return space === -1
    ? { quota: dimension, scope: null }
    : { quota: dimension.slice(0, space), scope: dimension.slice(space + 1) };
}
