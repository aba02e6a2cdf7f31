/** Usage plans of REST APIs, as API Gateway describes them. */
import {
  paginateGetUsagePlans,
  type QuotaSettings,
  type ThrottleSettings,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import type { Api, ApiUsagePlan, Throttle } from '../../../graph/model.ts';
import { throttleOf } from '../../../graph/throttles.ts';
import type { Clients } from './clients.ts';

/** All of the account and Region. */
export async function usagePlansOf({ apiGateway: client }: Clients): Promise<UsagePlan[]> {
  const plans: UsagePlan[] = [];
  for await (const { items = [] } of paginateGetUsagePlans({ client }, {})) plans.push(...items);
  return plans;
}

/** Of one API: of each of its stages that a plan has. @param ids of plans to logical ids. */
export function plansOfApi(
  apiId: string,
  plans: readonly UsagePlan[],
  ids: ReadonlyMap<string, string>,
): Pick<Api, 'usagePlans'> {
  const usagePlans = plans.flatMap(({ id = '', name = id, apiStages = [], throttle, quota }) =>
    apiStages
      .filter((stage) => stage.apiId === apiId)
      .map((stage): ApiUsagePlan => {
        const own = Object.entries(stage.throttle ?? {}).flatMap(([key, settings]) => {
          const found = bucketOf(settings);
          return found === null ? [] : [[routeKeyOf(key), found] as const];
        });
        return {
          ...{ id: ids.get(id) ?? name, stage: stage.stage ?? '' },
          throttle: bucketOf(throttle),
          routes: Object.fromEntries(own),
          quota: quotaOf(quota),
        };
      }),
  );
  return usagePlans.length === 0 ? {} : { usagePlans };
}

const bucketOf = (throttle: ThrottleSettings | undefined): Throttle | null =>
  throttleOf(throttle?.rateLimit, throttle?.burstLimit);

const periods = { DAY: 'day', WEEK: 'week', MONTH: 'month' } as const;

function quotaOf(quota: QuotaSettings | undefined): ApiUsagePlan['quota'] {
  const { limit, period } = quota ?? {};
  return limit === undefined || period === undefined ? null : { requests: limit, period: periods[period] };
}

/** `/orders/{id}/GET` → `GET /orders/{id}`; a method of `*` is ANY. */
function routeKeyOf(key: string): string {
  const at = key.lastIndexOf('/');
  const method = key.slice(at + 1);
  return `${method === '*' ? 'ANY' : method} /${key.slice(0, at).replace(/^\/+/, '')}`;
}
