/** Settings of the variant in which a service of Node.js tasks behind a load balancer does the job of the functions. */
import { z } from 'zod';

/** Memory in MB that Fargate offers with each number of CPU units (1,024 are a vCPU). ECS API, RegisterTaskDefinition, read November 2026. */
const gb = 1_024;
const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);
export const fargateMemoryMb: Readonly<Record<number, readonly number[]>> = {
  256: [gb / 2, gb, 2 * gb],
  512: range(gb, 4 * gb, gb),
  1024: range(2 * gb, 8 * gb, gb),
  2048: range(4 * gb, 16 * gb, gb),
  4096: range(8 * gb, 30 * gb, gb),
};

export const serverSettingsSchema = z
  .strictObject({
    /** Where tasks run: on Fargate, or on EC2 instances of the stack's own. */
    capacity: z.enum(['fargate', 'ec2']).default('fargate'),
    /** Of the service, as it is deployed; autoscaling moves it between the least and the most. */
    tasks: z
      .strictObject({
        count: z.number().int().min(1).max(1_000).default(2),
        /** Null: as many as `count`. */
        least: z.number().int().min(1).max(1_000).nullable().default(null),
        most: z.number().int().min(1).max(1_000).default(10),
      })
      .prefault({}),
    /** How ECS replaces tasks, in percent of those that are wanted: how many of them are healthy at least, and how many old and new ones there are at most. */
    deployment: z
      .strictObject({
        minimumHealthyPercent: z.number().int().min(50).max(100).default(100),
        maximumPercent: z.number().int().min(100).max(200).default(200),
      })
      .prefault({}),
    /** CPU units of a task: 1,024 are a vCPU. One Node.js process uses one core, and a little of another. */
    cpuUnits: z.number().int().min(256).max(4_096).default(1_024),
    memoryMb: z.number().int().min(512).max(30_720).default(2_048),
    /** Of EC2 instances: an Arm type. */
    instanceType: z
      .string()
      .regex(/^[a-z0-9]+\.[a-z0-9]+$/, 'must be an instance type such as c7g.large')
      .default('c7g.large'),
    /** What a task is to hold: autoscaling adds tasks above it. */
    connectionsPerTask: z.number().int().min(100).max(100_000).default(20_000),
    /** Mean CPU, in percent, above which autoscaling adds tasks. */
    targetCpuPercent: z.number().int().min(10).max(90).default(60),
    /** Of the load balancer, in seconds: pings go out at a third of it, so that no open socket is ever idle for as long. */
    idleTimeoutSeconds: z.number().int().min(30).max(4_000).default(300),
    /** How long a task that is to end still has its connections before it is told, in seconds. */
    deregistrationDelaySeconds: z.number().int().min(0).max(3_600).default(5),
    /** Over how many seconds a task that ends closes its connections. */
    closeOverSeconds: z.number().int().min(1).max(110).default(60),
    /** A publish, or any other message, in seconds. */
    messageTimeoutSeconds: z.number().int().min(1).max(60).default(15),
    /** The pushes of a batch of events, in seconds. */
    deliverTimeoutSeconds: z.number().int().min(2).max(300).default(10),
    /** Batches of the queue that a task has in hand at a time. */
    queueBatches: z.number().int().min(1).max(50).default(4),
    /** To PostgreSQL, that a task keeps at most. Without a proxy, with those of all tasks and of those that a deployment starts beside them (deployment.maximumPercent) within max_connections. */
    databaseConnections: z.number().int().min(1).max(100).default(10),
    /** The nodes that carry messages between tasks: one, and a second one in another zone that takes over. */
    bus: z
      .strictObject({
        nodeType: z
          .string()
          .regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, 'must be a node type such as cache.t4g.micro')
          .default('cache.t4g.micro'),
        nodes: z.number().int().min(1).max(6).default(2),
      })
      .prefault({}),
    /** ARN of the certificate with which the load balancer serves TLS; null: it serves plain HTTP, for tests alone. */
    certificateArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/, 'must be the ARN of an ACM certificate')
      .nullable()
      .default(null),
  })
  .superRefine((server, context) => {
    const { capacity, cpuUnits, memoryMb, tasks } = server;
    const offered = fargateMemoryMb[cpuUnits];
    if (capacity === 'fargate' && offered === undefined)
      context.addIssue({
        code: 'custom',
        path: ['cpuUnits'],
        message: `must be one of ${Object.keys(fargateMemoryMb).join(', ')} on Fargate`,
      });
    else if (capacity === 'fargate' && !offered?.includes(memoryMb))
      context.addIssue({
        code: 'custom',
        path: ['memoryMb'],
        message: `must be one of ${offered?.join(', ')} with ${cpuUnits} CPU units on Fargate`,
      });
    const least = tasks.least ?? tasks.count;
    if (least > tasks.count || tasks.count > tasks.most)
      context.addIssue({
        code: 'custom',
        path: ['tasks'],
        message: `need least (${least}) ≤ count (${tasks.count}) ≤ most (${tasks.most})`,
      });
    const stuck = stuckAt(server.deployment, { least, most: tasks.most });
    if (stuck !== null)
      context.addIssue({
        code: 'custom',
        path: ['deployment'],
        message: `cannot replace a task of ${stuck}: ${server.deployment.maximumPercent}% of them, rounded down, must be more than ${server.deployment.minimumHealthyPercent}%, rounded up. Raise maximumPercent or lower minimumHealthyPercent`,
      });
  })
  .prefault({});

/** The number of tasks of which a deployment could neither start one nor end one; null: there is none. ECS API, DeploymentConfiguration, read November 2026. */
function stuckAt(
  { minimumHealthyPercent, maximumPercent }: { minimumHealthyPercent: number; maximumPercent: number },
  { least, most }: { least: number; most: number },
): number | null {
  for (let tasks = least; tasks <= most; tasks++) {
    const [floor, ceiling] = [
      Math.ceil((tasks * minimumHealthyPercent) / 100),
      Math.floor((tasks * maximumPercent) / 100),
    ];
    if (ceiling <= floor) return tasks;
  }
  return null;
}

export type ServerSettings = z.infer<typeof serverSettingsSchema>;
