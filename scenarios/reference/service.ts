/** The reference stack as a service of tasks, as capacity sees it, from its settings. */
import { z } from 'zod';
import { usualDeployment } from '../../aws/servers/rolling-deployment.ts';
import type { DeployedService } from '../../capacity/headroom/deployment.ts';
import { databaseOf, databaseSettingsSchema, fallbackSettingsSchema } from './deployment.ts';

const settingsSchema = z.object({
  store: z.enum(['dynamodb', 'postgres']).default('dynamodb'),
  database: databaseSettingsSchema.optional(),
  fallback: fallbackSettingsSchema,
  server: z.object({
    capacity: z.enum(['fargate', 'ec2']),
    instanceType: z.string(),
    cpuUnits: z.number(),
    memoryMb: z.number(),
    tasks: z.object({ count: z.number(), least: z.number().nullable(), most: z.number() }),
    connectionsPerTask: z.number(),
    targetCpuPercent: z.number(),
    /** Absent in runs of stacks that had none: ECS's own was in force. */
    deployment: z.object({ minimumHealthyPercent: z.number(), maximumPercent: z.number() }).default(usualDeployment),
    bus: z.object({ nodeType: z.string(), nodes: z.number() }),
    /** Absent in runs of stacks that had none. */
    databaseConnections: z.number().default(10),
  }),
});

/** A task is told when there is something: it looks as a read begins, and then. */
const looksOfTask = 2;

/** `settings`: of the stack, or as run.json recorded them. */
export function referenceService(settings: unknown): DeployedService {
  const { server, store, database, fallback } = settingsSchema.parse(settings);
  const { tasks, databaseConnections: connectionsPerTask, ...service } = server;
  return {
    ...service,
    leastTasks: tasks.least ?? tasks.count,
    mostTasks: tasks.most,
    ...(store === 'postgres' &&
      database && {
        database: { connectionsPerTask, deployed: databaseOf(database, fallback && { looks: looksOfTask }) },
      }),
  };
}
