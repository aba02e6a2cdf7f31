import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Json } from './dynalite-store.ts';
import { demandsCheck, typeCheck } from './input-checks.ts';

const require = createRequire(import.meta.url);
// The casts: dynalite is untyped JavaScript.
const validations = require('dynalite/validations/index.js') as {
  checkTypes: (body: Json, types: Json) => Json;
  checkValidations: (input: Json, types: Json) => void;
};
const typesOf = (operation: string) => (require(`dynalite/validations/${operation}.js`) as { types: Json }).types;

const key = { pk: { S: 'a' }, sk: { N: '1' } };
const right: [operation: string, body: Json][] = [
  ['getItem', { TableName: 'tab', Key: key, ConsistentRead: true, AttributesToGet: ['a'] }],
  ['putItem', { TableName: 'tab', Item: { ...key, s: { SS: ['a'] }, b: { BOOL: true }, n: { NULL: true } } }],
  [
    'updateItem',
    {
      ReturnValues: 'ALL_NEW',
      UpdateExpression: 'SET #a = :a',
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':a': { S: 'x' } },
      ReturnConsumedCapacity: 'TOTAL',
      Key: key,
      TableName: 'tab',
    },
  ],
  ['query', { TableName: 'tab', KeyConditionExpression: 'pk = :pk', Limit: 3, ScanIndexForward: false }],
  ['deleteItem', { TableName: 'tab', Key: key, ConditionExpression: 'attribute_exists(pk)' }],
];

describe.each(right)('a right input of %s', (operation, body) => {
  const types = typesOf(operation);
  it('is made of the body as dynalite makes it, and meets every demand', () => {
    const input = typeCheck(types)(structuredClone(body));
    expect(JSON.stringify(input)).toBe(JSON.stringify(validations.checkTypes(structuredClone(body), types)));
    expect(demandsCheck(types)(input ?? {})).toBe(true);
    expect(() => validations.checkValidations(input ?? {}, types)).not.toThrow();
  });
});

const wrongValues: unknown[] = [null, 1, 1.5, true, 'x', '', [], ['a', 1], {}, { a: {} }, { a: 'x' }, { a: { S: 1 } }];
const moreWrong: unknown[] = [
  { a: { S: 'x', N: '1' } },
  { a: { SS: 'x' } },
  { a: { B: 'x' } },
  { a: { X: 'x' } },
  'a'.repeat(300),
];

it('leaves whatever dynalite refuses or changes to it: each parameter of each operation in turn with each wrong value', () => {
  let refused = 0;
  for (const [operation, body] of right) {
    const types = typesOf(operation);
    const typed = typeCheck(types);
    const meetsDemands = demandsCheck(types);
    for (const name of [...Object.keys(types), 'Unknown']) {
      for (const value of [undefined, ...wrongValues, ...moreWrong]) {
        const given: Json = { ...structuredClone(body), [name]: value };
        if (value === undefined) delete given[name];
        const theirs = outcome(() => {
          const input = validations.checkTypes(structuredClone(given), types);
          validations.checkValidations(input, types);
          return input;
        });
        const ours = typed(structuredClone(given));
        const isPlainlyRight = ours !== null && meetsDemands(ours);
        if (theirs === 'refused') refused += 1;
        if (isPlainlyRight) expect(JSON.stringify(ours), `${operation} ${name} ${JSON.stringify(value)}`).toBe(theirs);
      }
    }
  }
  expect(refused).toBeGreaterThan(300);
});

function outcome(check: () => Json): string {
  try {
    return JSON.stringify(check());
  } catch {
    return 'refused';
  }
}
