/**
 * Rows in memory, found by key or read in key order: what dynalite's actions need of a database, without its encoding of every value
 * and without a turn of the event loop for each access. Everything is synchronous, so an action is never interrupted by another.
 *
 * Keys are ASCII. Those of items are `hash/partition key/…`: rows with the same first two parts are kept in order together, and the
 * groups are sorted only when a read spans several.
 */
import { Stream } from 'node:stream';

export interface RangeOptions {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  reverse?: boolean;
  /** At most this many; negative or absent: all. */
  limit?: number;
}
type Callback<Value> = (error: null, value?: Value) => void;
interface RowListener<Value> {
  changed(key: string, before: Value | undefined): void;
}
type Release = <Args extends unknown[]>(done: (...args: Args) => void) => (...args: Args) => void;

/** Emits data and end, the part of a stream that dynalite uses. It adds its listeners twice to anything that is not a Stream. */
class RowStream extends Stream {
  #destroyed = false;

  constructor(rows: Iterable<unknown>) {
    super();
    // The creator of the stream adds its listeners first.
    queueMicrotask(() => {
      for (const row of rows) {
        this.emit('data', row);
        if (this.#destroyed) return;
      }
      this.emit('end');
    });
  }

  destroy(): void {
    this.#destroyed = true;
  }
}

export class OrderedRows<Value extends object = object> {
  #rows = new Map<string, Value>();
  #groups = new Map<string, string[]>();
  #groupOrder: string[] | null = [];
  /** Is told of every change, with the row as it was. */
  onChange: RowListener<Value>['changed'] | null = null;

  get size(): number {
    return this.#rows.size;
  }

  entries(): IterableIterator<[string, Value]> {
    return this.#rows.entries();
  }

  read(key: string): Value | undefined {
    return this.#rows.get(key);
  }

  /** `undefined` if it does not exist. */
  get(key: string, callback: Callback<Value>): void {
    callback(null, this.#rows.get(key));
  }

  put(key: string, value: Value, callback: Callback<never>): void {
    this.onChange?.(key, this.#rows.get(key));
    if (!this.#rows.has(key)) this.#insert(key);
    this.#rows.set(key, withoutUndefined(value));
    callback(null);
  }

  del(key: string, callback: Callback<never>): void {
    const before = this.#rows.get(key);
    if (before !== undefined) this.onChange?.(key, before);
    if (this.#rows.delete(key)) this.#remove(key);
    callback(null);
  }

  /** The row as it was before a change. */
  restore(key: string, before: Value | undefined): void {
    if (before === undefined) this.del(key, () => undefined);
    else this.put(key, before, () => undefined);
  }

  batch(operations: readonly { type: 'del'; key: string }[], callback: Callback<never>): void {
    for (const { key } of operations) this.del(key, () => undefined);
    callback(null);
  }

  /** Never waits: the holder of a lock has finished before anything else can request it. */
  lock(_key: string, exclusive: (release: Release) => void): void {
    exclusive((done) => done);
  }

  createKeyStream(options: RangeOptions = {}): Stream {
    return new RowStream(this.#keys(options));
  }

  createValueStream(options: RangeOptions = {}): Stream {
    return new RowStream(this.#values(options));
  }

  *#values(options: RangeOptions): Generator<Value> {
    for (const key of this.#keys(options)) {
      const value = this.#rows.get(key);
      if (value) yield value;
    }
  }

  *#keys(options: RangeOptions): Generator<string> {
    const { reverse = false, limit = -1 } = options;
    let left = limit < 0 ? Number.POSITIVE_INFINITY : limit;
    for (const group of this.#groupsIn(options)) {
      const keys = this.#groups.get(group) ?? [];
      const from = firstIndex(keys, options);
      const to = endIndex(keys, options);
      for (let step = 0; step < to - from; step++) {
        if (left-- <= 0) return;
        yield keys[reverse ? to - 1 - step : from + step] ?? '';
      }
    }
  }

  /** The groups that may have keys in the range, in order. */
  #groupsIn(options: RangeOptions): readonly string[] {
    const start = options.gte ?? options.gt;
    const end = options.lte ?? options.lt;
    const group = start === undefined ? null : groupOf(start);
    // The usual case: a range within one group.
    if (group !== null && isWhole(group) && end?.startsWith(group)) return this.#groups.has(group) ? [group] : [];
    this.#groupOrder ??= [...this.#groups.keys()].sort();
    return options.reverse ? this.#groupOrder.toReversed() : this.#groupOrder;
  }

  #insert(key: string): void {
    const group = groupOf(key);
    const keys = this.#groups.get(group);
    if (keys === undefined) {
      this.#groups.set(group, [key]);
      this.#groupOrder = null;
    } else keys.splice(lowerBound(keys, key), 0, key);
  }

  #remove(key: string): void {
    const group = groupOf(key);
    const keys = this.#groups.get(group) ?? [];
    if (keys.length <= 1) {
      this.#groups.delete(group);
      this.#groupOrder = null;
    } else keys.splice(lowerBound(keys, key), 1);
  }
}

/** Up to and including the second slash; the whole key if there are fewer than two. */
function groupOf(key: string): string {
  const second = key.indexOf('/', key.indexOf('/') + 1);
  return second === -1 ? key : key.slice(0, second + 1);
}

/** Has both parts: only then do all keys that begin with it belong to it. */
function isWhole(group: string): boolean {
  return group.endsWith('/') && group.indexOf('/') < group.length - 1;
}

/** Index of the first key that is not before `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first key after `key`. */
function upperBound(keys: readonly string[], key: string): number {
  const index = lowerBound(keys, key);
  return keys[index] === key ? index + 1 : index;
}

function firstIndex(keys: readonly string[], { gt, gte }: RangeOptions): number {
  return Math.max(gt === undefined ? 0 : upperBound(keys, gt), gte === undefined ? 0 : lowerBound(keys, gte));
}

function endIndex(keys: readonly string[], { lt, lte }: RangeOptions): number {
  return Math.min(
    lt === undefined ? keys.length : lowerBound(keys, lt),
    lte === undefined ? keys.length : upperBound(keys, lte),
  );
}

/** dynalite projects an item for an index with its missing attributes as undefined, and relies on JSON to omit them. */
function withoutUndefined<Value extends object>(value: Value): Value {
  if (!Object.values(value).includes(undefined)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Value;
}
