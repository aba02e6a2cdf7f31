/** A plan and its stack after what was recommended. */
import type { UsagePlan } from '../demand/plan.ts';
import type { DeployedFunction, Deployment, EnteredApi, FedQueue } from '../headroom/deployment.ts';
import type { Change } from './recommendation-terms.ts';

export interface Planned {
  plan: UsagePlan;
  deployment: Deployment;
}

/** Carries out changes, whatever their order: each setting is in one of them only. Pure. */
export const applied = (changes: readonly Change[], before: Planned): Planned => changes.reduce(apply, before);

function apply({ plan, deployment }: Planned, { quotas, settings = {}, plan: ofPlan }: Change): Planned {
  const { webSocketThrottle, webhookThrottle, functions = {}, queues = {}, withoutFunctions = [] } = settings;
  const { routeThrottles = {}, fallbackThrottle } = settings;
  const { webSocket, webhook } = deployment;
  const ofRoutes = (api: EnteredApi): Pick<EnteredApi, 'routeThrottles'> =>
    api.routeThrottles
      ? {
          routeThrottles: api.routeThrottles.map((each) => ({ ...each, ...routeThrottles[`${api.id} ${each.route}`] })),
        }
      : {};
  return {
    plan: { ...plan, ...ofPlan, quotas: { ...plan.quotas, ...quotas } },
    deployment: {
      ...deployment,
      webSocket: webSocket && {
        ...{ ...webSocket, throttle: webSocketThrottle ?? webSocket.throttle },
        ...ofRoutes(webSocket),
      },
      webhook: webhook && {
        ...{ ...webhook, throttle: webhookThrottle ?? webhook.throttle },
        ...ofRoutes(webhook),
      },
      functions: deployment.functions
        .filter(({ id }) => !withoutFunctions.includes(id))
        .map((each): DeployedFunction => ({ ...each, ...functions[each.id] })),
      queues: deployment.queues.map((each): FedQueue => ({ ...each, ...queues[each.id] })),
      ...(deployment.code && {
        code: {
          ...{ ...deployment.code, secretReaders: readersAfter(deployment, withoutFunctions) },
          ...(deployment.code.fallback && {
            fallback: {
              ...deployment.code.fallback,
              throttle: fallbackThrottle ?? deployment.code.fallback.throttle,
            },
          }),
        },
      }),
    },
  };
}

/** What the functions checked that are gone is checked by those that empty the queues. */
function readersAfter({ code, queues }: Deployment, gone: readonly string[]): string[] {
  const readers = code?.secretReaders ?? [];
  const kept = readers.filter((id) => !gone.includes(id));
  return kept.length === readers.length ? kept : [...new Set([...kept, ...queues.map((queue) => queue.function)])];
}
