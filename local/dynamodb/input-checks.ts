/**
 * What dynalite checks of an input before its own rules, for inputs in which nothing is wrong: types, and what each parameter demands by itself. dynalite walks
 * through every parameter that an operation could have, which is a fifth of what it costs; it is still asked about any input that is not plainly right, and
 * says what is wrong. Compiled once for each operation from dynalite's own descriptions.
 */
type Json = Record<string, unknown>;
type Check = (value: unknown) => boolean;
const never: Check = () => false;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string';
const areTexts: Check = (value) => Array.isArray(value) && value.every(isText);

/** The input as dynalite makes it of a body: parameters in its own order. Null: not plainly right. The body is consumed. */
export type TypeCheck = (body: Json) => Json | null;

/** A value of an attribute, of the types that need no look at their characters. */
function isAttributeValue(value: unknown): boolean {
  if (!isObject(value)) return false;
  let types = 0;
  for (const type in value) {
    const given = value[type];
    types += 1;
    switch (type) {
      case 'S':
      case 'N':
        if (typeof given !== 'string') return false;
        break;
      case 'BOOL':
      case 'NULL':
        if (typeof given !== 'boolean') return false;
        break;
      case 'SS':
      case 'NS':
        if (!areTexts(given)) return false;
        break;
      default:
        return false;
    }
  }
  return types === 1;
}

function isMapOf(value: unknown, check: Check): boolean {
  if (!isObject(value)) return false;
  for (const name in value) if (!check(value[name])) return false;
  return true;
}

/** Of one parameter, by its description. */
function typeCheckOf(description: unknown): Check {
  const { type, children } = isObject(description) ? description : { type: description, children: undefined };
  switch (type) {
    case 'String':
      return isText;
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Integer':
    case 'Long':
      return Number.isInteger;
    case 'Map<AttributeValue>':
      return children === 'AttrStruct<ValueStruct>' ? (value) => isMapOf(value, isAttributeValue) : never;
    case 'Map<java.lang.String>':
      return children === 'String' ? (value) => isMapOf(value, isText) : never;
    case 'List':
      return children === 'String' ? areTexts : never;
    default:
      return never;
  }
}

export function typeCheck(types: Json): TypeCheck {
  const checks = Object.entries(types).map(([name, description]) => ({ name, check: typeCheckOf(description) }));
  return (body) => {
    let left = 0;
    for (const _ in body) left += 1;
    const input: Json = {};
    for (const { name, check } of checks) {
      const value = body[name];
      if (value === undefined) continue;
      if (!check(value)) return null;
      input[name] = value;
      left -= 1;
    }
    // Something that the operation does not know.
    return left === 0 ? input : null;
  };
}

const lengthOf = (value: unknown): number => {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : Number.NaN;
};

/** Of a parameter that is there. */
function demandCheck(demand: string, limit: unknown): Check {
  switch (demand) {
    case 'type':
    case 'required':
    case 'notNull':
      return () => true;
    case 'tableName':
      return (value) => lengthOf(value) >= 3 && lengthOf(value) <= 255;
    case 'lengthGreaterThanOrEqual':
      return (value) => lengthOf(value) >= Number(limit);
    case 'lengthLessThanOrEqual':
      return (value) => lengthOf(value) <= Number(limit);
    case 'greaterThanOrEqual':
      return (value) => Number(value) >= Number(limit);
    case 'lessThanOrEqual':
      return (value) => Number(value) <= Number(limit);
    case 'regex': {
      const pattern = new RegExp(`^${limit}$`);
      return (value) => typeof value === 'string' && pattern.test(value);
    }
    case 'enum':
      return (value) => Array.isArray(limit) && limit.includes(value);
    case 'children':
      // Parts that are described by a name only have no demands of their own.
      return typeof limit === 'string' ? () => true : never;
    default:
      return never;
  }
}

/** Whether each parameter of an input by itself is as its description demands. False: it may still be. */
export function demandsCheck(types: Json): (input: Json) => boolean {
  const all = Object.entries(types).map(([name, description]) => {
    const demands = isObject(description) ? Object.entries(description) : [];
    const mustBeThere = demands.some(([demand]) => demand === 'required' || demand === 'notNull');
    const checks = demands
      .filter(([demand]) => demand !== 'type' && demand !== 'required' && demand !== 'notNull')
      .map(([demand, limit]) => demandCheck(demand, limit));
    return { name, mustBeThere, checks };
  });
  const demanding = all.filter(({ mustBeThere, checks }) => mustBeThere || checks.length > 0);
  return (input) => {
    for (const { name, mustBeThere, checks } of demanding) {
      const value = input[name];
      if (value === undefined || value === null) {
        if (mustBeThere) return false;
        continue;
      }
      for (const check of checks) if (!check(value)) return false;
    }
    return true;
  };
}
