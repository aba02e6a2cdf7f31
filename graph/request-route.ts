/** Which route of an HTTP or REST API a request takes: the most specific one, with `$default` last. Pure. */
import type { Api } from './model.ts';

export interface RouteMatch<Route> {
  route: Route;
  /** As they stand in the path, encoded. */
  pathParameters: Readonly<Record<string, string>>;
}

export function matchRoute<Route>(
  routes: readonly Route[],
  { method, path, keyOf }: { method: string; path: string; keyOf: (route: Route) => string },
): RouteMatch<Route> | null {
  let best: (RouteMatch<Route> & { rank: number }) | null = null;
  for (const route of routes) {
    const key = keyOf(route);
    if (key === '$default') {
      best ??= { route, pathParameters: {}, rank: -1 };
      continue;
    }
    const [routeMethod = '', pattern = ''] = key.split(' ', 2);
    if (routeMethod !== method && routeMethod !== 'ANY') continue;
    const pathParameters = matchPath(pattern, path);
    if (pathParameters === null) continue;
    // An exact match before a parameter before a greedy one, and a specific method before ANY.
    const greedy = pattern.includes('+}');
    const rank = (greedy ? 0 : Object.keys(pathParameters).length > 0 ? 2 : 4) + (routeMethod === 'ANY' ? 0 : 1);
    if (best === null || rank > best.rank) best = { route, pathParameters, rank };
  }
  return best && { route: best.route, pathParameters: best.pathParameters };
}

/** Of a post to a URL at one of an API's stages; null: none takes it, or the stage is not known. */
export function routeOfPost({ routes }: Pick<Api, 'routes'>, url: string, stage: string | null): string | null {
  if (stage === null || !URL.canParse(url)) return null;
  const { pathname } = new URL(url);
  const prefix = `/${stage}`;
  // The default stage has no part in the path.
  const path =
    stage === '$default' || !`${pathname}/`.startsWith(`${prefix}/`) ? pathname : pathname.slice(prefix.length);
  return matchRoute(routes, { method: 'POST', path: path || '/', keyOf: ({ key }) => key })?.route.key ?? null;
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{([^}+]+)(\+?)\}$/.exec(part);
    const value = given[index];
    if (value === undefined) return null;
    if (name?.[1] === undefined) {
      if (part !== value) return null;
      continue;
    }
    if (name[2] === '+') {
      const rest = given.slice(index).join('/');
      if (rest === '') return null;
      parameters[name[1]] = rest;
      return parameters;
    }
    if (value === '') return null;
    parameters[name[1]] = value;
  }
  return wanted.length === given.length ? parameters : null;
}
