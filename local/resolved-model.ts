/** The model of a target whose limits are resolved. Pure. */
import type { InterferenceConfiguration } from './interference/configuration.ts';
import type { LocalModel } from './model.ts';
import type { Limits } from './quota/limits.ts';
import { explicitLimits } from './quota/resolve-limits.ts';

export function modelOf(
  limits: Limits,
  { latency, seed, faults }: InterferenceConfiguration,
  cache: 'installed' | 'embedded' | null = null,
): LocalModel {
  return {
    ...(cache !== null && { cache }),
    seed,
    quotaScale: limits.quotaScale,
    timeScale: limits.timeScale,
    webSocketIdleSeconds: limits.webSocketIdleMs / 1_000,
    webSocketLifetimeSeconds: limits.webSocketLifetimeMs / 1_000,
    latencyProfile: {
      name: latency.name,
      latencies: Object.entries(latency.latencies).flatMap(([service, operations]) =>
        Object.entries(operations ?? {}).map(([operation, { delay, confidence }]) => ({
          service,
          operation,
          delay,
          confidence,
        })),
      ),
    },
    limits: explicitLimits(limits),
    faults: [...faults],
  };
}
