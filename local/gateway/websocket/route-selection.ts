/**
 * Route selection expressions of a WebSocket API.
 * `$request.body.path`, `${request.body.a}/${request.body.b}`, static text; a missing path is '', an array `[a, b]`.
 * Source: API Gateway developer guide, "Working with routes for WebSocket APIs".
 */

/** Throws if the expression uses anything other than the request's body. */
export function parseRouteSelection(expression: string): RouteSelection {
  const whole = /^\$request\.body\.([\w.-]+)$/.exec(expression);
  if (whole?.[1] !== undefined) return { expression, parts: [{ path: whole[1].split('.') }] };
  const parts: RouteSelectionPart[] = [];
  let rest = expression;
  while (rest !== '') {
    const variable = /^\$\{request\.body\.([\w.-]+)\}/.exec(rest);
    const text = /^(?:\\\$|[^$])+/.exec(rest);
    if (variable?.[1] !== undefined) parts.push({ path: variable[1].split('.') });
    else if (text) parts.push({ text: text[0].replaceAll('\\$', '$') });
    else
      throw new Error(
        `Route selection expression "${expression}" is not supported at "${rest}". Use request.body only.`,
      );
    rest = rest.slice((variable ?? text)?.[0].length ?? rest.length);
  }
  return { expression, parts };
}

type RouteSelectionPart = { path: readonly string[] } | { text: string };
export interface RouteSelection {
  expression: string;
  parts: readonly RouteSelectionPart[];
}

/**
 * The route key that the expression yields for this message; null when the body is not a JSON object or array,
 * which API Gateway sends to `$default`.
 */
export function selectRouteKey(selection: RouteSelection, body: string): string | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  let key = '';
  for (const part of selection.parts) key += 'text' in part ? part.text : stringify(lookUp(json, part.path));
  return key;
}

function lookUp(json: unknown, path: readonly string[]): unknown {
  let value = json;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** Deeper than any route key; anything deeper is omitted, so that hostile nesting cannot overflow the stack. */
const maxDepth = 32;

function stringify(value: unknown, depth = 0): string {
  if (value === undefined || value === null || depth > maxDepth) return '';
  if (Array.isArray(value)) return `[${value.map((item) => stringify(item, depth + 1)).join(', ')}]`;
  return typeof value === 'object' ? objectText(value) : String(value);
}

function objectText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Nested too deep for the stack: not a route key, whatever its text.
    return '';
  }
}
