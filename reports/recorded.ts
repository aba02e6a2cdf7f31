/** The stack's settings as run.json recorded them, read into the types of capacity/. Fields that reports don't need are let through. */
import { z } from 'zod';
import { roles } from '../capacity/demand/coefficients.ts';
import type { Deployment } from '../capacity/headroom/quota.ts';
import type { RunRecord } from '../record/run.ts';

const throttle = z.object({ ratePerSecond: z.number(), burst: z.number() });
const settingsSchema = z.object({
  ingest: z.enum(['lambda', 'direct']),
  webSocketThrottle: throttle,
  webhookThrottle: throttle,
  functions: z.record(z.enum(roles), z.object({ memoryMb: z.number(), reservedConcurrency: z.number().nullable() })),
  queue: z.object({ batchSize: z.number(), maximumConcurrency: z.number().nullable() }),
});

/** The stack of a run, or of settings that have not been run yet. */
export function deploymentOf(
  run: Pick<RunRecord, 'settings'> & { target: Pick<RunRecord['target'], 'region'> },
): Deployment {
  const { ingest, webSocketThrottle, webhookThrottle, functions, queue } = parsed(
    settingsSchema,
    run.settings,
    'settings',
  );
  const entries = roles.map((role) => [role, functions[role]] as const);
  return {
    region: run.target.region,
    ingest,
    webSocketThrottle,
    webhookThrottle,
    batchSize: queue.batchSize,
    maximumConcurrency: queue.maximumConcurrency,
    memoryMb: Object.fromEntries(entries.map(([role, { memoryMb }]) => [role, memoryMb])) as Deployment['memoryMb'],
    reservedConcurrency: Object.fromEntries(
      entries.flatMap(([role, { reservedConcurrency }]) =>
        reservedConcurrency === null ? [] : [[role, reservedConcurrency]],
      ),
    ),
  };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = [where, ...(issue?.path ?? [])].join('.');
  throw new Error(
    `run.json: ${field}: ${issue?.message}. The run was recorded by another version; report it with that one.`,
  );
}
