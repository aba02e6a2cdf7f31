/** Which route of an HTTP API a request takes, with the parameters of its path as a function gets them. Pure. */
import { matchRoute, type RouteMatch } from '../../../graph/request-route.ts';
import { decodedPath } from '../request-target.ts';

export function matchHttpRoute<Route extends { routeKey: string }>(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch<Route> | null {
  const match = matchRoute(routes, { method, path, keyOf: ({ routeKey }) => routeKey });
  if (match === null) return null;
  const parameters = Object.entries(match.pathParameters).map(([name, value]) => [name, decodedPath(value)] as const);
  return { route: match.route, pathParameters: Object.fromEntries(parameters) };
}
