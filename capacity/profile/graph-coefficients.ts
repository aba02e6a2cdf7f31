/** What of a stack's costs its graph says before anything was measured: which functions and queues each unit of load comes to. Pure. */
import { destinationIds } from '../../graph/destinations.ts';
import { type EnteredApis, sharesOf } from '../../graph/entered.ts';
import type { Api, StackGraph } from '../../graph/model.ts';
import {
  type Coefficient,
  type Coefficients,
  type FunctionCosts,
  type LoadKind,
  loadKinds,
  type UnitCosts,
} from '../demand/coefficients.ts';
import { kindsOf } from '../headroom/graph-deployment.ts';

const measure = '`loadline profile` measures it';

/** One invocation, or one message to a queue, for each unit that a route brings there. What lies behind is unknown, and so is how long anything takes. */
export function coefficientsOfGraph(graph: StackGraph, entered: EnteredApis): Coefficients {
  const taken = withTakenRoutes(graph, entered);
  const kinds = kindsOf(taken, entered);
  const direct = directUnits(taken, entered);
  const unclear = unclearRoutes(graph, entered);
  const later = new Set([
    ...graph.eventSources.map((source) => source.function),
    ...graph.reaches.map(({ to }) => to),
    ...(graph.subscriptions ?? []).flatMap(({ to }) => (to.kind === 'outside' ? [] : [to.id])),
    ...(graph.rules ?? []).flatMap(({ id, targets }) => [
      id,
      ...targets.flatMap(({ to }) => (to.kind === 'outside' ? [] : [to.id])),
    ]),
    ...graph.functions.flatMap(destinationIds),
  ]);
  const costsOf = (id: string, unit: string, what: string): UnitCosts =>
    Object.fromEntries(
      loadKinds.flatMap((kind): [LoadKind, Coefficient][] => {
        if (!(kinds.get(id) ?? []).includes(kind)) return [];
        const about = { unit: `${unit}/${kind}` };
        const why = unclear.get(kind);
        if (why !== undefined) return [[kind, { kind: 'unknown', ...about, reason: why }]];
        const units = direct.get(`${kind} ${id}`);
        if (units === undefined || later.has(id))
          return [
            [kind, { kind: 'unknown', ...about, reason: `What a ${kind} costs ${id} was not measured: ${measure}.` }],
          ];
        return [[kind, { kind: 'value', value: units, ...about, method: 'model', basis: `the graph: ${what}` }]];
      }),
    );
  return {
    from: 'assumed',
    callsPerPush: {
      ...{ kind: 'value', value: 1, unit: 'calls/push', method: 'model' },
      basis: 'assumed: one @connections call for each open connection',
    },
    pushBytes: { kind: 'unknown', unit: 'bytes', reason: `How large a push is was not measured: ${measure}.` },
    calls: callsOf(taken, entered, kinds),
    functions: Object.fromEntries(
      graph.functions.map(({ id }): [string, FunctionCosts] => {
        const invocations = costsOf(id, 'invocations', 'an invocation for each unit that comes to it');
        const reason = `How long ${id} runs was not measured: ${measure}.`;
        return [
          id,
          {
            invocations,
            busySeconds: Object.fromEntries(
              Object.keys(invocations).map((kind) => [kind, { kind: 'unknown', unit: `s/${kind}`, reason }]),
            ),
            p99Seconds: { kind: 'unknown', unit: 's', reason },
          },
        ];
      }),
    ),
    tables: Object.fromEntries(
      graph.tables
        .flatMap(({ id, indexes }) => [
          { id, of: id },
          ...indexes.flatMap(({ name, kind }) => (kind === 'global' ? [{ id: `${id}:${name}`, of: id }] : [])),
        ])
        .map(({ id, of }) => [id, { writeUnits: costsOf(of, 'WRU', ''), readUnits: costsOf(of, 'RRU', '') }]),
    ),
    queues: Object.fromEntries(
      graph.queues.map(({ id }) => [id, costsOf(id, 'messages', 'a message for each unit that comes to it')]),
    ),
    ...(graph.topics && {
      topics: Object.fromEntries(
        graph.topics.map(({ id }) => [id, costsOf(id, 'messages', 'a message for each unit that comes to it')]),
      ),
    }),
    ...(graph.eventBuses && {
      eventBuses: Object.fromEntries(
        graph.eventBuses.map(({ id }) => [id, costsOf(id, 'events', 'an event for each unit that comes to it')]),
      ),
    }),
    ...(graph.rules && {
      rules: Object.fromEntries(graph.rules.map(({ id }) => [id, costsOf(id, 'invocations', '')])),
    }),
  };
}

const isMessageRoute = (key: string): boolean => key !== '$connect' && key !== '$disconnect';
/** A webhook is posted. */
const takesPosts = (key: string): boolean => key === '$default' || /^(POST|ANY) /.test(key);

/** Routes of an entered API that messages, or webhooks, may take. */
function candidates({ kind, routes }: Api, { routes: taken }: EnteredApis): string[] {
  const known = kind === 'webSocket' ? taken?.message : taken?.webhook;
  if (known !== undefined && known !== null) return [...sharesOf(known).keys()];
  return routes.map(({ key }) => key).filter(kind === 'webSocket' ? isMessageRoute : takesPosts);
}

/** Without the routes that no load takes. */
function withTakenRoutes(graph: StackGraph, entered: EnteredApis): StackGraph {
  const apis = graph.apis.map((api) => {
    const taken = new Set(candidates(api, entered));
    const isTaken = (key: string) => taken.has(key) || (api.kind === 'webSocket' && !isMessageRoute(key));
    return { ...api, routes: api.routes.filter(({ key }) => isTaken(key)) };
  });
  return { ...graph, apis };
}

/** Kinds of load of which it is not known where they go. */
function unclearRoutes(graph: StackGraph, entered: EnteredApis): Map<LoadKind, string> {
  const unclear = new Map<LoadKind, string>();
  for (const api of graph.apis) {
    const known = api.kind === 'webSocket' ? entered.routes?.message : entered.routes?.webhook;
    const several = !known && candidates(api, entered).length > 1;
    if (several && api.id === entered.webSocket)
      unclear.set('message', `Which route of ${api.id} the messages take is not known: give --message, or a profile.`);
    if (several && api.id === entered.webhook)
      unclear.set(
        'webhook',
        `Which route of ${api.id} the webhooks take is not known: give --webhook-url with a path, or a profile.`,
      );
  }
  return unclear;
}

/** `connect OnConnect` → invocations or messages that one unit brings there by its route. An authorizer's cached answers are taken to be none. */
function directUnits({ apis }: StackGraph, { webSocket, webhook, routes }: EnteredApis): Map<string, number> {
  const units = new Map<string, number>();
  const shares = { message: sharesOf(routes?.message ?? []), webhook: sharesOf(routes?.webhook ?? []) };
  const add = (kind: LoadKind, id: string | null, key: string) => {
    const share = kind === 'message' || kind === 'webhook' ? (shares[kind].get(key) ?? 1) : 1;
    if (id !== null) units.set(`${kind} ${id}`, (units.get(`${kind} ${id}`) ?? 0) + share);
  };
  for (const api of apis) {
    if (api.id !== webSocket && api.id !== webhook) continue;
    for (const { key, integration, authorizer } of api.routes) {
      const kind = kindOfRoute(api, key);
      if (integration !== null && 'id' in integration) add(kind, integration.id, key);
      if (authorizer?.kind === 'function') add(kind, authorizer.id, key);
    }
  }
  return units;
}

function kindOfRoute({ kind }: Api, key: string): LoadKind {
  if (kind !== 'webSocket') return 'webhook';
  return key === '$connect' ? 'connect' : key === '$disconnect' ? 'disconnect' : 'message';
}

/** Of load whose functions may call @connections: how often is not known. */
function callsOf(
  graph: StackGraph,
  { webSocket }: EnteredApis,
  kinds: ReadonlyMap<string, readonly LoadKind[]>,
): UnitCosts {
  const callers = graph.reaches.filter(({ to }) => to === webSocket).map(({ from }) => from);
  const calling = new Set(callers.flatMap((id) => kinds.get(id) ?? []));
  const known: readonly LoadKind[] = ['connect', 'disconnect', 'message'];
  return Object.fromEntries(
    known.map((kind) => [
      kind,
      calling.has(kind)
        ? {
            ...{ kind: 'unknown', unit: `messages/${kind}` },
            reason: `How often a ${kind} calls @connections was not measured: ${measure}.`,
          }
        : {
            kind: 'value',
            value: 0,
            unit: `messages/${kind}`,
            method: 'model',
            basis: 'the graph: nothing behind it knows the API',
          },
    ]),
  );
}
