/** Milliseconds of one block, a power of two: the clients of a block, and the ends of all blocks, fit the cache of a core. */
const blockMs = 256;
/** How far ahead a cohort is due at the least, for it to be in a block that has not begun. */
export const shortestWaitMs = blockMs;
/** A record is two numbers: millisecond within the block, attempt and whether it is one client; then the loss, or the number of a crowd. */
const recordLength = 2;
const attemptShift = 9;
const crowdFlag = 1 << 8;
const slotMask = blockMs - 1;

interface Block {
  records: Int32Array;
  length: number;
}

/**
 * Clients that wait for their next attempt, as cohorts: clients that lost their connection in the same millisecond, have made the same number of
 * attempts, and come back in the same millisecond are one record. Records of later blocks are appended, and sorted by
 * millisecond once their block begins: memory is touched in order, which is what costs with a million clients.
 */
export class WaitingRoom {
  /** The cohort that {@link drain} gave last: when it was lost, which attempt it makes, from 1, and how many clients it has. */
  lostAtMs = 0;
  attempt = 0;
  size = 0;
  /** By number of the block, from the current one on: a ring. */
  #ring: (Block | null)[] = new Array(256).fill(null);
  #current = -1;
  #spare: Int32Array[] = [];
  #sorted = new Int32Array(0);
  /** Where the records of each millisecond of the current block begin. */
  #starts = new Int32Array(blockMs + 1);
  /** Cohorts of more than one client: loss and size, at places that are used again. */
  #crowds: number[] = [];
  #freeCrowds: number[] = [];

  /** `dueMs`: a whole millisecond, at least {@link shortestWaitMs} after that of the last {@link drain}. */
  add(dueMs: number, lostAtMs: number, attempt: number, size: number): void {
    let head = (attempt << attemptShift) | (dueMs & slotMask);
    let tail = lostAtMs;
    if (size > 1) {
      head |= crowdFlag;
      tail = this.#freeCrowds.pop() ?? this.#crowds.length;
      this.#crowds[tail] = lostAtMs;
      this.#crowds[tail + 1] = size;
    }
    const number = Math.floor(dueMs / blockMs);
    if (number - this.#current >= this.#ring.length) this.#widen(number - this.#current);
    const at = number & (this.#ring.length - 1);
    const block = this.#ring[at] ?? this.#newBlock(at);
    if (block.length === block.records.length) {
      const larger = new Int32Array(block.records.length * 2);
      larger.set(block.records);
      block.records = larger;
    }
    block.records[block.length] = head;
    block.records[block.length + 1] = tail;
    block.length += recordLength;
  }

  /** Takes every cohort that is due in this millisecond. Call it for every millisecond in turn, from 0 on. */
  drain(nowMs: number, visit: () => void): void {
    const slot = nowMs & slotMask;
    if (slot === 0) this.#begin(Math.floor(nowMs / blockMs));
    const end = this.#starts[slot + 1] ?? 0;
    for (let at = this.#starts[slot] ?? 0; at < end; at += recordLength)
      this.#take(this.#sorted[at] ?? 0, this.#sorted[at + 1] ?? 0, visit);
  }

  #take(head: number, tail: number, visit: () => void): void {
    this.attempt = head >>> attemptShift;
    if ((head & crowdFlag) === 0) {
      this.lostAtMs = tail;
      this.size = 1;
    } else {
      this.lostAtMs = this.#crowds[tail] ?? 0;
      this.size = this.#crowds[tail + 1] ?? 0;
      this.#freeCrowds.push(tail);
    }
    visit();
  }

  /** Sorts the records of a block by millisecond, in the order in which they were added. */
  #begin(number: number): void {
    this.#current = number;
    const starts = this.#starts.fill(0);
    const at = number & (this.#ring.length - 1);
    const block = this.#ring[at];
    if (!block) return;
    this.#ring[at] = null;
    const { records, length } = block;
    for (let from = 0; from < length; from += recordLength) {
      const next = ((records[from] ?? 0) & slotMask) + 1;
      starts[next] = (starts[next] ?? 0) + recordLength;
    }
    for (let slot = 0; slot < blockMs; slot += 1) starts[slot + 1] = (starts[slot + 1] ?? 0) + (starts[slot] ?? 0);
    if (this.#sorted.length < length) this.#sorted = new Int32Array(records.length);
    const places = starts.slice();
    for (let from = 0; from < length; from += recordLength) {
      const head = records[from] ?? 0;
      const slot = head & slotMask;
      const place = places[slot] ?? 0;
      this.#sorted[place] = head;
      this.#sorted[place + 1] = records[from + 1] ?? 0;
      places[slot] = place + recordLength;
    }
    this.#spare.push(records);
  }

  #newBlock(at: number): Block {
    const block = { records: this.#spare.pop() ?? new Int32Array(256), length: 0 };
    this.#ring[at] = block;
    return block;
  }

  #widen(blocks: number): void {
    let length = this.#ring.length;
    while (length <= blocks) length *= 2;
    const ring: (Block | null)[] = new Array(length).fill(null);
    for (let ahead = 1; ahead < this.#ring.length; ahead += 1) {
      const number = this.#current + ahead;
      ring[number & (length - 1)] = this.#ring[number & (this.#ring.length - 1)] ?? null;
    }
    this.#ring = ring;
  }
}
