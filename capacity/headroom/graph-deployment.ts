/** Any stack as capacity sees it, from its graph. Pure. */
import { causesOf } from '../../graph/causes.ts';
import { type EnteredApis, sharesOf } from '../../graph/entered.ts';
import type { Api, ApiUsagePlan, StackGraph } from '../../graph/model.ts';
import type { LoadKind } from '../demand/coefficients.ts';
import type { DeployedFunction, Deployment, EnteredApi, FedQueue } from './deployment.ts';
import { periodDays } from './usage-plan-quotas.ts';

export function deploymentOfGraph(graph: StackGraph, entered: EnteredApis, region: string): Deployment {
  const api = (kind: 'webSocket' | 'webhook'): EnteredApi | null => {
    const found = graph.apis.find(({ id }) => id === entered[kind]);
    return found ? enteredApi(found, entered, entered.stages?.[kind] ?? found.stages[0] ?? null) : null;
  };
  return {
    region,
    webSocket: api('webSocket'),
    webhook: api('webhook'),
    functions: graph.functions.map(
      ({ id, memoryMb, timeoutSeconds, reservedConcurrency, provisionedConcurrency = 0 }): DeployedFunction => ({
        ...{ id, memoryMb, timeoutSeconds, reservedConcurrency, provisionedConcurrency },
        awaitedBy: awaitedBy(id, graph, entered),
        authorizes: graph.apis.some(({ routes }) =>
          routes.some(({ authorizer }) => authorizer?.kind === 'function' && authorizer.id === id),
        ),
      }),
    ),
    queues: graph.eventSources.flatMap(({ from, function: emptiedBy, batchSize, ...source }): FedQueue[] => {
      const queue = from.kind === 'queue' ? graph.queues.find(({ id }) => id === from.id) : undefined;
      if (queue === undefined) return [];
      const { id, isFifo, isHighThroughput, visibilityTimeoutSeconds, deadLetters, retentionSeconds = null } = queue;
      const { maximumConcurrency, provisionedPollers = null } = source;
      return [
        {
          ...{ id, function: emptiedBy, isFifo, batchSize, maximumConcurrency, visibilityTimeoutSeconds },
          ...(isHighThroughput && { isHighThroughput }),
          ...{ provisionedPollers, retentionSeconds },
          maxReceiveCount: deadLetters?.maxReceiveCount ?? null,
        },
      ];
    }),
    ...(graph.topics && { topics: graph.topics.map(({ id }) => ({ id })) }),
    ...(graph.eventBuses && { eventBuses: graph.eventBuses.map(({ id }) => ({ id })) }),
    // What a schedule does is no load's.
    ...(graph.rules?.some(({ matchesEvents }) => matchesEvents) && {
      rules: graph.rules.flatMap(({ id, matchesEvents }) => (matchesEvents ? [{ id }] : [])),
    }),
    tables: graph.tables.flatMap(({ id, provisioned, indexes }) => [
      { id, provisioned },
      // A local index shares its table's throughput.
      ...indexes.flatMap(({ name, kind }) => (kind === 'global' ? [{ id: `${id}:${name}`, provisioned }] : [])),
    ]),
  };
}

function enteredApi(api: Api, entered: EnteredApis, stage: string | null): EnteredApi {
  const { id, kind, routes, stages } = api;
  const throttle = api.throttles?.find((each) => each.stage === stage)?.everyRoute ?? null;
  const taken = (kind === 'webSocket' ? entered.routes?.message : entered.routes?.webhook) ?? null;
  const own = routeThrottles(api, stage);
  return {
    ...{ id, kind, throttle, routes: routes.length, stages: Math.max(1, stages.length) },
    ...(taken !== null && { taken: [...sharesOf(taken)].map(([route, share]) => ({ route, share })) }),
    ...(own.length > 0 && { routeThrottles: own }),
    ...usagePlanOf(api, stage),
    accessLogs: stage !== null && (api.accessLogs?.includes(stage) ?? false),
    detailedMetrics: stage !== null && (api.routeMetrics?.includes(stage) ?? false),
  };
}

/** Which of several plans the load's key has is not known: then what all of them refuse is refused. */
function usagePlanOf({ usagePlans = [], routes }: Api, stage: string | null): Pick<EnteredApi, 'usagePlan'> {
  const keyed = routes.flatMap(({ key, needsKey }) => (needsKey ? [key] : []));
  const [most] = usagePlans
    .filter((plan) => plan.stage === stage)
    .toSorted((a, b) => rateOfKey(b) - rateOfKey(a) || requestsADay(b) - requestsADay(a));
  if (most === undefined || keyed.length === 0) return {};
  const { id, throttle, quota } = most;
  const ofRoutes = Object.entries(most.routes).map(([route, own]) => ({ ...own, route }));
  return { usagePlan: { id, throttle, quota, keyed, routes: ofRoutes } };
}

const rateOfKey = ({ throttle }: ApiUsagePlan): number => throttle?.ratePerSecond ?? Number.POSITIVE_INFINITY;
const requestsADay = ({ quota }: ApiUsagePlan): number =>
  quota === null ? Number.POSITIVE_INFINITY : quota.requests / periodDays[quota.period];

/** Of $connect, and of every route that messages or webhooks may take. */
function routeThrottles(
  { kind, throttles = [] }: Api,
  stage: string | null,
): NonNullable<EnteredApi['routeThrottles']> {
  const own = Object.entries(throttles.find((each) => each.stage === stage)?.routes ?? {});
  return own.flatMap(([route, throttle]) => {
    if (route === '$disconnect') return [];
    return [
      { ...throttle, route, kind: kind !== 'webSocket' ? 'webhook' : route === '$connect' ? 'connect' : 'message' },
    ];
  });
}

/** Kinds of load whose answer waits for a function: by a route's integration or authorizer of an API that the load enters. */
function awaitedBy(id: string, { apis }: StackGraph, entered: EnteredApis): DeployedFunction['awaitedBy'] {
  const kinds = apis.flatMap((api) =>
    api.routes.flatMap(({ key, integration, authorizer }) => {
      const isItsOwn = integration?.kind === 'function' && integration.id === id;
      const guards = authorizer?.kind === 'function' && authorizer.id === id;
      const kind = isItsOwn || guards ? kindOfRoute(api, key, entered) : null;
      return kind === null ? [] : [kind];
    }),
  );
  return [...new Set(kinds)];
}

function kindOfRoute(
  api: Api,
  key: string,
  { webSocket, webhook }: EnteredApis,
): DeployedFunction['awaitedBy'][number] | null {
  if (api.kind !== 'webSocket') return api.id === webhook ? 'webhook' : null;
  if (api.id !== webSocket) return null;
  return key === '$connect' ? 'connect' : key === '$disconnect' ? 'disconnect' : 'message';
}

/** Kinds of load that can cause work in each resource, by the arrows of the graph from the APIs that the load enters. */
export function kindsOf(graph: StackGraph, { webSocket, webhook }: EnteredApis): Map<string, LoadKind[]> {
  return new Map(
    [...causesOf(graph)].map(([id, causes]) => [
      id,
      [
        ...new Set(
          causes.flatMap((cause): LoadKind[] =>
            cause.kind === 'request'
              ? cause.api === webhook
                ? ['webhook']
                : []
              : cause.api === webSocket
                ? [cause.kind]
                : [],
          ),
        ),
      ],
    ]),
  );
}
