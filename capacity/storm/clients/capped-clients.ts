import type { Random } from '../../../aws/random.ts';

/** How many attempts were made that were some clients' n-th, by n from `first` on. Expected values, so not whole. */
interface Labels {
  first: number;
  masses: number[];
}

interface Spread {
  startMs: number;
  spanMs: number;
  earliestMs: number;
  horizonMs: number;
  random: Random;
}

/** Milliseconds of a block, as a power of two: short beside a cap, so that all of a block's clients have the same distribution of attempts. */
const blockShift = 10;
/** Longest wait that is counted by millisecond, as a power of two: 17 min. */
const longestShift = 20;
/** Clients that are too few to matter for the most attempts of any. */
const negligible = 1e-9;

/**
 * Clients whose back-off has reached its cap and who were lost in the same millisecond: they are exchangeable, whatever number of attempts they have made, so
 * it is enough to count how many come back in each millisecond. How many attempts they have made is carried along as a distribution: what leaves a
 * block of about a second for another has that block's, one attempt later. Of the distribution only the most attempts of a client are reported.
 * Times are below 2^31 ms.
 */
export class CappedClients {
  /** The first attempt whose delay is that of all later ones: what stands for any of them. */
  readonly attempt: number;
  /** By millisecond, a ring. */
  #counts: Int32Array;
  #mask: number;
  #block = 0;
  /** Of the block that runs: how many attempts, and how many of their clients come back in each block, a ring. */
  #attempts = 0;
  #flows: Int32Array;
  #blockMask: number;
  /** Of those that come back in each block, from other blocks: by how many attempts they will have made then. */
  #due = new Map<number, Labels>();
  /** Of a client of the last block that had any. */
  #shape: Labels = { first: 0, masses: [] };
  /** Over all blocks. */
  #made: Labels = { first: 0, masses: [] };

  /** @returns null where waits are too long to be counted by millisecond */
  static of({ attempt, longestMs }: { attempt: number; longestMs: number }): CappedClients | null {
    const shift = Math.max(blockShift + 1, Math.ceil(Math.log2(longestMs + 2)));
    return shift <= longestShift ? new CappedClients(attempt, shift) : null;
  }

  private constructor(attempt: number, shift: number) {
    this.attempt = attempt;
    this.#counts = new Int32Array(1 << shift);
    this.#mask = (1 << shift) - 1;
    // One block more than a wait can reach, at the least.
    this.#flows = new Int32Array(2 << (shift - blockShift));
    this.#blockMask = this.#flows.length - 1;
  }

  /** How many make an attempt in this millisecond. Call it in order of time, for each that {@link nextDue} gives, before what becomes of them is known. */
  take(nowMs: number): number {
    while (this.#block < nowMs >> blockShift) this.#endBlock();
    const at = nowMs & this.#mask;
    const count = this.#counts[at] ?? 0;
    this.#counts[at] = 0;
    this.#attempts += count;
    return count;
  }

  /** They have made an attempt, and make their next one then: later than the millisecond that was taken last. */
  again(dueMs: number, count: number): void {
    const at = dueMs & this.#mask;
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
    const block = (dueMs >> blockShift) & this.#blockMask;
    this.#flows[block] = (this.#flows[block] ?? 0) + count;
  }

  /** The same for each at a random moment of a span of time, from the earliest on. Whoever waits until the horizon is pending then. */
  spread(size: number, { startMs, spanMs, earliestMs, horizonMs, random }: Spread): void {
    const counts = this.#counts;
    const mask = this.#mask;
    const flows = this.#flows;
    const blockMask = this.#blockMask;
    const fromMs = startMs + 0.5;
    for (let client = 0; client < size; client += 1) {
      let dueMs = Math.floor(fromMs + spanMs * random());
      if (dueMs < earliestMs) dueMs = earliestMs;
      if (dueMs >= horizonMs) continue;
      const at = dueMs & mask;
      counts[at] = (counts[at] ?? 0) + 1;
      const block = (dueMs >> blockShift) & blockMask;
      flows[block] = (flows[block] ?? 0) + 1;
    }
  }

  /** They will make the first attempt after the cap is reached. */
  join(dueMs: number, count: number): void {
    const at = dueMs & this.#mask;
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
    add(this.#labelsOf(dueMs >> blockShift), { first: this.attempt, masses: [1] }, count);
  }

  /** The first millisecond from one on, and before another, in which somebody is due; that other one if nobody is. */
  nextDue(fromMs: number, endMs: number): number {
    const counts = this.#counts;
    const mask = this.#mask;
    let atMs = fromMs;
    while (atMs < endMs && counts[atMs & mask] === 0) atMs += 1;
    return atMs;
  }

  /** The median of the most attempts that any has made. 0: none has made any. */
  mostAttempts(): number {
    this.#endBlock();
    const { first, masses } = this.#made;
    const last = masses.findLastIndex((clients) => clients >= Math.LN2);
    return last === -1 ? 0 : first + last;
  }

  #labelsOf(block: number): Labels {
    const known = this.#due.get(block);
    if (known) return known;
    const labels: Labels = { first: 0, masses: [] };
    this.#due.set(block, labels);
    return labels;
  }

  /** Of this block's attempts, a share comes back within it: a(n) = i(n) + share · a(n − 1), where i are those that come from other blocks. */
  #endBlock(): void {
    const block = this.#block;
    this.#block += 1;
    const attempts = this.#attempts;
    this.#attempts = 0;
    const own = block & this.#blockMask;
    const entering = this.#due.get(block);
    this.#due.delete(block);
    if (attempts > 0 && entering) this.#shape = shapeOf(entering, (this.#flows[own] ?? 0) / attempts);
    this.#flows[own] = 0;
    const shape = this.#shape;
    add(this.#made, shape, attempts);
    const next = { ...shape, first: shape.first + 1 };
    for (let ahead = 1; ahead <= this.#blockMask; ahead += 1) {
      const at = (block + ahead) & this.#blockMask;
      const clients = this.#flows[at] ?? 0;
      if (clients === 0) continue;
      this.#flows[at] = 0;
      add(this.#labelsOf(block + ahead), next, clients);
    }
  }
}

/** The distribution of those that attempt, where those come in and this share of all comes back. Its sum is 1. */
function shapeOf({ first, masses }: Labels, share: number): Labels {
  const all: number[] = [];
  let before = 0;
  for (let n = 0; n < masses.length || before > negligible; n += 1) {
    before = (masses[n] ?? 0) + share * before;
    all.push(before);
  }
  const sum = all.reduce((total, mass) => total + mass, 0);
  const from = all.findIndex((mass) => mass > negligible);
  const to = all.findLastIndex((mass) => mass > negligible);
  return { first: first + from, masses: all.slice(from, to + 1).map((mass) => mass / sum) };
}

/** Adds a distribution, this many times. */
function add(to: Labels, { first, masses }: Labels, times: number): void {
  const all = to.masses;
  if (all.length === 0) to.first = first;
  for (; first < to.first; to.first -= 1) all.unshift(0);
  const offset = first - to.first;
  while (all.length < offset + masses.length) all.push(0);
  for (let n = 0; n < masses.length; n += 1) all[offset + n] = (all[offset + n] ?? 0) + times * (masses[n] ?? 0);
}
