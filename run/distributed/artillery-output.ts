/** What Artillery writes with `--output`, as far as it is needed: counters and summaries, of the whole run and of each window of 10 s. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CrashError } from '../errors.ts';

const countersSchema = z.record(z.string(), z.number()).default({});
const summariesSchema = z.record(z.string(), z.looseObject({ max: z.number().optional() })).default({});
const outputSchema = z.looseObject({
  aggregate: z.looseObject({ counters: countersSchema, summaries: summariesSchema }),
  intermediate: z.array(
    z.looseObject({
      /** Milliseconds since the epoch at which the window begins. */
      period: z.coerce.number().int(),
      counters: countersSchema,
    }),
  ),
});
export type ArtilleryOutput = z.output<typeof outputSchema>;

/** Length of Artillery's windows. Artillery 2.0.34, lib/core/ssms.ts, `normalizeTs`, read 2026-11-21. */
export const windowSeconds = 10;

/** @throws CrashError when there is no such file or it is not Artillery's. */
export function readArtilleryOutput(path: string): ArtilleryOutput {
  try {
    return outputSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? 'it is not what Artillery writes with --output' : String(cause);
    throw new CrashError(`Artillery's output ${path} cannot be read: ${reason}. See its log beside it.`, { cause });
  }
}

/** Counters of several outputs, or of several windows, added up. */
export function addCounters(all: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const counters of all)
    for (const [name, count] of Object.entries(counters)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
