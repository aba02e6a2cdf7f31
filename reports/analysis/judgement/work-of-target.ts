/** Which functions a kind of work runs through, and what was refused of it. Pure. */
import type { Refusals } from '../../../capacity/search/bottleneck.ts';
import { enteredApis } from '../../../graph/entered.ts';
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { refusalsOf } from '../refusals.ts';
import type { RouteFailure } from './own-failures.ts';
import { likeOf, type Work } from './work.ts';

/**
 * Functions that a kind of work runs through, by logical id: those whose answer it waits for; of pushes, those that are fed by a queue, a stream, a topic or a rule. None
 * where nothing is known of the stack.
 */
export function functionsOfWork(of: Work, { graph, ...target }: RunRecord['target']): string[] {
  if (graph === undefined) return [];
  const work = likeOf(of);
  if (work === 'pushes') {
    const { eventSources, subscriptions = [], rules = [] } = graph;
    const told = [...subscriptions, ...rules.flatMap(({ targets }) => targets)];
    const functions = told.flatMap(({ to }) => (to.kind === 'function' ? [to.id] : []));
    return [...new Set([...eventSources.map((source) => source.function), ...functions])];
  }
  const entered = enteredApis(graph, target);
  return graph.apis
    .flatMap(({ id, kind, routes }) =>
      routes.flatMap(({ key, integration, authorizer }) => {
        const isOf =
          kind === 'webSocket'
            ? (work === 'connects' && key === '$connect') ||
              (work === 'messages' && !key.startsWith('$connect') && key !== '$disconnect')
            : work === 'webhooks' && (entered.webhook === null || entered.webhook === id);
        if (!isOf) return [];
        return [
          ...(authorizer?.kind === 'function' && authorizer.id !== null ? [authorizer.id] : []),
          ...(integration?.kind === 'function' ? [integration.id] : []),
        ];
      }),
    )
    .filter((id, n, all) => all.indexOf(id) === n);
}

/** What became of the integrations of its routes, most first. */
export function routeFailuresOfWork(of: Work, { target }: RunRecord, { server }: Observation): RouteFailure[] {
  const { graph } = target;
  if (graph === undefined) return [];
  const work = likeOf(of);
  const { webhook } = enteredApis(graph, target);
  return (server.failures?.routes ?? []).filter(({ api, route }) => {
    const { kind } = graph.apis.find(({ id }) => id === api) ?? {};
    if (kind === 'webSocket')
      return route === '$connect' ? work === 'connects' : work === 'messages' && route !== '$disconnect';
    return work === 'webhooks' && (webhook === null || webhook === api);
  });
}

/** Limits without a scope that concern one kind of work alone. All others concern every kind. */
const workOfQuota = new Map<string, Work>([
  ['newConnections', 'connects'],
  ['machineConnections', 'connects'],
  ['webSocketUrlCharacters', 'connects'],
  ['webSocketMessageBytes', 'messages'],
  ['httpPayloadBytes', 'webhooks'],
  ['usagePlanThrottle', 'webhooks'],
  ['usagePlanQuota', 'webhooks'],
  ['connectionsPostBytes', 'pushes'],
  ['connectionsThrottles', 'pushes'],
  ['clientBufferBytes', 'pushes'],
]);

/** What was refused of a kind of work, most first: by a function of its own, a route of its own, or for the whole account. */
export function refusalsOfWork(work: Work, run: RunRecord, { server }: Observation): Refusals[] {
  return refusalsOf(server).filter((refusal) => concerns(refusal, likeOf(work), run));
}

function concerns({ quota, scope }: Refusals, work: Work, { target }: RunRecord): boolean {
  const only = workOfQuota.get(quota);
  if (only !== undefined) return only === work;
  if (scope === null) return true;
  const { functions = [], apis = [] } = target.graph ?? {};
  const named = functions.find(({ id, name }) => scope === id || scope === name);
  if (named !== undefined) return functionsOfWork(work, target).includes(named.id);
  const [name, route] = scope.split(' ');
  const api = apis.find(({ id, apiId }) => name === id || name === apiId);
  if (api === undefined) return true;
  if (api.kind !== 'webSocket') return work === 'webhooks';
  return work === (route === '$connect' ? 'connects' : 'messages');
}
