import { expect, test } from 'vitest';
import { passes } from './event-filter.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { kind: { S: 'order#1' }, n: { N: '5' } } },
  body: { count: 5, tags: ['a', 'b'] },
};

test.each([
  [[], true],
  [[{ eventName: ['INSERT', 'MODIFY'] }], true],
  [[{ eventName: ['REMOVE'] }], false],
  [[{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }], true],
  [[{ dynamodb: { NewImage: { kind: { S: [{ prefix: 'order#' }] } } } }], true],
  [[{ dynamodb: { NewImage: { kind: { S: [{ suffix: '#2' }] } } } }], false],
  [[{ dynamodb: { OldImage: [{ exists: false }] } }], true],
  [[{ dynamodb: { NewImage: { gone: [{ exists: true }] } } }], false],
  [[{ body: { count: [{ numeric: ['>', 0, '<=', 5] }] } }], true],
  [[{ body: { count: [{ numeric: ['>', 5] }] } }], false],
  [[{ body: { count: ['5'] } }], false],
  [[{ body: { tags: ['b'] } }], true],
  [[{ eventName: [{ 'anything-but': ['REMOVE'] }] }], true],
  [[{ eventName: [{ 'equals-ignore-case': 'insert' }] }], true],
  [[{ $or: [{ eventName: ['X'] }, { body: { count: [5] } }] }], true],
])('%j lets the record pass: %s', (filters, passed) => {
  expect(passes(filters, record)).toBe(passed);
});
