/** The throttles of an entered API: of each route of its stage, and of single routes. Each route has a bucket of its own. */
import type { Load } from '../demand/load.ts';
import { burstMoment, type Moment, meanMoment } from '../demand/rates.ts';
import type { Deployment, EnteredApi } from './deployment.ts';
import { type Demand, type Quota, row } from './quota.ts';

interface OwnThrottle {
  /** Logical id of the API; of a route with the route's key after it, as in `Chat $connect`. */
  of: string;
  ratePerSecond: number;
  burst: number;
}

export function throttlesIn({ id, throttle, routeThrottles = [] }: EnteredApi): OwnThrottle[] {
  return [
    ...(throttle === null ? [] : [{ ...throttle, of: id }]),
    ...routeThrottles.map(({ route, ratePerSecond, burst }) => ({ of: `${id} ${route}`, ratePerSecond, burst })),
  ];
}

type RouteKind = NonNullable<EnteredApi['routeThrottles']>[number]['kind'];

const words: Record<RouteKind, string> = {
  connect: 'New connections',
  message: 'Client messages',
  webhook: 'Webhook posts',
};

/** What takes one route: a kind of load, and the share of it that does. */
interface Taking {
  kind: RouteKind;
  share: number;
}

/** A row for each route that has a throttle of its own and that some load takes. */
export const routeRows = (api: EnteredApi): Quota[] =>
  (api.routeThrottles ?? []).flatMap(({ route, kind, ratePerSecond, burst }) => {
    const share = shareOf(api, { route, kind });
    if (share === 0) return [];
    const quota = api.kind === 'webSocket' ? 'webSocketApiThrottle' : 'httpApiThrottle';
    const part = share === 1 ? '' : `${(share * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })}% of them`;
    return [
      row(quota, {
        ...{ id: `${quota}.${route}`, resource: `${api.id} ${route}`, isOwnLimit: true },
        name: `API route throttle (${api.id} ${route})`,
        ...{ default: ratePerSecond, burst, grows: true },
        sentence: `${words[kind]}${part === '' ? '' : ` that take this route (${part})`}, against the throttle that the stage has for this route alone.`,
        demand: (load) => demandOf(load, [{ kind, share }]),
      }),
    ];
  });

/** 0 where it is not known which routes are taken. */
function shareOf({ taken = [] }: EnteredApi, { route, kind }: { route: string; kind: RouteKind }): number {
  return kind === 'connect' ? 1 : (taken.find((each) => each.route === route)?.share ?? 0);
}

/** A deployment whose messages, or webhooks, take these routes; of a kind that is absent, those that they take already. */
export function withTaken(
  deployment: Deployment,
  shares: Partial<Record<'message' | 'webhook', ReadonlyMap<string, number>>>,
): Deployment {
  const taking = (api: EnteredApi | null, of: ReadonlyMap<string, number> | undefined): EnteredApi | null =>
    api === null || of === undefined ? api : { ...api, taken: [...of].map(([route, share]) => ({ route, share })) };
  const { webSocket, webhook } = deployment;
  return { ...deployment, webSocket: taking(webSocket, shares.message), webhook: taking(webhook, shares.webhook) };
}

/**
 * Of the stage's throttle: the busiest of the routes that have it, since each has a bucket of its own. Null where it is not known which routes are taken, or the
 * stage has none, and the account's is that of all together.
 */
export function busiestRoute(api: EnteredApi): ((load: Load) => Demand) | null {
  const { kind: apiKind, throttle, taken, routeThrottles = [] } = api;
  if (throttle === null || taken === undefined) return null;
  const hasOwn = (key: string): boolean => routeThrottles.some(({ route }) => route === key);
  const kind = apiKind === 'webSocket' ? 'message' : 'webhook';
  const takings: Taking[] = [
    ...(apiKind === 'webSocket' && !hasOwn('$connect') ? [{ kind: 'connect' as const, share: 1 }] : []),
    ...taken.filter(({ route }) => !hasOwn(route)).map(({ share }) => ({ kind, share }) as const),
  ];
  return (load) => demandOf(load, takings);
}

const rateOf: Record<RouteKind, (moment: Moment) => number> = {
  connect: ({ connects }) => connects,
  message: ({ messages }) => messages,
  webhook: ({ webhooks }) => webhooks,
};

/** The largest rate of any, at the mean and in the burst. */
function demandOf(load: Load, takings: readonly Taking[]): Demand {
  const largest = (moment: Moment) => Math.max(0, ...takings.map(({ kind, share }) => rateOf[kind](moment) * share));
  const isOfWebhooks = takings.some(({ kind }) => kind === 'webhook');
  const burst = isOfWebhooks ? load.webhookBurst : load.connectBurst;
  const value = largest(meanMoment(load));
  if (burst === null) return { kind: 'value', value };
  return {
    ...{ kind: 'value', value },
    burst: { value: largest(burstMoment(load)), lastsSeconds: burst.lastsSeconds },
  };
}
