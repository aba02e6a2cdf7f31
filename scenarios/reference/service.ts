/** The reference stack as a service of tasks, as capacity sees it, from its settings. */
import { z } from 'zod';
import type { DeployedService } from '../../capacity/headroom/deployment.ts';

const settingsSchema = z.object({
  server: z.object({
    capacity: z.enum(['fargate', 'ec2']),
    instanceType: z.string(),
    cpuUnits: z.number(),
    memoryMb: z.number(),
    tasks: z.object({ count: z.number(), least: z.number().nullable(), most: z.number() }),
    connectionsPerTask: z.number(),
    targetCpuPercent: z.number(),
    bus: z.object({ nodeType: z.string(), nodes: z.number() }),
  }),
});

/** `settings`: of the stack, or as run.json recorded them. */
export function referenceService(settings: unknown): DeployedService {
  const { tasks, ...service } = settingsSchema.parse(settings).server;
  return { ...service, leastTasks: tasks.least ?? tasks.count, mostTasks: tasks.most };
}
