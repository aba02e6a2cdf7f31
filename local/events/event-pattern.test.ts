import { expect, test } from 'vitest';
import { passes, patternProblem } from './event-pattern.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { kind: { S: 'order#1' }, n: { N: '5' } } },
  body: { count: 5, tags: ['a', 'b'], none: [], nothing: null, file: 'in/a*b.PNG', ip: '10.0.0.7' },
  items: [
    { sku: 'x', count: 1 },
    { sku: 'y', count: 2 },
  ],
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
  // Of leaves alone.
  [[{ dynamodb: { NewImage: [{ exists: true }] } }], false],
  [[{ body: { none: [{ exists: false }] } }], true],
  [[{ body: { nothing: [null] } }], true],
  [[{ body: { count: [{ numeric: ['>', 0, '<=', 5] }] } }], true],
  [[{ body: { count: [{ numeric: ['>', 5] }] } }], false],
  [[{ body: { count: ['5'] } }], false],
  [[{ body: { tags: ['b'] } }], true],
  [[{ eventName: [{ 'anything-but': ['REMOVE'] }] }], true],
  [[{ eventName: [{ 'anything-but': 'INSERT' }] }], false],
  [[{ eventName: [{ 'anything-but': { prefix: ['IN', 'X'] } }] }], false],
  [[{ eventName: [{ 'anything-but': { wildcard: 'R*' } }] }], true],
  [[{ eventSource: [{ 'anything-but': ['x'] }] }], false],
  [[{ eventName: [{ 'equals-ignore-case': 'insert' }] }], true],
  [[{ body: { file: [{ suffix: { 'equals-ignore-case': '.png' } }] } }], true],
  [[{ body: { file: [{ suffix: '.png' }] } }], false],
  [[{ body: { file: [{ wildcard: 'in/*.PNG' }] } }], true],
  [[{ body: { file: [{ wildcard: 'in/a\\*b*' }] } }], true],
  [[{ body: { file: [{ wildcard: 'in/a\\*c*' }] } }], false],
  [[{ body: { ip: [{ cidr: '10.0.0.0/29' }] } }], true],
  [[{ body: { ip: [{ cidr: '10.0.0.8/29' }] } }], false],
  [[{ $or: [{ eventName: ['X'] }, { body: { count: [5] } }] }], true],
  [[{ items: { sku: ['y'], count: [2] } }], true],
  // One element has to have both.
  [[{ items: { sku: ['x'], count: [2] } }], false],
])('%j lets the record pass: %s', (filters, passed) => {
  expect(passes(filters, record)).toBe(passed);
});

test.each([
  [{ source: 'orders' }, 'source has to be an object or a list'],
  [{ detail: { state: [] } }, 'detail.state is an empty list'],
  [{ detail: { state: [{ starts: 'a' }] } }, 'detail.state has the unknown comparison starts'],
  [{ detail: { state: [{ prefix: 'a', suffix: 'b' }] } }, 'detail.state has several comparisons'],
  [{ $or: [{ source: ['a'] }] }, '$or has to be a list of two patterns'],
  [{ source: ['a'], $or: [{ detail: { n: [1] } }, { detail: { n: [{ numeric: ['>', 5] }] } }] }, null],
])('AWS takes %j, or says: %s', (pattern, problem) => {
  const found = patternProblem(pattern);
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});
