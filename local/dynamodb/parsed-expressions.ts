/**
 * Expressions are parsed once for each text and types of values. dynalite parses those of every request anew, which is a third of what an
 * operation with a condition costs, while a program has a few dozen expressions and only their values change.
 */

type Values = Readonly<Record<string, object>>;

interface ParserContext {
  attrNames?: Readonly<Record<string, string>> | null;
  attrVals?: Values | null;
  unusedAttrNames: Record<string, true>;
  unusedAttrVals: Record<string, true>;
  isKeyCondition?: boolean;
}

/** One of dynalite's parsers. It throws or returns a sentence for an invalid expression, and takes those names and values off the unused ones that it finds. */
export interface ExpressionParser {
  parse: (expression: string, options: { context: ParserContext }) => unknown;
}

interface Parsed {
  /** Of the values: what else an expression may be parsed differently for. */
  types: readonly (readonly [name: string, type: string])[];
  attrNames: string;
  /** The result, with a {@link Placeholder} for each value. */
  tree: unknown;
  names: readonly string[];
  values: readonly string[];
}

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Their validity depends on the values themselves, not only on the types. */
const judgesValues = /between|attribute_type/i;
const keptExpressions = 1_000;
/** Of one text: with values of other types, or other names. */
const keptForms = 16;

/** Replaces the parser's `parse`. An invalid expression is parsed anew each time. */
export function parseOnce(parser: ExpressionParser): void {
  const parse = parser.parse.bind(parser);
  /** By their text; null: always parsed anew. */
  const kept = new Map<string, Parsed[] | null>();
  parser.parse = (expression, options) => {
    const { context } = options;
    const key = context.isKeyCondition ? `KEY ${expression}` : expression;
    let forms = kept.get(key);
    if (forms === undefined) {
      if (kept.size >= keptExpressions) kept.clear();
      forms = judgesValues.test(expression) ? null : [];
      kept.set(key, forms);
    }
    if (forms === null) return parse(expression, options);
    const attrNames = namesOf(context.attrNames);
    let parsed = forms.find((form) => form.attrNames === attrNames && hasTypes(context.attrVals ?? {}, form));
    if (parsed === undefined) {
      // With all of them unused, so that it is known which are used here.
      const fresh = { unusedAttrNames: allOf(context.attrNames), unusedAttrVals: allOf(context.attrVals) };
      const result = parse(expression, { ...options, context: { ...context, ...fresh } });
      // Invalid: what is left unused must be the caller's.
      if (typeof result === 'string') return parse(expression, options);
      const used = (given: object | null | undefined, unused: object) =>
        Object.keys(given ?? {}).filter((name) => !(name in unused));
      parsed = {
        types: typesOf(context.attrVals),
        attrNames,
        names: used(context.attrNames, fresh.unusedAttrNames),
        values: used(context.attrVals, fresh.unusedAttrVals),
        tree: withPlaceholders(result, new Map(entriesOf(context.attrVals))),
      };
      if (forms.length >= keptForms) forms.length = 0;
      forms.push(parsed);
    }
    for (const name of parsed.names) delete context.unusedAttrNames[name];
    for (const name of parsed.values) delete context.unusedAttrVals[name];
    return withValues(parsed.tree, context.attrVals ?? {});
  };
}

/** DynamoDB's form of a value: an object with its type as the only key. */
const typesOf = (values: Values | null | undefined): [name: string, type: string][] =>
  Object.entries(values ?? {}).flatMap(([name, value]) =>
    Object.keys(value).map((type): [string, string] => [name, type]),
  );

const namesOf = (names: ParserContext['attrNames']): string => (names ? JSON.stringify(names) : '');

function hasTypes(values: Values, { types }: Parsed): boolean {
  for (const [name, type] of types) {
    const value = values[name];
    if (value === undefined || !(type in value)) return false;
  }
  let count = 0;
  for (const name in values) for (const _ in values[name]) count += 1;
  return count === types.length;
}

const entriesOf = (values: Values | null | undefined): [object, string][] =>
  Object.entries(values ?? {}).map(([name, value]) => [value, name]);

const allOf = (given: object | null | undefined): Record<string, true> =>
  Object.fromEntries(Object.keys(given ?? {}).map((name) => [name, true]));

function withPlaceholders(node: unknown, names: ReadonlyMap<unknown, string>): unknown {
  const name = names.get(node);
  return name === undefined ? copied(node, (part) => withPlaceholders(part, names)) : new Placeholder(name);
}

/** A copy of its own for each request: dynalite changes some of it. */
function withValues(node: unknown, values: Values): unknown {
  return node instanceof Placeholder ? values[node.name] : copied(node, (part) => withValues(part, values));
}

function copied(node: unknown, copyOf: (part: unknown) => unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) {
    const copy = node.slice();
    for (let index = 0; index < copy.length; index++) {
      if (typeof copy[index] === 'object') copy[index] = copyOf(copy[index]);
    }
    return copy;
  }
  const copy = Object.create(Object.getPrototypeOf(node));
  for (const name of Object.keys(node)) {
    const part: unknown = Reflect.get(node, name);
    copy[name] = typeof part === 'object' ? copyOf(part) : part;
  }
  return copy;
}
