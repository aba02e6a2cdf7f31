/** Which load reaches a resource: the kinds of load whose units cause work in it, by the arrows of the graph. Pure. */
import { destinationIds } from './destinations.ts';
import { defaultBus } from './event-buses.ts';
import type { Api, StackGraph } from './model.ts';

/** A unit of load that enters a stack. `disconnect` follows a connect; a request is one of an HTTP or REST API's route. */
export type Cause =
  | { kind: 'connect'; api: string }
  | { kind: 'disconnect'; api: string }
  | { kind: 'message'; api: string; route: string }
  | { kind: 'request'; api: string; route: string };

/** As a key: `connect Chat`, `message Chat sendmessage`. */
export const causeKey = (cause: Cause): string =>
  [cause.kind, cause.api, ...('route' in cause ? [cause.route] : [])].join(' ');

function causeOf(api: Api, route: string): Cause {
  if (api.kind !== 'webSocket') return { kind: 'request', api: api.id, route };
  if (route === '$connect') return { kind: 'connect', api: api.id };
  if (route === '$disconnect') return { kind: 'disconnect', api: api.id };
  return { kind: 'message', api: api.id, route };
}

/**
 * The causes of each function, queue, topic, event bus, rule and table, by id; a resource that nothing reaches has none. A function with one cause can have its use divided by that
 * cause's units in any run; one with several needs a run in which they are apart. That a function reaches a queue does not mean that it always
 * writes to it: these are all the causes that there can be.
 */
export function causesOf(graph: StackGraph): Map<string, Cause[]> {
  const found = new Map<string, Map<string, Cause>>();
  /** Functions that a function may invoke, and functions that an event source feeds. */
  const next = arrowsOf(graph);
  const spread = (id: string, cause: Cause) => {
    const causes = found.get(id) ?? new Map<string, Cause>();
    found.set(id, causes);
    if (causes.has(causeKey(cause))) return;
    causes.set(causeKey(cause), cause);
    for (const to of next.get(id) ?? []) spread(to, cause);
  };
  for (const api of graph.apis)
    for (const { key, integration, authorizer } of api.routes) {
      const cause = causeOf(api, key);
      if (integration !== null && 'id' in integration) spread(integration.id, cause);
      if (authorizer?.kind === 'function' && authorizer.id !== null) spread(authorizer.id, cause);
    }
  return new Map([...found].map(([id, causes]) => [id, [...causes.values()]]));
}

/** From each resource to those that it sets to work. A call to an API is a push to a connection, which causes no more work in the stack. */
function arrowsOf(graph: StackGraph): Map<string, string[]> {
  const apis = new Set(graph.apis.map(({ id }) => id));
  const arrows = new Map<string, string[]>();
  const add = (from: string, to: string) => arrows.set(from, [...(arrows.get(from) ?? []), to]);
  for (const { from, to } of graph.reaches) if (!apis.has(to)) add(from, to);
  for (const { from, function: to } of graph.eventSources) if (from.kind !== 'outside') add(from.id, to);
  for (const { topic, to } of graph.subscriptions ?? []) if (to.kind !== 'outside') add(topic, to.id);
  for (const each of graph.functions) for (const to of destinationIds(each)) add(each.id, to);
  // Nothing has to be told the name of the default bus: where nothing names it, any function may put events there.
  if (graph.eventBuses?.some(({ id }) => id === defaultBus) && !isNamed(defaultBus, graph))
    for (const { id } of graph.functions) add(id, defaultBus);
  for (const { id, bus, matchesEvents, targets } of graph.rules ?? []) {
    if (matchesEvents) add(bus, id);
    for (const { to } of targets) if (to.kind !== 'outside') add(id, to.id);
  }
  return arrows;
}

const isNamed = (id: string, { apis, reaches }: StackGraph): boolean =>
  reaches.some(({ to }) => to === id) ||
  apis.some(({ routes }) =>
    routes.some(({ integration }) => integration !== null && 'id' in integration && integration.id === id),
  );

/** Queues that hold nothing but what another queue, a subscription, a rule's target, or a function's asynchronous invocations gave up. */
export function deadLetterQueues(graph: StackGraph): Set<string> {
  const { functions, queues, eventSources, subscriptions = [], rules = [] } = graph;
  const fed = new Set(eventSources.flatMap(({ from }) => (from.kind === 'queue' ? [from.id] : [])));
  const targets = rules.flatMap((rule) => rule.targets);
  const ids = [...queues, ...subscriptions, ...targets].flatMap(({ deadLetters }) =>
    deadLetters === null || deadLetters.id === null ? [] : [deadLetters.id],
  );
  const ofFunctions = functions.flatMap(({ asynchronous }) =>
    [asynchronous?.onFailure, asynchronous?.deadLetters].flatMap((to) => (to?.kind === 'queue' ? [to.id] : [])),
  );
  const successes = new Set(
    functions.flatMap(({ asynchronous }) =>
      asynchronous?.onSuccess?.kind === 'queue' ? [asynchronous.onSuccess.id] : [],
    ),
  );
  return new Set([...ids, ...ofFunctions.filter((id) => !successes.has(id))].filter((id) => !fed.has(id)));
}
