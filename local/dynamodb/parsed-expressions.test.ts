import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type ExpressionParser, parseOnce } from './parsed-expressions.ts';

const require = createRequire(import.meta.url);
const isReserved = () => false;
const compare = () => false;
const parserOf = (name: string) => {
  const parser = require(`dynalite/db/${name}Parser.js`) as ExpressionParser;
  return { plain: { parse: parser.parse }, once: counted({ parse: parser.parse }) };
};

function counted(parser: ExpressionParser) {
  let calls = 0;
  const { parse } = parser;
  const once: ExpressionParser = {
    parse: (...parameters) => {
      calls++;
      return parse(...parameters);
    },
  };
  parseOnce(once);
  return { parse: once.parse, calls: () => calls };
}

interface Given {
  attrNames?: Record<string, string>;
  attrVals?: Record<string, object>;
}
const marked = (given: object | undefined) =>
  Object.fromEntries(Object.keys(given ?? {}).map((name) => [name, true as const]));

/** What a parser makes of it: the result or the error, and what is left unused. */
function parsedBy(parser: Pick<ExpressionParser, 'parse'>, expression: string, given: Given) {
  const context = {
    ...given,
    unusedAttrNames: marked(given.attrNames),
    unusedAttrVals: marked(given.attrVals),
    isReserved,
    compare,
  };
  try {
    return { result: parser.parse(expression, { context }), context };
  } catch (error) {
    return { error: String(error), context };
  }
}

const values = (n: number) => ({ ':a': { S: `a${n}` }, ':b': { N: String(n) }, ':c': { SS: [`c${n}`] } });
const cases: [parser: string, expression: string, given: (n: number) => Given][] = [
  [
    'condition',
    'attribute_not_exists(pk) OR (phase = :a AND #n <= :b)',
    (n) => ({ attrNames: { '#n': 'name' }, attrVals: values(n) }),
  ],
  ['condition', 'begins_with(sk, :a) AND NOT contains(tags, :a)', (n) => ({ attrVals: values(n) })],
  ['condition', 'size(x) < :b AND y IN (:a, :b)', (n) => ({ attrVals: values(n) })],
  ['condition', 'x = :missing', (n) => ({ attrVals: values(n) })],
  ['condition', 'x = = :a', (n) => ({ attrVals: values(n) })],
  ['condition', 'begins_with(sk, :b)', (n) => ({ attrVals: values(n) })],
  [
    'update',
    'SET x = :a, #n.y = if_not_exists(z, :b) + :b REMOVE q ADD w :c',
    (n) => ({ attrNames: { '#n': 'name' }, attrVals: values(n) }),
  ],
  ['update', 'SET x = :a, x = :b', (n) => ({ attrVals: values(n) })],
  ['projection', 'a, b.c[1], #n', () => ({ attrNames: { '#n': 'name' } })],
];

describe('an expression parsed once', () => {
  it.each(cases)('%s %s: as if parsed each time', (name, expression, given) => {
    const { plain, once } = parserOf(name);
    for (const n of [1, 2, 3])
      expect(parsedBy(once, expression, given(n))).toEqual(parsedBy(plain, expression, given(n)));
    const { result } = parsedBy(plain, expression, given(1));
    const isValid = typeof result === 'object';
    expect(once.calls() === 1).toBe(isValid);
  });

  it('is parsed again for other types and other names', () => {
    const { plain, once } = parserOf('condition');
    for (const attrVals of [{ ':a': { S: 'x' } }, { ':a': { N: '1' } }, { ':a': { S: 'y' } }]) {
      const given = { attrVals };
      expect(parsedBy(once, 'begins_with(sk, :a)', given)).toEqual(parsedBy(plain, 'begins_with(sk, :a)', given));
    }
    // The invalid one twice.
    expect(once.calls()).toBe(3);
    for (const name of ['one', 'two']) {
      const given = { attrNames: { '#n': name } };
      expect(parsedBy(once, 'attribute_exists(#n)', given)).toEqual(parsedBy(plain, 'attribute_exists(#n)', given));
    }
  });

  it('shares nothing between requests', () => {
    const { once } = parserOf('condition');
    const given = () => ({ attrVals: { ':a': { S: 'x' } } });
    const { expression } = parsedBy(once, 'x = :a', given()).result as {
      expression: { type: string; args: unknown[] };
    };
    expression.type = 'changed';
    expression.args.length = 0;
    expect(parsedBy(once, 'x = :a', given()).result).toMatchObject({
      expression: { type: '=', args: [['x'], { S: 'x' }] },
    });
  });
});
