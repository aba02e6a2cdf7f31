/** BatchGetItem and BatchWriteItem: each item is admitted individually, and refused items are returned as unprocessed. */
import type { Caller } from '../interference/faults.ts';
import { type ItemAccess, readAccess, writeAccess } from './accesses.ts';
import type { Item, Json, Store } from './dynalite-store.ts';
import type { Throttle } from './throttle-error.ts';

/** Whether the next entry of a batch or a transaction fails by itself, whatever the capacity. */
export type FailsEntry = (operation: string, caller: Caller) => boolean;

export type BatchOperation = 'BatchGetItem' | 'BatchWriteItem';
export function isBatch(operation: string): operation is BatchOperation {
  return operation === 'BatchGetItem' || operation === 'BatchWriteItem';
}

interface WriteRequest {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}
interface GetRequests {
  Keys: Item[];
  ConsistentRead?: boolean;
}

interface Entry {
  tableName: string;
  /** A write request, or a key. */
  request: unknown;
  /** null if the table does not exist, which the action will report. */
  access: ItemAccess | null;
}

export class BatchRequest {
  #operation: BatchOperation;
  #input: Json;
  #entries: Entry[];
  #admitted: Entry[] = [];
  #refused: Entry[] = [];

  constructor(operation: BatchOperation, input: Json, store: Store) {
    this.#operation = operation;
    this.#input = input;
    this.#entries = Object.entries(input.RequestItems ?? {}).flatMap(([tableName, requests]) => {
      const table = store.table(tableName);
      const entry = (request: unknown, access: () => ItemAccess | null): Entry => ({
        tableName,
        request,
        access: access(),
      });
      if (operation === 'BatchGetItem') {
        const { Keys, ConsistentRead } = requests as GetRequests;
        return Keys.map((key) => entry(key, () => (table ? readAccess(table, key, ConsistentRead) : null)));
      }
      return (requests as WriteRequest[]).map((request) =>
        entry(request, () => {
          const { PutRequest, DeleteRequest } = request;
          return table ? writeAccess(table, { key: DeleteRequest?.Key, item: PutRequest?.Item }, store) : null;
        }),
      );
    });
  }

  /** Asks for each item in turn, unless it fails by itself. @returns the first refusal for each resource and reason. */
  admit(gate: (access: ItemAccess) => Throttle[], fails: () => boolean): Throttle[] {
    const reasons = new Map<string, Throttle>();
    for (const entry of this.#entries) {
      if (fails()) {
        this.#refused.push(entry);
        continue;
      }
      const throttles = entry.access === null ? [] : gate(entry.access);
      (throttles.length > 0 ? this.#refused : this.#admitted).push(entry);
      for (const throttle of throttles) reasons.set(`${throttle.arn} ${throttle.refusal.limit}`, throttle);
    }
    return [...reasons.values()];
  }

  /** Nothing of it is to be processed. */
  get isRefusedWhole(): boolean {
    return this.#admitted.length === 0 && this.#refused.length > 0;
  }

  get admitted(): readonly ItemAccess[] {
    return this.#admitted.map(({ access }) => access).filter((access) => access !== null);
  }

  /** The tables of a batch with no item admitted: only such a batch is a throttled request. */
  tablesRefusedWhole(): ReadonlySet<string> {
    return new Set(this.isRefusedWhole ? this.#refused.map(({ tableName }) => tableName) : []);
  }

  admittedInput(): Json {
    return this.#refused.length === 0
      ? this.#input
      : { ...this.#input, RequestItems: this.#requestItems(this.#admitted) };
  }

  /** Puts refused items into a response's UnprocessedItems or UnprocessedKeys. */
  addUnprocessed(output: Json): void {
    const name = this.#operation === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems';
    const merged: Json = { ...(output[name] as Json) };
    for (const [tableName, more] of Object.entries(this.#requestItems(this.#refused))) {
      const there = merged[tableName];
      if (this.#operation === 'BatchWriteItem')
        merged[tableName] = [...((there as unknown[]) ?? []), ...(more as unknown[])];
      else {
        const { Keys, ...rest } = more as GetRequests;
        merged[tableName] = { ...rest, Keys: [...((there as GetRequests | undefined)?.Keys ?? []), ...Keys] };
      }
    }
    output[name] = merged;
  }

  #requestItems(entries: readonly Entry[]): Json {
    const items: Json = {};
    for (const tableName of new Set(entries.map((entry) => entry.tableName))) {
      const requests = entries.filter((entry) => entry.tableName === tableName).map(({ request }) => request);
      const asked = (this.#input.RequestItems as Json)[tableName] as object;
      items[tableName] = this.#operation === 'BatchGetItem' ? { ...asked, Keys: requests } : requests;
    }
    return items;
  }
}
