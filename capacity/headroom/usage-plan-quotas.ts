/**
 * What the usage plan of an entered REST API gives an API key: a bucket for all requests of the key, one for each route that has its own, and a number
 * of requests a period. The load is weighed as one key's.
 */

import { type Load, secondsPerDay } from '../demand/load.ts';
import { burstMoment, meanMoment } from '../demand/rates.ts';
import type { EnteredApi } from './deployment.ts';
import { type Demand, type Quota, row } from './quota.ts';

type Plan = NonNullable<EnteredApi['usagePlan']>;

/** Of a month the longest: the quota has to last. */
export const periodDays: Readonly<Record<NonNullable<Plan['quota']>['period'], number>> = {
  ...{ day: 1, week: 7, month: 31 },
};

/** A row for each limit of the plan that some load meets. */
export function usagePlanRows(api: EnteredApi): Quota[] {
  const plan = api.usagePlan;
  if (plan === undefined) return [];
  const share = shareOf(api, plan.keyed);
  if (share === 0) return [];
  return [
    ...(plan.throttle === null ? [] : [throttleRow(plan.id, plan.throttle, { share, what: keyedPosts(share) })]),
    ...plan.routes.flatMap(({ route, ...throttle }) => {
      const own = plan.keyed.includes(route) && api.taken !== undefined ? shareOf(api, [route]) : 0;
      if (own === 0) return [];
      return [
        throttleRow(`${plan.id} ${route}`, throttle, {
          share: own,
          what: `Webhook posts${part(own)} that take this route`,
        }),
      ];
    }),
    ...(plan.quota === null ? [] : [quotaRow(plan.id, plan.quota, share)]),
  ];
}

/** Of the webhooks, those that take one of these routes: all, where it is not known which ones they take. */
function shareOf({ taken }: EnteredApi, routes: readonly string[]): number {
  if (taken === undefined) return 1;
  return taken.reduce((sum, { route, share }) => sum + (routes.includes(route) ? share : 0), 0);
}

const part = (share: number): string =>
  share === 1 ? '' : ` (${(share * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })}% of them)`;
const keyedPosts = (share: number): string => `Webhook posts${part(share)} to routes that need an API key`;

function throttleRow(
  resource: string,
  { ratePerSecond, burst }: { ratePerSecond: number; burst: number },
  { share, what }: { share: number; what: string },
): Quota {
  return row('usagePlanThrottle', {
    ...{ id: `usagePlanThrottle.${resource}`, resource, isOwnLimit: true },
    name: `API Gateway usage plan throttle (${resource})`,
    ...{ default: ratePerSecond, burst, grows: true },
    sentence: `${what}, as if one key sent them all, against what the usage plan gives each key.`,
    demand: (load) => demandOf(load, share),
  });
}

function demandOf(load: Load, share: number): Demand {
  const value = meanMoment(load).webhooks * share;
  const { webhookBurst: burst } = load;
  if (burst === null) return { kind: 'value', value };
  return {
    ...{ kind: 'value', value },
    burst: { value: burstMoment(load).webhooks * share, lastsSeconds: burst.lastsSeconds },
  };
}

function quotaRow(resource: string, { requests, period }: NonNullable<Plan['quota']>, share: number): Quota {
  const seconds = periodDays[period] * secondsPerDay;
  return row('usagePlanQuota', {
    ...{ id: `usagePlanQuota.${resource}`, resource, isOwnLimit: true, unit: `requests/${period}` },
    name: `API Gateway usage plan quota (${resource})`,
    ...{ default: requests, grows: true },
    sentence: `${keyedPosts(share)} at their daily mean for a ${period}, as if one key sent them all, against the quota that the usage plan gives each key.`,
    demand: (load) => ({ kind: 'value', value: meanMoment(load).webhooks * share * seconds }),
  });
}
