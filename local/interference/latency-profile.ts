/** Latency profiles: how long services take, as distributions. They are models; nothing in them was measured by this project. */
import { z } from 'zod';
import { draw, streamOf } from '../../aws/random.ts';
import { type Delay, delayAt } from './delay.ts';
import { latencySchema } from './latency.ts';
import { type Service, services } from './services.ts';
import { typicalLatencies } from './typical-latencies.ts';

/** Operations by name, or by pattern with `*`; the first match wins. Lambda has `Invoke` and `ColdStart`. */
const operationsSchema = z.record(z.string(), latencySchema).optional();
export const latencyProfileSchema = z.strictObject({
  name: z.string().min(1),
  latencies: z.strictObject(
    Object.fromEntries(services.map((service) => [service, operationsSchema])) as Record<
      Service,
      typeof operationsSchema
    >,
  ),
});
export type LatencyProfile = z.output<typeof latencyProfileSchema>;

export const latencyProfileNames = ['none', 'typical'] as const;

/** A built-in, named profile. */
export function namedLatencyProfile(name: (typeof latencyProfileNames)[number]): LatencyProfile {
  return latencyProfileSchema.parse({ name, latencies: name === 'none' ? {} : typicalLatencies });
}

/** Whether an operation matches a pattern: `*` matches anything, case is ignored. */
export function operationMatcher(pattern: string): (operation: string) => boolean {
  if (pattern === '*') return () => true;
  const source = pattern.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  const expression = new RegExp(`^${source}$`, 'i');
  return (operation) => expression.test(operation);
}

interface Line {
  matches: (operation: string) => boolean;
  delay: Delay;
  stream: number;
  drawn: number;
}

/** Draws the latencies of one process from a profile. */
export class LatencyDraws {
  /** Whether the profile adds anything at all. */
  readonly any: boolean;
  #seed: number;
  #lines: ReadonlyMap<string, readonly Line[]>;

  /** @param process name of the process: each draws from its own streams. */
  constructor({ latencies }: LatencyProfile, seed: number, process: string) {
    this.#seed = seed;
    this.#lines = new Map(
      Object.entries(latencies).map(([service, operations]) => [
        service,
        Object.entries(operations ?? {}).map(([pattern, { delay }]) => ({
          matches: operationMatcher(pattern),
          delay,
          // A stream per line, not per operation, so their number is bounded.
          stream: streamOf(`latency ${service} ${pattern} ${process}`),
          drawn: 0,
        })),
      ]),
    );
    this.any = [...this.#lines.values()].some((lines) => lines.length > 0);
  }

  /** The next latency of an operation in milliseconds, 0 if the profile does not cover it. */
  next(service: Service, operation: string): number {
    const line = this.#lines.get(service)?.find(({ matches }) => matches(operation));
    if (line === undefined) return 0;
    const u = draw(this.#seed, line.stream, line.drawn);
    line.drawn += 1;
    return delayAt(line.delay, u);
  }
}
