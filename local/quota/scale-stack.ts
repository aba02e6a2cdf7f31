/** The template's own limits, scaled with the quotas, so that the proportions between them stay true. Pure. */
import type {
  HttpApiModel,
  RestApiModel,
  ThrottleModel,
  UsagePlanModel,
  WebSocketApiModel,
} from '../template/apis/api-models.ts';
import type { StackModel } from '../template/model.ts';
import { scaleCount } from './resolve-limits.ts';

/** Stage and route throttles, throttles and quotas of usage plans, reserved and provisioned concurrency, maximum concurrency of event sources, connections of databases: all times `quotaScale`. */
export function scaleStack(stack: StackModel, quotaScale: number): StackModel {
  if (quotaScale === 1) return stack;
  const throttle = (model: ThrottleModel | null): ThrottleModel | null =>
    model && { ratePerSecond: model.ratePerSecond * quotaScale, burst: scaleCount(model.burst, quotaScale) };
  const api = <Api extends WebSocketApiModel | HttpApiModel | RestApiModel>(model: Api): Api => ({
    ...model,
    defaultThrottle: throttle(model.defaultThrottle),
    routes: model.routes.map((route) => ({ ...route, throttle: throttle(route.throttle) })),
  });
  const plan = ({ quota, routes, ...model }: UsagePlanModel): UsagePlanModel => ({
    ...{ ...model, throttle: throttle(model.throttle) },
    quota: quota && { ...quota, limit: scaleCount(quota.limit, quotaScale) },
    routes: Object.fromEntries(
      Object.entries(routes).flatMap(([key, own]) => {
        const scaled = throttle(own);
        return scaled === null ? [] : [[key, scaled] as const];
      }),
    ),
  });
  const concurrency = (limit: number | null) => (limit === null ? null : scaleCount(limit, quotaScale));
  return {
    ...stack,
    webSocketApis: stack.webSocketApis.map(api),
    httpApis: stack.httpApis.map(api),
    restApis: stack.restApis.map((model) => ({ ...api(model), usagePlans: model.usagePlans.map(plan) })),
    functions: stack.functions.map((model) => ({
      ...model,
      reservedConcurrency: concurrency(model.reservedConcurrency),
      ...(model.provisionedConcurrency !== undefined && {
        provisionedConcurrency: scaleCount(model.provisionedConcurrency, quotaScale),
      }),
    })),
    // PostgreSQL keeps three for superusers.
    databases: stack.databases.map((database) => ({
      ...database,
      maxConnections: Math.max(4, scaleCount(database.maxConnections, quotaScale)),
    })),
    eventSources: stack.eventSources.map((source) => ({
      ...source,
      maximumConcurrency: concurrency(source.maximumConcurrency),
    })),
  };
}
