/**
 * What an action changes, noted while it runs: so that several can be undone together, a change can be refused after the fact, and streams see it once
 * it stands. Actions are synchronous, so what is noted between begin and end is of one action.
 */
import type { OrderedRows } from './ordered-rows.ts';

/** DynamoDB's JSON of an item: attribute → { type: value }. */
export type Item = Record<string, Record<string, unknown>>;

/** One row, before and after. */
export interface ItemChange {
  tableName: string;
  before: Item | undefined;
  after: Item | undefined;
  /** Deleted by time to live rather than by a client. */
  expired: boolean;
}

interface Noted {
  tableName: string;
  key: string;
  rows: OrderedRows<Item>;
  before: Item | undefined;
}

export class ChangeLog {
  #items: Noted[] | null = null;
  #undo: (() => void)[] = [];
  #listener: ((change: ItemChange) => void) | null = null;

  /** Told of every change that stands. */
  listen(listener: (change: ItemChange) => void): void {
    this.#listener = listener;
  }

  noteItem(noted: Noted): void {
    if (this.#items === null) return;
    this.#items.push(noted);
    this.#undo.push(() => noted.rows.restore(noted.key, noted.before));
  }

  noteIndex(undo: () => void): void {
    if (this.#items !== null) this.#undo.push(undo);
  }

  /**
   * Runs what changes items. @param stands decides afterwards whether the changes do; if not, all are undone.
   * @throws if the action has not ended when it returns, which would mix its changes with those of others.
   */
  run<Result>(
    action: () => Result,
    {
      stands = () => true,
      expired = false,
    }: { stands?: (result: Result, changes: readonly ItemChange[]) => boolean; expired?: boolean } = {},
  ): Result {
    if (this.#items !== null) throw new Error('An action of DynamoDB began inside of another.');
    this.#items = [];
    this.#undo = [];
    let kept = false;
    try {
      const result = action();
      if (result instanceof Promise) throw new Error('An action of DynamoDB that changes items did not end at once.');
      const changes = this.#items.map(({ tableName, key, rows, before }): ItemChange => {
        return { tableName, before, after: rows.read(key), expired };
      });
      kept = stands(result, changes);
      if (kept) for (const change of changes) this.#listener?.(change);
      return result;
    } finally {
      const undo = this.#undo.reverse();
      this.#items = null;
      this.#undo = [];
      if (!kept) for (const step of undo) step();
    }
  }
}
