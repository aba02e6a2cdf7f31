/** Time to live: the attribute that holds a row's expiry, and the background deletion of expired rows. */
import { type Item, itemMaths, type Json, type Outcome, runAction, type Store } from './dynalite-store.ts';
import type { TableMetrics } from './table-metrics.ts';

/** Rows checked in one sweep: a few milliseconds, which a background scan may take. */
const rowsPerSweep = 20_000;
/** A time further back is not treated as an expiry. Source: DynamoDB developer guide, time to live. */
const ignoredBeforeSeconds = 5 * 365 * 86_400;
const operations = new Set(['UpdateTimeToLive', 'DescribeTimeToLive']);

export function isTimeToLiveOperation(operation: string): boolean {
  return operations.has(operation);
}

export interface TimeToLiveSettings {
  store: Store;
  metrics: TableMetrics;
  /** How long after its expiry a row is deleted; null: never. */
  delayMs: number | null;
}

export class TimeToLive {
  #settings: TimeToLiveSettings;
  /** Table → attribute. */
  #attributes = new Map<string, string>();
  #scans = new Map<string, IterableIterator<[string, Item]>>();

  constructor(settings: TimeToLiveSettings) {
    this.#settings = settings;
  }

  enable(tableName: string, attributeName: string): void {
    this.#attributes.set(tableName, attributeName);
  }

  handle(operation: string, body: Json): Outcome {
    const tableName = String(body.TableName);
    if (!this.#settings.store.table(tableName)) {
      const message = `Requested resource not found: Table: ${tableName} not found`;
      return { status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message } };
    }
    if (operation === 'UpdateTimeToLive') {
      const given = (body.TimeToLiveSpecification ?? {}) as { AttributeName?: unknown; Enabled?: unknown };
      if (given.Enabled === true) this.enable(tableName, String(given.AttributeName));
      else this.#attributes.delete(tableName);
      return { status: 200, body: { TimeToLiveSpecification: given } };
    }
    const AttributeName = this.#attributes.get(tableName);
    const TimeToLiveDescription =
      AttributeName === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName };
    return { status: 200, body: { TimeToLiveDescription } };
  }

  /** Continues through the rows of each table where the last sweep stopped. @param nowMs since the epoch */
  async sweep(nowMs: number): Promise<void> {
    if (this.#settings.delayMs === null) return;
    const dueSeconds = (nowMs - this.#settings.delayMs) / 1_000;
    for (const [tableName, attribute] of this.#attributes) {
      const due = this.#due(tableName, attribute, { from: dueSeconds - ignoredBeforeSeconds, to: dueSeconds });
      for (const item of due) this.#delete(tableName, item);
      if (due.length > 0) this.#settings.metrics.timeToLiveDeleted(tableName, due.length);
    }
  }

  #due(tableName: string, attribute: string, seconds: { from: number; to: number }): Item[] {
    const rows = this.#settings.store.getItemDb(tableName);
    const scan = this.#scans.get(tableName) ?? rows.entries();
    this.#scans.set(tableName, scan);
    const due: Item[] = [];
    for (let looked = 0; looked < rowsPerSweep; looked++) {
      const { value, done } = scan.next();
      if (done) {
        this.#scans.delete(tableName);
        break;
      }
      const expiresAt = Number(value[1][attribute]?.N);
      if (expiresAt >= seconds.from && expiresAt < seconds.to) due.push(value[1]);
    }
    return due;
  }

  /** Like any delete, so that the indexes are updated, but without consuming capacity. */
  #delete(tableName: string, item: Item): void {
    const { store } = this.#settings;
    const table = store.table(tableName);
    if (!table) return;
    // The row may have been rewritten since it was found.
    if (store.getItemDb(tableName).read(itemMaths.createKey(item, table)) !== item) return;
    const names = table.KeySchema.map(({ AttributeName }) => AttributeName);
    const Key = Object.fromEntries(names.map((name) => [name, item[name]]));
    store.changes.run(() => runAction('DeleteItem', { TableName: tableName, Key }, store), { expired: true });
  }
}
