/**
 * The JSONPath of mapping templates, as far as templates use it: `$.a.b[0]['c']`, `[*]` and `..name`.
 * Source: API Gateway developer guide, "Mapping template variables": `$input.path(x)`, `$input.json(x)`.
 */

const step = /^(?:\.\.([\w$-]+)|\.([\w$-]+)|\.?\[(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*))\]|\.(\*))/;

/** Undefined if nothing is there. A wildcard or a descent yields a list. @throws for an expression that is not understood. */
export function atPath(value: unknown, path: string): unknown {
  let rest = path.trim().replace(/^\$/, '');
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`;
  let values = [value];
  let many = false;
  while (rest !== '') {
    const match = step.exec(rest);
    if (!match) throw new Error(`The JSONPath ${path} is not understood at "${rest}".`);
    const [whole, descent, dotted, single, double, index, star, dottedStar] = match;
    const name = dotted ?? single ?? double;
    if (descent !== undefined) values = values.flatMap((each) => everywhere(each, descent));
    else if (star !== undefined || dottedStar !== undefined) values = values.flatMap(membersOf);
    else values = values.map((each) => member(each, name ?? Number(index))).filter((each) => each !== undefined);
    many ||= descent !== undefined || star !== undefined || dottedStar !== undefined;
    rest = rest.slice(whole.length);
  }
  return many ? values : values[0];
}

function member(value: unknown, key: string | number): unknown {
  if (typeof key === 'number') return Array.isArray(value) ? value.at(key) : undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

const membersOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

function everywhere(value: unknown, name: string): unknown[] {
  const here = member(value, name);
  return [...(here === undefined ? [] : [here]), ...membersOf(value).flatMap((each) => everywhere(each, name))];
}
