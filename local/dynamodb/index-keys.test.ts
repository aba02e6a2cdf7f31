import { expect, test } from 'vitest';
import type { Item } from './change-log.ts';
import { emptyIndexKey } from './index-keys.ts';

const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE' = 'HASH') => ({ AttributeName, KeyType });
const table = {
  GlobalSecondaryIndexes: [{ IndexName: 'byUser', KeySchema: [key('user')] }],
  LocalSecondaryIndexes: [{ IndexName: 'byTime', KeySchema: [key('pk'), key('time', 'RANGE')] }],
};
const refusalOf = (after: Item | null) =>
  emptyIndexKey([{ tableName: 'rows', before: null, after } as never], () => table as never);

test.each([
  [{ pk: { S: 'a' }, user: { S: '' } }, 'string value. IndexName: byUser, IndexKey: user'],
  [{ pk: { S: 'a' }, user: { S: 'u' }, time: { B: '' } }, 'binary value. IndexName: byTime, IndexKey: time'],
])('%j has an empty key of an index, and is refused', (item, message) => {
  expect(refusalOf(item)).toMatchObject({ status: 400, body: { message: expect.stringContaining(message) } });
});

test.each([
  ['without the key: it is not in the index', { pk: { S: 'a' } }],
  ['with an empty text elsewhere', { pk: { S: 'a' }, user: { S: 'u' }, note: { S: '' } }],
  ['that is deleted', null],
])('an item %s is accepted', (_what, item) => {
  expect(refusalOf(item)).toBeNull();
});
