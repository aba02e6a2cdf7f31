/** The JSON Schema (draft 7) of a TypeScript type, by the compiler's own resolution: inferred, picked and mapped types are as plain as written ones. */
import ts from 'typescript';

export type JsonSchema = {
  [key: string]:
    | JsonSchema
    | JsonSchema[]
    | string
    | string[]
    | number
    | boolean
    | null
    | (string | number | boolean | null)[];
};

/** A schema for each type that a module exports, by its name. @throws when the module does not compile, or holds a type that JSON cannot have. */
export function schemasOfModule(file: string, options: ts.CompilerOptions): Map<string, JsonSchema> {
  const program = ts.createProgram([file], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not a module.`);
  return new Map(
    checker.getExportsOfModule(module).map((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const made = new SchemaMaker(checker).root(checker.getDeclaredTypeOfSymbol(symbol), docOf(symbol, checker));
      return [exported.name, made];
    }),
  );
}

/** JSON has no infinity: such a number is null. Demand over a quota of 0, attempts without an end, a target that makes any number of environments. */
const unbounded: ReadonlySet<string> = new Set([
  'utilisation',
  'utilisationAtEnd',
  'headroom',
  'weight',
  'maxAttempts',
  'maxEnvironments',
]);

const withNull = (schema: JsonSchema): JsonSchema => (schema.type === 'number' ? { type: ['number', 'null'] } : schema);

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const docOf = (symbol: ts.Symbol | undefined, checker: ts.TypeChecker): string =>
  symbol ? ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() : '';

class SchemaMaker {
  readonly #checker: ts.TypeChecker;
  readonly #names = new Map<ts.Type, string>();
  readonly #definitions: JsonSchema = {};
  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  root(type: ts.Type, description: string): JsonSchema {
    const schema = this.#objectOf(type);
    const definitions = Object.fromEntries(Object.entries(this.#definitions).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return { ...(description !== '' && { description }), ...schema, definitions };
  }

  #of(type: ts.Type): JsonSchema {
    const { flags } = type;
    if (flags & ts.TypeFlags.Any || flags & ts.TypeFlags.Unknown) return {};
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.#checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (type.isUnion()) return this.#unionOf(type.types);
    if (this.#checker.isTupleType(type)) return this.#tupleOf(type as ts.TypeReference);
    if (this.#checker.isArrayType(type))
      return { type: 'array', items: this.#of(this.#checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type) };
    if (flags & ts.TypeFlags.Object || type.isIntersection()) return this.#referenceTo(type);
    throw new Error(`JSON has no ${this.#checker.typeToString(type)}.`);
  }

  #unionOf(types: readonly ts.Type[]): JsonSchema {
    const schemas = types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined)).map((each) => this.#of(each));
    // The compiler's order changes with code that has nothing to do with the type.
    const literals = schemas
      .flatMap((each) => ('const' in each ? [each.const as string | number | boolean] : []))
      .toSorted(byText);
    const others = schemas.filter((each) => !('const' in each)).toSorted(byText);
    const booleans = literals.length === 2 && literals.every((each) => typeof each === 'boolean');
    const all: JsonSchema[] = [
      ...(booleans
        ? [{ type: 'boolean' }]
        : literals.length === 1
          ? [{ const: literals[0] as string }]
          : literals.length > 1
            ? [{ enum: literals }]
            : []),
      ...others,
    ];
    const [only] = all;
    return all.length === 1 && only ? only : { anyOf: all };
  }

  /** Of `[X, ...Y[]]` and `[...X[], Y]` as well. */
  #tupleOf(type: ts.TypeReference): JsonSchema {
    const { elementFlags } = type.target as ts.TupleType;
    const all = this.#checker
      .getTypeArguments(type)
      .map((each, i) => ({ schema: this.#of(each), flags: elementFlags[i] ?? 0 }));
    const isRest = ({ flags }: { flags: ts.ElementFlags }) => Boolean(flags & ts.ElementFlags.Rest);
    const items = all.filter((each) => !isRest(each)).map(({ schema }) => schema);
    const rest = all.findIndex(isRest);
    const about = { type: 'array', minItems: items.length };
    if (rest < 0) return { ...about, items, maxItems: items.length };
    // Draft 7 has no word for what comes after any number of others.
    if (rest < all.length - 1) return { ...about, items: { anyOf: all.map(({ schema }) => schema) } };
    return { ...about, items, additionalItems: all[rest]?.schema ?? {} };
  }

  /** Named types once each; the others where they stand. */
  #referenceTo(type: ts.Type): JsonSchema {
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const name = symbol?.name ?? '__type';
    if (
      type.aliasTypeArguments?.length ||
      /^__|^[^A-Z]/.test(name) ||
      ['Record', 'Pick', 'Omit', 'Partial'].includes(name)
    )
      return this.#objectOf(type);
    const known = this.#names.get(type);
    if (known !== undefined) return { $ref: `#/definitions/${known}` };
    let unique = name;
    for (let n = 2; unique in this.#definitions; n++) unique = `${name}${n}`;
    this.#names.set(type, unique);
    // Claimed before it is made.
    this.#definitions[unique] = {};
    const description = docOf(symbol, this.#checker);
    this.#definitions[unique] = { ...(description !== '' && { description }), ...this.#objectOf(type) };
    return { $ref: `#/definitions/${unique}` };
  }

  #objectOf(type: ts.Type): JsonSchema {
    if (type.isUnion()) return this.#unionOf(type.types);
    const properties: JsonSchema = {};
    const required: string[] = [];
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const of = this.#checker.getTypeOfSymbol(property);
      const description = docOf(property, this.#checker);
      const schema = unbounded.has(property.name) ? withNull(this.#of(of)) : this.#of(of);
      properties[property.name] =
        '$ref' in schema && description !== ''
          ? { description, allOf: [schema] }
          : { ...(description !== '' && { description }), ...schema };
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(index && { additionalProperties: this.#of(index) }),
    };
  }
}
