/**
 * Filter patterns of event sources: a record passes if it has each field of the pattern with one of the values listed.
 * Source: Lambda developer guide, "Control which events Lambda sends to your function", read November 2026. Pure.
 */
import { isObject, isRecord, type Json } from '../../template/template-error.ts';

/** @param filters of which one has to match; none: everything passes. */
export function passes(filters: readonly Json[], record: unknown): boolean {
  return filters.length === 0 || filters.some((filter) => matches(filter, record));
}

function matches(pattern: Json | undefined, value: unknown): boolean {
  if (Array.isArray(pattern)) {
    const values = Array.isArray(value) ? value : [value];
    return pattern.some((rule) => values.some((one) => allows(rule, one)));
  }
  if (!isObject(pattern)) return false;
  return Object.entries(pattern).every(([name, inner]) =>
    name === '$or'
      ? Array.isArray(inner) && inner.some((one) => matches(one, value))
      : matches(inner, isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
  );
}

/** One rule of a field's list: a value, or an object with one comparison. */
function allows(rule: Json, value: unknown): boolean {
  if (!isObject(rule)) return rule === '' ? value === '' : rule === value;
  const [[comparison, operand] = ['', null]] = Object.entries(rule);
  const text = typeof value === 'string' ? value : null;
  switch (comparison) {
    case 'exists':
      return (value !== undefined) === operand;
    case 'prefix':
      return text?.startsWith(String(operand)) ?? false;
    case 'suffix':
      return text?.endsWith(String(operand)) ?? false;
    case 'equals-ignore-case':
      return text !== null && text.toLowerCase() === String(operand).toLowerCase();
    case 'anything-but': {
      const excluded = Array.isArray(operand) ? operand : [operand];
      return value !== undefined && !excluded.some((one) => (isObject(one) ? allows(one, value) : one === value));
    }
    case 'numeric':
      return Array.isArray(operand) && typeof value === 'number' && withinNumbers(operand, value);
    default:
      return false;
  }
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
