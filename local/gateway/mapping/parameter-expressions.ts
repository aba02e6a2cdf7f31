/**
 * The expressions of request and response parameters of REST and WebSocket APIs: `'a constant'`, `method.request.header.X`, `context.requestId` …
 * Source: API Gateway developer guide, "Request and response data mapping reference", read November 2026. Pure.
 */
import { atPath } from './json-path.ts';
import { bodyOf, headerOf, type MappingSource } from './template-variables.ts';

/** Undefined if it takes from what is not there: then the parameter is left out. @throws for a source that is not supported. */
export function parameterValue(expression: string, source: MappingSource): string | undefined {
  const constant = /^'([\s\S]*)'$/.exec(expression);
  if (constant) return constant[1];
  const [, place, name = ''] =
    /^((?:method|route|integration)\.(?:request|response)\.(?:header|querystring|multivaluequerystring|multivalueheader|path|body)|context|stageVariables)(?:\.(.+))?$/.exec(
      expression,
    ) ?? [];
  if (place === undefined)
    throw new Error(`The parameter expression ${expression} is not supported by the local target.`);
  if (place === 'context') return textOf(atPath(source.context, `$.${name}`));
  if (place === 'stageVariables') return source.stageVariables[name];
  const what = place.slice(place.lastIndexOf('.') + 1);
  switch (what) {
    case 'body':
      return name === '' ? source.body : textOf(atPath(bodyOf(source), name.replace(/^JSONPath_EXPRESSION\.?/, '$.')));
    case 'path':
      return source.path[name];
    case 'querystring':
    case 'multivaluequerystring':
      return source.query[name];
    default:
      return headerOf(source.headers, name);
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export interface RequestParameters {
  headers: Record<string, string>;
  query: Record<string, string>;
  path: Record<string, string>;
}

/** `integration.request.header.X` → its value, by place. */
export function requestParameters(
  expressions: Readonly<Record<string, string>>,
  source: MappingSource,
): RequestParameters {
  const made: RequestParameters = { headers: {}, query: {}, path: {} };
  for (const [target, expression] of Object.entries(expressions)) {
    const [, place, name] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(target) ?? [];
    if (name === undefined) throw new Error(`The request parameter ${target} is not supported by the local target.`);
    const value = parameterValue(expression, source);
    if (value === undefined) continue;
    if (place === 'header') made.headers[name] = value;
    else if (place === 'querystring') made.query[name] = value;
    else made.path[name] = value;
  }
  return made;
}
