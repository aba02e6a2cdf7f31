/**
 * Event patterns, of EventBridge's rules, of Lambda's event sources and of SNS's subscriptions: an event matches if it has each field of the pattern with one
 * of the values listed. Sources: EventBridge user guide, "Comparison operators for use in event patterns"; Lambda developer guide, "Control which events Lambda
 * sends to your function", read November 2026. Pure.
 */
import { BlockList, isIP } from 'node:net';
import { isObject, isRecord, type Json } from '../../template/template-error.ts';

/** @param filters of which one has to match; none: everything passes. */
export function passes(filters: readonly Json[], record: unknown): boolean {
  return filters.length === 0 || filters.some((filter) => matchesPattern(filter, record));
}

export function matchesPattern(pattern: Json | undefined, value: unknown): boolean {
  if (Array.isArray(pattern)) {
    const values = Array.isArray(value) && value.length > 0 ? value.flat(Number.POSITIVE_INFINITY) : [value];
    return pattern.some((rule) => values.some((one) => allows(rule, one)));
  }
  if (!isObject(pattern)) return false;
  // Of a list of objects one has to match as a whole.
  if (Array.isArray(value)) return value.some((one) => matchesPattern(pattern, one));
  return Object.entries(pattern).every(([name, inner]) =>
    name === '$or'
      ? Array.isArray(inner) && inner.some((one) => matchesPattern(one, value))
      : matchesPattern(inner, isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
  );
}

/** Why AWS does not take a pattern; null: it does. */
export function patternProblem(pattern: Json | undefined, place = ''): string | null {
  if (!isObject(pattern)) return `${place || 'the pattern'} has to be an object or a list`;
  for (const [name, inner] of Object.entries(pattern)) {
    const at = place === '' ? name : `${place}.${name}`;
    const problem =
      name === '$or'
        ? orProblem(inner, at)
        : Array.isArray(inner)
          ? rulesProblem(inner, at)
          : patternProblem(inner, at);
    if (problem !== null) return problem;
  }
  return null;
}

const orProblem = (inner: Json, at: string): string | null =>
  Array.isArray(inner) && inner.length > 1
    ? firstOf(inner.map((one) => patternProblem(one, at)))
    : `${at} has to be a list of two patterns or more`;

const rulesProblem = (rules: readonly Json[], at: string): string | null =>
  rules.length === 0 ? `${at} is an empty list` : firstOf(rules.map((rule) => ruleProblem(rule, at)));

function ruleProblem(rule: Json, at: string): string | null {
  if (Array.isArray(rule)) return `${at} has a list in its list`;
  if (!isObject(rule)) return null;
  const [comparison = '', ...others] = Object.keys(rule);
  if (others.length > 0) return `${at} has several comparisons in one object: ${[comparison, ...others].join(', ')}`;
  return Object.hasOwn(comparisons, comparison)
    ? null
    : `${at} has the unknown comparison ${comparison || '{}'}: ${Object.keys(comparisons).join(', ')} are known`;
}

const firstOf = (problems: readonly (string | null)[]): string | null =>
  problems.find((problem) => problem !== null) ?? null;

/** One rule of a field's list: a value, or an object with one comparison. */
function allows(rule: Json, value: unknown): boolean {
  if (!isObject(rule)) return rule === value;
  const [[comparison, operand] = ['', null]] = Object.entries(rule);
  return Object.hasOwn(comparisons, comparison) && comparisons[comparison]?.(operand, value) === true;
}

type Comparison = (operand: Json, value: unknown) => boolean;

/** Of a text with one, or with one of several. */
const ofText =
  (holds: (text: string, wanted: string) => boolean): Comparison =>
  (operand, value) => {
    if (typeof value !== 'string') return false;
    const folds = isObject(operand) && operand['equals-ignore-case'] !== undefined;
    const text = folds ? value.toLowerCase() : value;
    return listOf(folds ? operand['equals-ignore-case'] : operand).some((one) =>
      holds(text, folds ? String(one).toLowerCase() : String(one)),
    );
  };

const comparisons: Readonly<Record<string, Comparison>> = {
  // Of a leaf only: an object is no value of its own.
  exists: (operand, value) => (value !== undefined && !isRecord(value) && !Array.isArray(value)) === operand,
  prefix: ofText((text, wanted) => text.startsWith(wanted)),
  suffix: ofText((text, wanted) => text.endsWith(wanted)),
  'equals-ignore-case': ofText((text, wanted) => text.toLowerCase() === wanted.toLowerCase()),
  wildcard: ofText((text, wanted) => wildcardOf(wanted).test(text)),
  'anything-but': (operand, value) =>
    value !== undefined && !isRecord(value) && !listOf(operand).some((one) => allows(one, value)),
  numeric: (operand, value) => Array.isArray(operand) && typeof value === 'number' && withinNumbers(operand, value),
  cidr: (operand, value) => typeof value === 'string' && withinNetwork(String(operand), value),
};

const listOf = (operand: Json | undefined): readonly Json[] =>
  operand === undefined ? [] : Array.isArray(operand) ? operand : [operand];

/** `*` is any text; `\*` and `\\` are the characters themselves. */
function wildcardOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\[\\*]|\*|[.+?^${}()|[\]\\]/g, (found) =>
    found === '*' ? '.*' : found.length === 2 ? found : `\\${found}`,
  );
  return new RegExp(`^${source}$`, 's');
}

/** `[">", 0, "<=", 5]` */
function withinNumbers(operand: readonly Json[], value: number): boolean {
  for (let index = 0; index < operand.length; index += 2) {
    const limit = Number(operand[index + 1]);
    const holds = {
      '=': value === limit,
      '<': value < limit,
      '<=': value <= limit,
      '>': value > limit,
      '>=': value >= limit,
    }[String(operand[index])];
    if (holds !== true) return false;
  }
  return true;
}

/** `10.0.0.0/24`, or the same of IPv6. */
function withinNetwork(network: string, address: string): boolean {
  const [net = '', bits] = network.split('/');
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(net) === 0 || isIP(net) !== isIP(address)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  return list.check(address, family);
}
