/** How this target differs from AWS, as data: whoever reports on it writes the sentences. Pure. */
import type { InterferenceConfiguration } from './interference/configuration.ts';
import type { Delay } from './interference/delay.ts';
import type { SetFault } from './interference/faults.ts';
import type { Limits } from './quota/limits.ts';
import { explicitLimits, type LimitSetting } from './quota/resolve-limits.ts';

export interface LocalModel {
  /** Random seed of latencies, and of every fault without a seed of its own. */
  seed: number;
  /** What rates, bursts and concurrencies were multiplied by; 1: full size. */
  quotaScale: number;
  /** What the idle timeout and lifetime of WebSockets were divided by; 1: real time. */
  timeScale: number;
  webSocketIdleSeconds: number;
  webSocketLifetimeSeconds: number;
  latencyProfile: {
    name: string;
    /** Empty: no service latency is modelled. */
    latencies: { service: string; operation: string; delay: Delay; confidence: 'published' | 'derived' | 'assumed' }[];
  };
  /** Limits that differ from AWS's (scaled) defaults, by dotted name; the scales themselves are not among them. */
  limits: LimitSetting[];
  /** Faults that were set from the start. */
  faults: SetFault[];
}

export function modelOf(limits: Limits, { latency, seed, faults }: InterferenceConfiguration): LocalModel {
  return {
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
