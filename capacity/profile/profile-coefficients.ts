/** A profile as the coefficients that plans are calculated with. Pure. */

import type { StackGraph } from '../../graph/model.ts';
import type {
  Coefficient,
  Coefficients,
  FunctionCosts,
  LoadKind,
  TableCosts,
  UnitCosts,
} from '../demand/coefficients.ts';
import { type AskKind, askKinds, loadKinds } from '../demand/coefficients.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { kindsOf } from '../headroom/graph-deployment.ts';
import type { UnitCost } from './unit-cost.ts';

/** As profile.json has it. */
export interface ProfiledStack {
  /** Of whose kinds of load the profile may have had some only. Absent: it had all that there are. */
  graph?: StackGraph;
  profileId: string;
  target: { kind: 'local' | 'aws' };
  deployment: Deployment;
  figures: readonly {
    service: string;
    resource: string;
    figure: string;
    costs: Readonly<Record<string, UnitCost>>;
  }[];
  functions: readonly { id: string; p99Ms: number | null }[];
  frameBytes: number | null;
  /** Of the messages sent; null: none was. */
  answeredShare: number | null;
  /** Of the plan's own messages and webhooks; null or absent: not known. */
  messageRoute?: string | null;
  webhookRoute?: string | null;
  /** Of several messages or addresses of webhooks: all, and how often the mixed phase had each. */
  routes?: Readonly<Record<RouteKind, readonly { name: string; key: string | null; weight: number }[]>>;
}

/** Half of a 95% interval over its standard error, for many batches. */
const normal95 = 1.96;
const msPerSecond = 1_000;

type RouteKind = 'message' | 'webhook';
const isAsk = (kind: LoadKind | AskKind): kind is AskKind => askKinds.some((each) => each === kind);

/** How often each route is taken, of messages and of webhooks: shares of any sum. Absent: the plan's own route alone. */
export type RouteMix = Readonly<Partial<Record<RouteKind, Readonly<Record<string, number>>>>>;

/** How often the profile's own mixed phase had each; empty where it had one of each kind, and of older profiles. */
export function mixOfProfile({ routes }: Pick<ProfiledStack, 'routes'>): RouteMix {
  const of = (kind: RouteKind) => {
    const all = routes?.[kind] ?? [];
    return all.length > 1 ? { [kind]: Object.fromEntries(all.map(({ name, weight }) => [name, weight])) } : {};
  };
  return { ...of('message'), ...of('webhook') };
}

/**
 * How often each route of a profile is taken, by its name, where messages or webhooks take these. Null: which one they take is not known, or the profile does not
 * know its own. A route without costs in the profile is named by its key.
 */
export function mixOfTaken(
  profile: Pick<ProfiledStack, 'routes' | 'figures' | 'messageRoute' | 'webhookRoute'>,
  kind: RouteKind,
  taken: readonly { key: string | null; weight: number }[],
): Readonly<Record<string, number>> | null {
  const own = profile.routes?.[kind] ?? [];
  const isSame = own.length === taken.length && own.every(({ key }, n) => key !== null && key === taken[n]?.key);
  const named = taken.map(({ key, weight }, n) => [isSame ? (own[n]?.name ?? key) : key, weight] as const);
  if (named.length === 0 || routesOfProfile(profile, kind).size === 0) return null;
  const mix: Record<string, number> = {};
  for (const [name, weight] of named) {
    if (name === null) return null;
    mix[name] = (mix[name] ?? 0) + weight;
  }
  return mix;
}

export function coefficientsOfProfile(measured: ProfiledStack, mix: RouteMix = {}): Coefficients {
  const profile = {
    ...measured,
    figures: measured.figures.map((each) => ({ ...each, costs: mixed(each.costs, measured, mix) })),
  };
  const { deployment, functions, frameBytes, target } = profile;
  const basis = `profile ${profile.profileId}`;
  const reached = reachedIn(profile);
  const had = new Set(profile.figures.flatMap((each) => Object.keys(each.costs)));
  const costs = (service: string, resource: string, figure: string, unit: string, scale = 1): UnitCosts => {
    const found = profile.figures.find(
      (each) => each.service === service && each.resource === resource && each.figure === figure,
    );
    return Object.fromEntries(
      [...loadKinds, ...askKinds].flatMap((kind) => {
        const cost = found?.costs[kind];
        const about = { unit: `${unit}/${kind}` };
        if (cost !== undefined) return [[kind, coefficientOf(cost, { ...about, basis, scale })]];
        // What was not measured is not nothing.
        const [ofResource = ''] = resource.split(':');
        if (isAsk(kind) || had.has(kind) || !reached.get(ofResource)?.includes(kind)) return [];
        return [
          [kind, { kind: 'unknown', ...about, reason: `The profile had no ${kind}s, so what they cost is not known.` }],
        ];
      }),
    );
  };
  const p99Of = (id: string): Coefficient => {
    const ms = functions.find((each) => each.id === id)?.p99Ms ?? null;
    return ms === null
      ? { kind: 'unknown', unit: 's', reason: `${id} never ran in the profile.` }
      : { kind: 'value', value: ms / msPerSecond, unit: 's', method: 'measured', basis };
  };
  const api = deployment.webSocket;
  const frames = api === null ? {} : costs('apigateway', api.id, 'messages', 'messages');
  return {
    from: target.kind,
    callsPerPush: frames.push ?? { kind: 'unknown', unit: 'calls/push', reason: 'The profile had no pushes.' },
    pushBytes:
      frameBytes === null
        ? { kind: 'unknown', unit: 'bytes', reason: 'No frame was received in the profile.' }
        : { kind: 'value', value: frameBytes, unit: 'bytes', method: 'measured', basis },
    calls: callsOf(frames, profile.answeredShare ?? 0),
    functions: Object.fromEntries(
      deployment.functions.map(({ id }): [string, FunctionCosts] => [
        id,
        {
          invocations: costs('lambda', id, 'invocations', 'invocations'),
          busySeconds: costs('lambda', id, 'durationMs', 's', 1 / msPerSecond),
          p99Seconds: p99Of(id),
        },
      ]),
    ),
    tables: Object.fromEntries(
      deployment.tables.map(({ id }): [string, TableCosts] => [
        id,
        {
          writeUnits: costs('dynamodb', id, 'writeUnits', 'WRU'),
          readUnits: costs('dynamodb', id, 'readUnits', 'RRU'),
        },
      ]),
    ),
    queues: Object.fromEntries(deployment.queues.map(({ id }) => [id, costs('sqs', id, 'sent', 'messages')])),
    ...(deployment.topics && {
      topics: Object.fromEntries(deployment.topics.map(({ id }) => [id, costs('sns', id, 'published', 'messages')])),
    }),
    ...(deployment.eventBuses && {
      eventBuses: Object.fromEntries(
        deployment.eventBuses.map(({ id }) => [id, costs('events', id, 'matched', 'events')]),
      ),
    }),
    ...(deployment.rules && {
      rules: Object.fromEntries(
        deployment.rules.map(({ id }) => [id, costs('events', id, 'invocations', 'invocations')]),
      ),
    }),
  };
}

function reachedIn({ graph, deployment: { webSocket, webhook } }: ProfiledStack): Map<string, LoadKind[]> {
  if (graph === undefined) return new Map();
  // Webhooks come to an API even where the profile posted none: to the only one, as far as that is clear.
  const http = graph.apis.filter(({ kind }) => kind !== 'webSocket');
  const only = http.length === 1 ? (http[0]?.id ?? null) : null;
  return kindsOf(graph, { webSocket: webSocket?.id ?? null, webhook: webhook?.id ?? only });
}

/** The routes of a profile: the key of each in its costs, by its name. */
export function routesOfProfile(
  {
    figures,
    messageRoute = null,
    webhookRoute = null,
  }: Pick<ProfiledStack, 'figures' | 'messageRoute' | 'webhookRoute'>,
  kind: 'message' | 'webhook',
): Map<string, string> {
  const own = kind === 'message' ? messageRoute : webhookRoute;
  const keys = new Set(figures.flatMap(({ costs }) => Object.keys(costs)));
  const others = [...keys].filter((key) => key.startsWith(`${kind} `));
  return new Map([
    ...(own === null ? [] : [[own, kind] as const]),
    // Profiles once gave a further message of the plan's own route the same name.
    ...others
      .map((key) => [key.slice(kind.length + 1), key] as const)
      .map(([name, key]) => (name === own ? ([`${name} 2`, key] as const) : ([name, key] as const))),
  ]);
}

/** With the mean of its routes in place of a kind's own; pushes are as frequent as the webhooks that they come from. A part of which nothing is known makes it unknown. */
function mixed(
  costs: Readonly<Record<string, UnitCost>>,
  profile: ProfiledStack,
  mix: RouteMix,
): Record<string, UnitCost> {
  const means = (['message', 'webhook'] as const).flatMap((kind): [string, UnitCost][] => {
    const { [kind]: shares } = mix;
    if (shares === undefined) return [];
    const keys = routesOfProfile(profile, kind);
    const mean = (keyOf: (key: string) => string) =>
      meanCost(Object.entries(shares).map(([route, share]) => ({ share, cost: costs[keyOf(keys.get(route) ?? '')] })));
    // Profiles once had pushes of the first address only.
    const hasPushes = Object.keys(costs).some((key) => key.startsWith('push '));
    return [
      [kind, mean((key) => key)],
      ...(kind === 'webhook' && hasPushes
        ? [['push', mean((key) => key.replace(/^webhook/, 'push'))] satisfies [string, UnitCost]]
        : []),
    ];
  });
  return { ...costs, ...Object.fromEntries(means) };
}

function meanCost(parts: readonly { share: number; cost: UnitCost | undefined }[]): UnitCost {
  const all = parts.reduce((sum, { share }) => sum + share, 0);
  let [value, squares, units] = [0, 0, 0];
  let hasMargin = true;
  for (const { share, cost } of parts) {
    if (cost === undefined) return { kind: 'unknown', reason: 'The profile does not have all of the routes.' };
    if (cost.kind === 'unknown') return cost;
    value += (share / all) * cost.value;
    hasMargin &&= cost.margin !== null;
    squares += ((share / all) * (cost.margin ?? 0)) ** 2;
    units += cost.units;
  }
  return { kind: 'value', value, margin: hasMargin ? Math.sqrt(squares) : null, units };
}

function coefficientOf(
  cost: UnitCost,
  { unit, basis, scale }: { unit: string; basis: string; scale: number },
): Coefficient {
  if (cost.kind === 'unknown') return { kind: 'unknown', unit, reason: cost.reason };
  const { value, margin, units } = cost;
  return {
    kind: 'value',
    value: value * scale,
    unit,
    method: 'measured',
    basis: `${basis}, over ${units} units`,
    ...(margin !== null && margin > 0 && { standardError: (margin * scale) / normal95 }),
  };
}

/**
 * Of the messages that the API counted both ways, those that are neither the client's nor its answer. What an answer by a route response is and what a call
 * to @connections, cannot be told apart: each message has one answer at most.
 */
function callsOf(frames: UnitCosts, answeredShare: number): UnitCosts {
  const own: Partial<Record<LoadKind, number>> = { connect: 0, disconnect: 0, message: 1 + answeredShare };
  return Object.fromEntries(
    Object.entries(own).flatMap(([kind, counted]) => {
      const each = Object.entries(frames).find(([name]) => name === kind)?.[1];
      if (each === undefined) return [];
      // Frames of the last moment may be counted in another period.
      const value = each.kind === 'value' ? each.value - counted : 0;
      return [[kind, each.kind === 'value' ? { ...each, value: value < leastCalls ? 0 : value } : each]];
    }),
  );
}
const leastCalls = 0.02;
