/** Latency profiles: how long services take, as distributions. They model; nothing in them was measured by this project. */
import { z } from 'zod';
import { type Delay, delayAt, describeDelay } from './delay.ts';
import { latencySchema } from './latency.ts';
import { draw, streamOf } from './random.ts';
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
export function matchesOperation(pattern: string, operation: string): boolean {
  if (pattern === '*') return true;
  const source = pattern.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 'i').test(operation);
}

/** Draws the latencies of one process from a profile. */
export class LatencyDraws {
  /** Whether the profile adds anything at all. */
  readonly any: boolean;
  #profile: LatencyProfile;
  #seed: number;
  #process: string;
  #streams = new Map<string, { delay: Delay | null; stream: number; drawn: number }>();

  /** @param process name of the process: each draws from streams of its own. */
  constructor(profile: LatencyProfile, seed: number, process: string) {
    this.#profile = profile;
    this.#seed = seed;
    this.#process = process;
    this.any = Object.values(profile.latencies).some((operations) => operations !== undefined);
  }

  /** The next latency of an operation in milliseconds, 0 when the profile says nothing of it. */
  next(service: Service, operation: string): number {
    const patterns = Object.keys(this.#profile.latencies[service] ?? {});
    // The stream belongs to the entry and not to the operation: there are as many as the profile has lines.
    const pattern = patterns.find((candidate) => matchesOperation(candidate, operation));
    if (pattern === undefined) return 0;
    const key = `${service} ${pattern}`;
    let known = this.#streams.get(key);
    if (known === undefined) {
      const delay = this.#profile.latencies[service]?.[pattern]?.delay ?? null;
      known = { delay, stream: streamOf(`latency ${key} ${this.#process}`), drawn: 0 };
      this.#streams.set(key, known);
    }
    if (known.delay === null) return 0;
    const u = draw(this.#seed, known.stream, known.drawn);
    known.drawn += 1;
    return delayAt(known.delay, u);
  }
}

/** The profile in a sentence for the report. */
export function describeLatencyProfile({ name, latencies }: LatencyProfile, seed: number): string {
  const modelled = Object.entries(latencies).flatMap(([service, operations]) =>
    Object.entries(operations ?? {}).map(([operation, { delay, confidence }]) => ({
      text: `${service} ${operation} ${describeDelay(delay)}`,
      confidence,
    })),
  );
  if (modelled.length === 0)
    return `Latency profile "${name}": no service latency is modelled; every latency is this machine’s own.`;
  const assumed = modelled.filter(({ confidence }) => confidence === 'assumed').length;
  return (
    `Latency profile "${name}" (modelled, seed ${seed}): service latencies are drawn from distributions and added to this machine’s; ` +
    `${assumed} of ${modelled.length} are assumptions without a published figure. ${modelled.map(({ text }) => text).join('; ')}.`
  );
}
