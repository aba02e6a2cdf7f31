/** Which route a message takes, and whether a model of the route refuses it. Source: API Gateway developer guide, "Request validation for WebSocket APIs", read November 2026. */
import type { WebSocketApiModel, WebSocketRouteModel } from '../../template/apis/api-models.ts';
import { BodyChecks } from '../../template/apis/body-models.ts';
import { parseRouteSelection, type RouteSelection, selectRouteKey } from './route-selection.ts';

export class MessageRoutes {
  #routes: ReadonlyMap<string, WebSocketRouteModel>;
  #selection: RouteSelection;
  #checks: BodyChecks;
  /** Of routes that have one. */
  #modelSelections: ReadonlyMap<string, RouteSelection>;
  #reservedKeys: 'default' | 'forbidden';

  /** @param reservedKeys what becomes of a message whose key is reserved. */
  constructor(api: WebSocketApiModel, reservedKeys: 'default' | 'forbidden') {
    this.#routes = new Map(api.routes.map((route) => [route.routeKey, route]));
    this.#selection = parseRouteSelection(api.routeSelectionExpression);
    this.#checks = new BodyChecks(api.apiId, api.models);
    this.#modelSelections = new Map(
      api.routes.flatMap(({ routeKey, rules }) =>
        rules === null || rules.selection === '$default'
          ? []
          : [[routeKey, parseRouteSelection(rules.selection)] as const],
      ),
    );
    this.#reservedKeys = reservedKeys;
  }

  named(routeKey: string): WebSocketRouteModel | undefined {
    return this.#routes.get(routeKey);
  }

  /** The route of a message; undefined if neither its own nor `$default` exists. */
  of(body: string): WebSocketRouteModel | undefined {
    const selected = selectRouteKey(this.#selection, body);
    // Keys with `$` are reserved: a client cannot reach $connect or $disconnect.
    const reserved = selected?.startsWith('$') === true;
    if (reserved && this.#reservedKeys === 'forbidden') return undefined;
    const own = selected === null || reserved ? undefined : this.#routes.get(selected);
    return own ?? this.#routes.get('$default');
  }

  /** A message for which the route has no model is refused as well. */
  refuses({ routeKey, rules }: Pick<WebSocketRouteModel, 'routeKey' | 'rules'>, body: string): boolean {
    if (rules === null) return false;
    const selection = this.#modelSelections.get(routeKey);
    const key = selection === undefined ? null : selectRouteKey(selection, body);
    const model = rules.bodies[key ?? '$default'] ?? rules.bodies.$default;
    return model === undefined || !this.#checks.keeps(model, body);
  }
}
