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

/** Replaces the parser's `parse`. An invalid expression is parsed anew each time. */
export function parseOnce(parser: ExpressionParser): void {
  const parse = parser.parse.bind(parser);
  const kept = new Map<string, Parsed>();
  parser.parse = (expression, options) => {
    const { context } = options;
    if (judgesValues.test(expression)) return parse(expression, options);
    const key = keyOf(expression, context);
    let parsed = kept.get(key);
    if (parsed === undefined) {
      // With all of them unused, so that it is known which are used here.
      const fresh = { unusedAttrNames: allOf(context.attrNames), unusedAttrVals: allOf(context.attrVals) };
      const result = parse(expression, { ...options, context: { ...context, ...fresh } });
      // Invalid: what is left unused must be the caller's.
      if (typeof result === 'string') return parse(expression, options);
      const used = (given: object | null | undefined, unused: object) =>
        Object.keys(given ?? {}).filter((name) => !(name in unused));
      const names = used(context.attrNames, fresh.unusedAttrNames);
      const values = used(context.attrVals, fresh.unusedAttrVals);
      parsed = { tree: withPlaceholders(result, new Map(entriesOf(context.attrVals))), names, values };
      if (kept.size >= keptExpressions) kept.clear();
      kept.set(key, parsed);
    }
    for (const name of parsed.names) delete context.unusedAttrNames[name];
    for (const name of parsed.values) delete context.unusedAttrVals[name];
    return withValues(parsed.tree, context.attrVals ?? {});
  };
}

function keyOf(expression: string, { attrNames, attrVals, isKeyCondition = false }: ParserContext): string {
  let key = `${isKeyCondition}\n${expression}\n`;
  for (const name in attrVals) {
    // DynamoDB's form of a value: an object with its type as the only key.
    for (const type in attrVals[name]) key += `${name} ${type} `;
  }
  return attrNames ? `${key}\n${JSON.stringify(attrNames)}` : key;
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
  if (Array.isArray(node)) return node.map(copyOf);
  const copy = Object.create(Object.getPrototypeOf(node));
  for (const [name, part] of Object.entries(node)) copy[name] = copyOf(part);
  return copy;
}
