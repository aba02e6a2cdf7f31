import { describe, expect, test } from 'vitest';
import { accessOf, indexWriteUnits, writeAccess, writeUnits } from './accesses.ts';
import { type Item, Store, type TableDescription } from './dynalite-store.ts';

const byOwner = {
  IndexName: 'byOwner',
  KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
};
const table: TableDescription = {
  TableName: 'rows',
  TableArn: 'arn',
  TableStatus: 'ACTIVE',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'owner', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [byOwner],
};
const item = (more: Item = {}): Item => ({ pk: { S: 'a' }, ...more });
const owned = (owner: string, more: Item = {}) => item({ owner: { S: owner }, ...more });
function storeWith(...items: Item[]): Store {
  const store = new Store({ region: 'us-east-1', accountId: '0' });
  store.tableDb.put('rows', table, () => undefined);
  for (const one of items) {
    const { rowKey } = writeAccess(table, { item: one }, store);
    store.getItemDb('rows').put(rowKey ?? '', one, () => undefined);
  }
  return store;
}

describe('the accesses of a request', () => {
  test('a put: the larger of both items in the table, and the index that has it', () => {
    // 2 + 1 bytes of key, 4 + 3,000 of text: 3 units; the new one has 1.
    const store = storeWith(item({ text: { S: 'x'.repeat(3_000) } }));
    const access = accessOf('PutItem', { TableName: 'rows', Item: owned('ann') }, store);
    expect(access?.accesses).toEqual([
      { resource: { tableName: 'rows', indexName: null }, direction: 'write', partitionKey: 'a', units: 3 },
      { resource: { tableName: 'rows', indexName: 'byOwner' }, direction: 'write', partitionKey: 'ann', units: 1 },
    ]);
  });

  test('a put without the key of the index does not touch the index', () => {
    const access = accessOf('PutItem', { TableName: 'rows', Item: item() }, storeWith());
    expect(access?.accesses.map(({ resource }) => resource.indexName)).toEqual([null]);
  });

  test('a delete of an indexed row touches the index', () => {
    const access = accessOf('DeleteItem', { TableName: 'rows', Key: item() }, storeWith(owned('ann')));
    expect(access?.accesses.map(({ resource }) => resource.indexName)).toEqual([null, 'byOwner']);
  });

  test('a query of an index reads the index, in the partition of its key', () => {
    const KeyConditions = { owner: { AttributeValueList: [{ S: 'ann' }] } };
    const access = accessOf('Query', { TableName: 'rows', IndexName: 'byOwner', KeyConditions }, storeWith());
    expect(access?.accesses).toEqual([
      { resource: { tableName: 'rows', indexName: 'byOwner' }, direction: 'read', partitionKey: 'ann', units: 0.5 },
    ]);
  });

  test('a key of the wrong type matches no row; the action reports it later', () => {
    expect(accessOf('DeleteItem', { TableName: 'rows', Key: { pk: { N: '1' } } }, storeWith())?.rowKey).toBeNull();
  });

  test('a table that does not exist', () => {
    expect(accessOf('GetItem', { TableName: 'none', Key: item() }, storeWith())).toBeNull();
  });
});

describe('write units of an index', () => {
  const large = { name: { S: 'n'.repeat(1_500) } };
  test.each([
    ['a new row', undefined, owned('ann'), 1],
    ['a row that enters the index', item(), owned('ann'), 1],
    ['a row that leaves it', owned('ann'), item(), 1],
    ['another key: one delete and one put', owned('ann'), owned('bob'), 2],
    ['no projected attribute changed', owned('ann'), owned('ann', { other: { S: 'x' } }), 0],
    ['a projected attribute changed', owned('ann'), owned('ann', { name: { S: 'x' } }), 1],
    ['the larger of both', owned('ann', large), owned('ann'), 2],
    ['a row that is not in it', item(), item({ other: { S: 'x' } }), 0],
  ])('%s', (_what, before, after, units) => {
    expect(indexWriteUnits(byOwner, table, before, after)).toBe(units);
  });
});

test.each([
  [1_024 - 3, 1],
  [1_024 - 2, 2],
])('an item with %d more bytes than its key costs %d write units', (bytes, units) => {
  // `pk` and `a` are three bytes; the attribute's name is one.
  expect(writeUnits(item({ t: { S: 'x'.repeat(bytes - 1) } }))).toBe(units);
});
