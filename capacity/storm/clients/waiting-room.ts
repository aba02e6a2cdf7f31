/** Milliseconds of one block, a power of two: the clients of a block, and the ends of all blocks, fit the cache of a core. */
const blockShift = 8;
const blockMs = 1 << blockShift;
const slotMask = blockMs - 1;
/** How far ahead a cohort is due at the least, for it to be in a block that has not begun. */
export const shortestWaitMs = blockMs;

/** A record is two numbers: attempt, whether it is a crowd, and millisecond within the block; then the loss, or the place of the crowd. */
const recordLength = 2;
const crowdFlag = blockMs;
const attemptShift = blockShift + 1;

/** Numbers of one chunk, a power of two. The last record's place has the next chunk instead. */
const chunkLength = 512;
const nextAt = chunkLength - recordLength;

/**
 * Clients that wait for their next attempt, as cohorts: clients that lost their connection in the same millisecond, have made the same number of
 * attempts, and come back in the same millisecond are one record. Records of later blocks are appended in chunks, and sorted by
 * millisecond once their block begins: memory is touched in order, which is what costs with a million clients.
 * Times are below 2^31 ms.
 */
export class WaitingRoom {
  /** The cohort that {@link next} gave last: when it was lost, which attempt it makes, from 1, and how many clients it has. */
  lostAtMs = 0;
  attempt = 0;
  size = 0;
  /** Of blocks from the current one on, a ring: the first chunk, and where the next record goes. -1: nothing is in it. */
  #firsts = new Int32Array(256).fill(-1);
  #ends = new Int32Array(256).fill(-1);
  #ringMask = 255;
  #current = -1;
  #chunks = new Int32Array(chunkLength * 256);
  #used = 0;
  #freeChunk = -1;
  #sorted = new Int32Array(0);
  /** Where the records of each millisecond of the current block begin. */
  #starts = new Int32Array(blockMs + 1);
  /** The records of the current millisecond that are left. */
  #at = 0;
  #end = 0;
  /** Cohorts of more than one client: loss and size, at places that are used again. */
  #crowds: number[] = [];
  #freeCrowds: number[] = [];

  /** `dueMs`: a whole millisecond, at least {@link shortestWaitMs} after the one that was begun last. */
  add(dueMs: number, lostAtMs: number, attempt: number, size: number): void {
    if (size === 1) {
      this.#append(dueMs, attempt << attemptShift, lostAtMs);
      return;
    }
    const place = this.#freeCrowds.pop() ?? this.#crowds.length;
    this.#crowds[place] = lostAtMs;
    this.#crowds[place + 1] = size;
    this.#append(dueMs, (attempt << attemptShift) | crowdFlag, place);
  }

  /** Begins a millisecond: {@link next} gives its cohorts. Call it for every millisecond in turn, from 0 on. */
  begin(nowMs: number): void {
    const slot = nowMs & slotMask;
    if (slot === 0) this.#begin(nowMs >> blockShift);
    this.#at = this.#starts[slot] ?? 0;
    this.#end = this.#starts[slot + 1] ?? 0;
  }

  /** The first millisecond from one on, and before another, for which {@link begin} is to be called; that other one if there is none. */
  nextDue(fromMs: number, endMs: number): number {
    const starts = this.#starts;
    for (let atMs = fromMs; atMs < endMs; atMs += 1) {
      const slot = atMs & slotMask;
      if (slot === 0 || starts[slot] !== starts[slot + 1]) return atMs;
    }
    return endMs;
  }

  /** Takes the next cohort that is due in this millisecond. @returns whether there is one */
  next(): boolean {
    const at = this.#at;
    if (at >= this.#end) return false;
    this.#at = at + recordLength;
    const head = this.#sorted[at] ?? 0;
    const tail = this.#sorted[at + 1] ?? 0;
    this.attempt = head >>> attemptShift;
    if ((head & crowdFlag) === 0) {
      this.lostAtMs = tail;
      this.size = 1;
      return true;
    }
    this.lostAtMs = this.#crowds[tail] ?? 0;
    this.size = this.#crowds[tail + 1] ?? 0;
    this.#freeCrowds.push(tail);
    return true;
  }

  #append(dueMs: number, head: number, tail: number): void {
    const number = dueMs >> blockShift;
    if (number - this.#current > this.#ringMask) this.#widen(number - this.#current);
    const block = number & this.#ringMask;
    let end = this.#ends[block] ?? -1;
    if (end === -1) {
      end = this.#newChunk();
      this.#firsts[block] = end;
    }
    this.#chunks[end] = head | (dueMs & slotMask);
    this.#chunks[end + 1] = tail;
    end += recordLength;
    if ((end & (chunkLength - 1)) === nextAt) {
      const next = this.#newChunk();
      this.#chunks[end] = next;
      end = next;
    }
    this.#ends[block] = end;
  }

  /** Sorts the records of a block by millisecond, in the order in which they were added. */
  #begin(number: number): void {
    this.#current = number;
    const starts = this.#starts.fill(0);
    const block = number & this.#ringMask;
    const first = this.#firsts[block] ?? -1;
    if (first === -1) return;
    const end = this.#ends[block] ?? -1;
    this.#firsts[block] = -1;
    this.#ends[block] = -1;
    const chunks = this.#chunks;
    let records = 0;
    for (let at = first; at !== end; records += 1) {
      const slot = (chunks[at] ?? 0) & slotMask;
      starts[slot + 1] = (starts[slot + 1] ?? 0) + recordLength;
      at = this.#after(at, end);
    }
    for (let slot = 0; slot < blockMs; slot += 1) starts[slot + 1] = (starts[slot + 1] ?? 0) + (starts[slot] ?? 0);
    if (this.#sorted.length < records * recordLength) this.#sorted = new Int32Array(2 * records * recordLength);
    const sorted = this.#sorted;
    const places = starts.slice();
    for (let at = first; at !== end; ) {
      const head = chunks[at] ?? 0;
      const slot = head & slotMask;
      const place = places[slot] ?? 0;
      sorted[place] = head;
      sorted[place + 1] = chunks[at + 1] ?? 0;
      places[slot] = place + recordLength;
      at = this.#after(at, end);
    }
    this.#release(first, end);
  }

  /** Where the record after this one is. */
  #after(at: number, end: number): number {
    const next = at + recordLength;
    return next !== end && (next & (chunkLength - 1)) === nextAt ? (this.#chunks[next] ?? end) : next;
  }

  /** The chunks of a block can be used again. Only the last one's next is not another of them. */
  #release(first: number, end: number): void {
    const last = end & ~(chunkLength - 1);
    for (let chunk = first; ; ) {
      const next = this.#chunks[chunk + nextAt] ?? -1;
      this.#chunks[chunk + nextAt] = this.#freeChunk;
      this.#freeChunk = chunk;
      if (chunk === last) return;
      chunk = next;
    }
  }

  #newChunk(): number {
    const free = this.#freeChunk;
    if (free !== -1) {
      this.#freeChunk = this.#chunks[free + nextAt] ?? -1;
      return free;
    }
    if (this.#used === this.#chunks.length) {
      const larger = new Int32Array(this.#chunks.length * 2);
      larger.set(this.#chunks);
      this.#chunks = larger;
    }
    this.#used += chunkLength;
    return this.#used - chunkLength;
  }

  #widen(blocks: number): void {
    let length = this.#ringMask + 1;
    while (length <= blocks) length *= 2;
    const firsts = new Int32Array(length).fill(-1);
    const ends = new Int32Array(length).fill(-1);
    for (let ahead = 1; ahead <= this.#ringMask; ahead += 1) {
      const number = this.#current + ahead;
      firsts[number & (length - 1)] = this.#firsts[number & this.#ringMask] ?? -1;
      ends[number & (length - 1)] = this.#ends[number & this.#ringMask] ?? -1;
    }
    this.#firsts = firsts;
    this.#ends = ends;
    this.#ringMask = length - 1;
  }
}
