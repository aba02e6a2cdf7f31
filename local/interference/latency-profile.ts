/** Latency profiles: how long services take, as distributions. They model; nothing in them was measured by this project. */
import { z } from 'zod';
import { draw, streamOf } from '../../aws/random.ts';
import { type Delay, delayAt } from './delay.ts';
import { latencySchema } from './latency.ts';
import { type Service, services } from './services.ts';
import { typicalLatencies } from './typical-latencies.ts';

/** Operations by name, or by pattern with `*`; the first that matches counts. Lambda has `Invoke` and `ColdStart`. */
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

/** A profile that has a name of its own. */
export function namedLatencyProfile(name: (typeof latencyProfileNames)[number]): LatencyProfile {
  return latencyProfileSchema.parse({ name, latencies: name === 'none' ? {} : typicalLatencies });
}

/** Whether an operation matches a pattern: `*` stands for anything, case does not count. */
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

  /** @param process name of the process: each draws from streams of its own. */
  constructor({ latencies }: LatencyProfile, seed: number, process: string) {
    this.#seed = seed;
    this.#lines = new Map(
      Object.entries(latencies).map(([service, operations]) => [
        service,
        Object.entries(operations ?? {}).map(([pattern, { delay }]) => ({
          matches: operationMatcher(pattern),
          delay,
          // A stream for each line and not for each operation: there are as many as the profile has lines.
          stream: streamOf(`latency ${service} ${pattern} ${process}`),
          drawn: 0,
        })),
      ]),
    );
    this.any = [...this.#lines.values()].some((lines) => lines.length > 0);
  }

  /** The next latency of an operation in milliseconds, 0 when the profile says nothing of it. */
  next(service: Service, operation: string): number {
    const line = this.#lines.get(service)?.find(({ matches }) => matches(operation));
    if (line === undefined) return 0;
    const u = draw(this.#seed, line.stream, line.drawn);
    line.drawn += 1;
    return delayAt(line.delay, u);
  }
}
