/** Which tables, indexes and partitions a request reads or writes, and the units known before it runs. Pure except for the store. */

import type { Direction } from './capacity-limits.ts';
import {
  type IndexDescription,
  type Item,
  itemMaths,
  type Json,
  type Store,
  type TableDescription,
} from './dynalite-store.ts';
import type { ResourceName } from './table-metrics.ts';

export interface Access {
  resource: ResourceName;
  direction: Direction;
  /** Value of the partition key; null for an access across all partitions. */
  partitionKey: string | null;
  /** Known in advance: the size of a new item, or the minimum cost of a read, a delete or an index write. */
  units: number;
}

/** One read or write of an item: its accesses are checked for throttling, the table's own first. */
export interface ItemAccess {
  table: TableDescription;
  accesses: Access[];
  /** For a write: the previous row. */
  before: Item | undefined;
  /** For a write: where its row is; null for an invalid key, which the action will refuse. */
  rowKey: string | null;
}

const writeUnitBytes = 1_024;
const singleWrites = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** Write units of an item. Source: DynamoDB developer guide, 1 KB a unit, rounded up. */
export function writeUnits(item: Item | undefined): number {
  return item === undefined ? 0 : Math.max(1, Math.ceil(itemMaths.itemSize(item) / writeUnitBytes));
}

/** The access of a request for one item, a Query or a Scan; null if its table does not exist. */
export function accessOf(operation: string, input: Json, store: Store): ItemAccess | null {
  const table = store.table(String(input.TableName));
  if (!table) return null;
  if (singleWrites.has(operation)) {
    return writeAccess(table, { key: input.Key as Item | undefined, item: input.Item as Item | undefined }, store);
  }
  const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === input.IndexName);
  const hashName = (index ?? table).KeySchema[0]?.AttributeName ?? '';
  const conditions = input.KeyConditions as Record<string, { AttributeValueList?: Item[string][] }> | undefined;
  const hash =
    operation === 'GetItem' ? (input.Key as Item)[hashName] : conditions?.[hashName]?.AttributeValueList?.[0];
  return {
    table,
    accesses: [
      {
        resource: { tableName: table.TableName, indexName: index?.IndexName ?? null },
        direction: 'read',
        partitionKey: operation === 'Scan' ? null : textOf(hash),
        units: leastReadUnits(input.ConsistentRead),
      },
    ],
    before: undefined,
    rowKey: null,
  };
}

/** A read costs at least this, even when it finds nothing. Source: DynamoDB developer guide; for a Query without items: observed. */
function leastReadUnits(consistent: unknown): number {
  return consistent === true ? 1 : 0.5;
}

/** A get within a BatchGetItem. */
export function readAccess(table: TableDescription, key: Item, consistent: unknown): ItemAccess {
  const hash = key[table.KeySchema[0]?.AttributeName ?? ''];
  const resource = { tableName: table.TableName, indexName: null };
  const access: Access = { resource, direction: 'read', partitionKey: textOf(hash), units: leastReadUnits(consistent) };
  return { table, accesses: [access], before: undefined, rowKey: null };
}

/** A put has an item, an update or delete a key. */
export function writeAccess(
  table: TableDescription,
  { key, item }: { key?: Item | undefined; item?: Item | undefined },
  store: Store,
): ItemAccess {
  const named = item ?? key ?? {};
  const rowKey = rowKeyOf(named, table);
  const indexes = table.GlobalSecondaryIndexes ?? [];
  const before = rowKey === null ? undefined : store.getItemDb(table.TableName).read(rowKey);
  const { tableName } = { tableName: table.TableName };
  const partitionKey = textOf(named[table.KeySchema[0]?.AttributeName ?? '']);
  const own: Access = {
    resource: { tableName, indexName: null },
    direction: 'write',
    partitionKey,
    units: Math.max(1, writeUnits(item), writeUnits(before)),
  };
  // An index that is out of capacity refuses the write of the table: back-pressure.
  const touched = indexes
    .map((index) => ({ index, hash: indexHash(index, item) ?? indexHash(index, before) }))
    .filter(({ hash }) => hash !== null)
    .map(({ index, hash }): Access => {
      return { resource: { tableName, indexName: index.IndexName }, direction: 'write', partitionKey: hash, units: 1 };
    });
  return { table, accesses: [own, ...touched], before, rowKey };
}

/**
 * Write units of a global secondary index for a changed row: one write for a put and one for a delete, none if
 * no projected attribute changed. Source: DynamoDB developer guide, "Provisioned throughput considerations for global secondary indexes".
 */
export function indexWriteUnits(
  index: IndexDescription,
  table: TableDescription,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const { puts, deletes } = itemMaths.getIndexActions([index], before, after, table);
  const old = itemMaths.getIndexActions([index], undefined, before, table).puts[0]?.item;
  const put = puts[0]?.item;
  const deleted = deletes.length > 0 ? writeUnits(present(old)) : 0;
  if (!put) return deleted;
  if (deleted === 0 && old && JSON.stringify(present(old)) === JSON.stringify(present(put))) return 0;
  return deleted + Math.max(writeUnits(present(put)), deleted === 0 ? writeUnits(present(old)) : 0);
}

/** Without projected attributes that the item does not have. */
function present(item: Item | undefined): Item | undefined {
  return item && Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}

function indexHash(index: IndexDescription, item: Item | undefined): string | null {
  if (!item || !index.KeySchema.every(({ AttributeName }) => item[AttributeName] !== undefined)) return null;
  return textOf(item[index.KeySchema[0]?.AttributeName ?? '']);
}

/** Where the row of an item or key is; null for an invalid key. */
export function rowKeyOf(item: Item, table: TableDescription): string | null {
  const whole = table.KeySchema.every(({ AttributeName }) => {
    const type = table.AttributeDefinitions.find((definition) => definition.AttributeName === AttributeName);
    return item[AttributeName]?.[type?.AttributeType ?? ''] !== undefined;
  });
  return whole ? itemMaths.createKey(item, table) : null;
}

function textOf(value: Item[string] | undefined): string | null {
  const part: unknown = value === undefined ? undefined : (value.S ?? value.N ?? value.B);
  return typeof part === 'string' ? part : null;
}
