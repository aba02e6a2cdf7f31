/** The throttles of an entered API: of its stage, and of single routes. */
import type { Load } from '../demand/load.ts';
import { burstMoment, type Moment, meanMoment } from '../demand/rates.ts';
import type { EnteredApi } from './deployment.ts';
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

/** A row for each route that has a throttle of its own and a kind of load. */
export const routeRows = ({ id, kind: apiKind, routeThrottles = [] }: EnteredApi): Quota[] =>
  routeThrottles.map(({ route, kind, ratePerSecond, burst }) => {
    const quota = apiKind === 'webSocket' ? 'webSocketApiThrottle' : 'httpApiThrottle';
    return row(quota, {
      ...{ id: `${quota}.${route}`, resource: `${id} ${route}`, isOwnLimit: true },
      name: `API route throttle (${id} ${route})`,
      ...{ default: ratePerSecond, burst, grows: true },
      sentence: `${words[kind]}, against the throttle that the stage has for this route alone.`,
      demand: (load) => demandOf(load, kind),
    });
  });

const rateOf: Record<RouteKind, (moment: Moment) => number> = {
  connect: ({ connects }) => connects,
  message: ({ messages }) => messages,
  webhook: ({ webhooks }) => webhooks,
};

function demandOf(load: Load, kind: RouteKind): Demand {
  const burst = kind === 'webhook' ? load.webhookBurst : load.connectBurst;
  const value = rateOf[kind](meanMoment(load));
  if (burst === null) return { kind: 'value', value };
  return {
    ...{ kind: 'value', value },
    burst: { value: rateOf[kind](burstMoment(load)), lastsSeconds: burst.lastsSeconds },
  };
}
