/** Usage plans of a stage, as the graph of a stack has them. Pure. */
import type { Api, ApiUsagePlan } from '../../../graph/model.ts';
import type { KeyQuotaModel, RestApiModel } from './api-models.ts';

const periods: Readonly<Record<KeyQuotaModel['period'], NonNullable<ApiUsagePlan['quota']>['period']>> = {
  ...{ DAY: 'day', WEEK: 'week', MONTH: 'month' },
};

/** Absent where no route needs a key. */
export const usagePlansIn = ({
  stage,
  routes,
  usagePlans: plans,
}: Pick<RestApiModel, 'stage' | 'routes' | 'usagePlans'>): Pick<Api, 'usagePlans'> =>
  plans.length === 0 || !routes.some(({ apiKeyRequired }) => apiKeyRequired)
    ? {}
    : {
        usagePlans: plans.map(({ logicalId: id, throttle, routes: own, quota }) => ({
          ...{ id, stage, throttle, routes: { ...own } },
          quota: quota && { requests: quota.limit, period: periods[quota.period] },
        })),
      };
