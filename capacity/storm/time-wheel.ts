/** Events of one chunk, and its size: the number of the next chunk, how many events it holds, then two numbers an event. */
const chunkEvents = 15;
const chunkLength = 2 + 2 * chunkEvents;

/**
 * Events in virtual time, one millisecond a slot: adding and taking one cost the same however many there are, so a million clients
 * that come back a hundred times each are a matter of seconds. Events of one millisecond come in the order in which they were added.
 * They lie in chunks, side by side: with a million of them, what costs is the memory that each one touches.
 */
export class TimeWheel {
  /** What the event is, and two numbers that belong to it: valid for the event that {@link drain} gave last. */
  kind = 0;
  subject = 0;
  detail = 0;
  #slots: number;
  /** First and last chunk of each slot; -1: none. */
  #ends: Int32Array;
  #chunks = new Int32Array(chunkLength * 1_024);
  #free = -1;
  #used = 0;
  /** Events of later turns of the wheel: three numbers each, by turn. */
  #later = new Map<number, number[]>();

  constructor(slots = 1 << 17) {
    this.#slots = slots;
    this.#ends = new Int32Array(slots * 2).fill(-1);
  }

  /**
   * `dueMs`: a whole millisecond, now or later. `nowMs`: that of the last {@link drain}. `detail`: 0 to 2^23 − 1. `kind`: 0 to 255.
   */
  add(nowMs: number, dueMs: number, kind: number, subject: number, detail = 0): void {
    const packed = (detail << 8) | kind;
    const turn = Math.floor(dueMs / this.#slots);
    if (dueMs - nowMs >= this.#slots || turn > Math.floor(nowMs / this.#slots) + 1) {
      const later = this.#later.get(turn);
      if (later) later.push(dueMs, subject, packed);
      else this.#later.set(turn, [dueMs, subject, packed]);
      return;
    }
    this.#append(dueMs % this.#slots, subject, packed);
  }

  /**
   * Takes everything that is due in this millisecond, one event at a time: `visit` reads it from the fields. What `visit` adds for
   * the same millisecond is visited as well. Call it for every millisecond in turn, from 0 on.
   */
  drain(nowMs: number, visit: () => void): void {
    const slot = nowMs % this.#slots;
    if (slot === 0) this.#turn(nowMs / this.#slots);
    let chunk = this.#ends[2 * slot] ?? -1;
    while (chunk !== -1) {
      this.#ends[2 * slot] = -1;
      this.#ends[2 * slot + 1] = -1;
      while (chunk !== -1) {
        const count = this.#chunks[chunk + 1] ?? 0;
        for (let at = chunk + 2; at < chunk + 2 + 2 * count; at += 2) {
          // Looked up anew each time: `visit` adds events, which may move them all.
          const packed = this.#chunks[at + 1] ?? 0;
          this.subject = this.#chunks[at] ?? 0;
          this.kind = packed & 0xff;
          this.detail = packed >> 8;
          visit();
        }
        const next = this.#chunks[chunk] ?? -1;
        this.#chunks[chunk] = this.#free;
        this.#free = chunk;
        chunk = next;
      }
      chunk = this.#ends[2 * slot] ?? -1;
    }
  }

  /** The first millisecond from one on, and before another, for which {@link drain} is to be called; that other one if there is none. */
  nextDue(fromMs: number, endMs: number): number {
    const ends = this.#ends;
    let slot = fromMs % this.#slots;
    for (let atMs = fromMs; atMs < endMs; atMs += 1) {
      if (slot === 0 || ends[2 * slot] !== -1) return atMs;
      slot = slot + 1 === this.#slots ? 0 : slot + 1;
    }
    return endMs;
  }

  /** Puts the events of a turn that begins into their slots. */
  #turn(turn: number): void {
    const later = this.#later.get(turn);
    if (!later) return;
    this.#later.delete(turn);
    for (let at = 0; at < later.length; at += 3)
      this.#append((later[at] ?? 0) % this.#slots, later[at + 1] ?? 0, later[at + 2] ?? 0);
  }

  #append(slot: number, subject: number, packed: number): void {
    let chunk = this.#ends[2 * slot + 1] ?? -1;
    if (chunk === -1 || this.#chunks[chunk + 1] === chunkEvents) {
      const fresh = this.#chunk();
      if (chunk === -1) this.#ends[2 * slot] = fresh;
      else this.#chunks[chunk] = fresh;
      this.#ends[2 * slot + 1] = fresh;
      chunk = fresh;
    }
    const count = this.#chunks[chunk + 1] ?? 0;
    this.#chunks[chunk + 2 + 2 * count] = subject;
    this.#chunks[chunk + 3 + 2 * count] = packed;
    this.#chunks[chunk + 1] = count + 1;
  }

  /** An empty chunk. */
  #chunk(): number {
    let chunk = this.#free;
    if (chunk === -1) {
      if (this.#used === this.#chunks.length) {
        const larger = new Int32Array(this.#chunks.length * 2);
        larger.set(this.#chunks);
        this.#chunks = larger;
      }
      chunk = this.#used;
      this.#used += chunkLength;
    } else this.#free = this.#chunks[chunk] ?? -1;
    this.#chunks[chunk] = -1;
    this.#chunks[chunk + 1] = 0;
    return chunk;
  }
}
