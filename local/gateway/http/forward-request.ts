/**
 * The request that an HTTP API forwards (HTTP_PROXY): as it came, but for its parameter mapping. Pure.
 * Source: API Gateway developer guide, "Transform API requests and responses for HTTP APIs", read November 2026.
 */
import { urlOf, withoutOwn } from '../integrations/forward.ts';
import { type MappedRequest, mapParameter } from './parameter-mapping.ts';

export interface ForwardedParts {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** @param parameters `append|overwrite|remove:header.x`, `…:querystring.x` and `overwrite:path` → expression. @throws for any other. */
export function forwardedParts(
  url: string,
  parameters: Readonly<Record<string, string>>,
  request: MappedRequest,
): ForwardedParts {
  const headers = withoutOwn(request.headers);
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query)) if (value !== undefined) query[name] = value;
  let path: string | null = null;
  for (const [target, expression] of Object.entries(parameters)) {
    const [, action = '', place = '', name = ''] =
      /^(append|overwrite|remove):(header|querystring|path)(?:\.(.+))?$/.exec(target) ?? [];
    if (place === '') throw new Error(`The request parameter ${target} is not supported by the local target.`);
    const value = action === 'remove' ? '' : mapParameter(expression, request);
    if (place === 'path') path = value;
    else {
      const values = place === 'header' ? headers : query;
      const key = place === 'header' ? name.toLowerCase() : name;
      const before = values[key];
      if (action === 'remove') delete values[key];
      else values[key] = action === 'append' && before !== undefined ? `${before},${value}` : value;
    }
  }
  const target = new URL(urlOf(url, { path: request.pathParameters ?? {}, query }));
  if (path !== null) target.pathname = path;
  return { url: target.href, headers };
}
