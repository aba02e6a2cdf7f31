/** Evaluates mapping templates: the Velocity Template Language, with API Gateway's variables. What is not there is empty, not its own name. */
import { Compile, parse } from 'velocityjs';
import { type MappingSource, templateVariables } from './template-variables.ts';

/** What a template may set of the request that it makes, or of the answer. */
interface Overrides {
  status: number | null;
  headers: Record<string, string>;
  query: Record<string, string>;
}

export interface Rendered {
  text: string;
  overrides: Overrides;
}

type Methods = NonNullable<NonNullable<ConstructorParameters<typeof Compile>[1]>['customMethodHandlers']>;

/** Methods of Java's texts, maps and lists that JavaScript's do not have, or have otherwise. */
const javaMethods: Readonly<Record<string, (value: unknown, parameters: readonly unknown[]) => unknown>> = {
  equals: (value, [other]) => value === other,
  equalsIgnoreCase: (value, [other]) => String(value).toLowerCase() === String(other).toLowerCase(),
  isEmpty: (value) => sizeOf(value) === 0,
  length: sizeOf,
  size: sizeOf,
  contains: (value, [other]) => (Array.isArray(value) ? value.includes(other) : String(value).includes(String(other))),
  containsKey: (value, [key]) => typeof value === 'object' && value !== null && Object.hasOwn(value, String(key)),
  matches: (value, [pattern]) => new RegExp(`^(?:${String(pattern)})$`).test(String(value)),
  replaceAll: (value, [pattern, replacement]) =>
    String(value).replaceAll(new RegExp(String(pattern), 'g'), String(replacement)),
  values: (value) => (typeof value === 'object' && value !== null ? Object.values(value) : []),
};

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

const customMethodHandlers: Methods = [
  {
    uid: 'java',
    match: ({ property }) => Object.hasOwn(javaMethods, property),
    resolve: ({ property, context, params }) => javaMethods[property]?.(context, params),
  },
];

/** Templates are few, and used for every request. */
const parsed = new Map<string, ReturnType<typeof parse>>();

/** @throws for a template that does not parse or fails. */
export function renderTemplate(template: string, source: MappingSource): Rendered {
  let tree = parsed.get(template);
  if (tree === undefined) {
    tree = parse(template);
    parsed.set(template, tree);
  }
  const response = { status: noStatus(), header: {} };
  const request = { header: {}, querystring: {}, path: {} };
  const variables = templateVariables({
    ...source,
    context: { ...source.context, requestOverride: request, responseOverride: response },
  });
  const text = new Compile(tree, { escape: false, customMethodHandlers }).render(variables, {}, true);
  return {
    text,
    overrides: {
      status: response.status === null ? null : Number(response.status),
      headers: { ...textsOf(request.header), ...textsOf(response.header) },
      query: textsOf(request.querystring),
    },
  };
}

const textsOf = (values: object): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

const noStatus = (): number | null => null;
