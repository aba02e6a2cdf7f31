/** The settings of a run's stack, as run.json has them. */
import { z } from 'zod';
import { functionRoles } from '../stack/target.ts';

const throttle = z.looseObject({ ratePerSecond: z.number(), burst: z.number() });

/** Of stack/settings.ts those that a report needs; the others are kept as they are, so that a run stays readable when they change. */
export const recordedSettingsSchema = z.looseObject({
  ingest: z.enum(['lambda', 'direct']),
  webSocketThrottle: throttle,
  webhookThrottle: throttle,
  functions: z.record(
    z.enum(functionRoles),
    z.looseObject({
      memoryMb: z.number(),
      reservedConcurrency: z.number().nullable(),
      timeoutSeconds: z.number().exactOptional(),
    }),
  ),
  queue: z.looseObject({
    batchSize: z.number(),
    maximumConcurrency: z.number().nullable(),
    provisionedPollers: z.object({ minimum: z.number(), maximum: z.number() }).nullable().optional(),
    retentionSeconds: z.number().optional(),
    visibilityTimeoutSeconds: z.number().exactOptional(),
    maxReceiveCount: z.number().exactOptional(),
  }),
  eventTtlSeconds: z.number().optional(),
  detailedMetrics: z.boolean().optional(),
  /** Absent in runs of stacks that had none. */
  accessLogs: z.looseObject({ webhook: z.boolean(), webSocket: z.boolean() }).optional(),
});
