/** How many tasks a load needs, and what asks for them. Pure. */
import {
  leastTasksInDeployment,
  mostTasksInDeployment,
  type RollingDeployment,
  usualDeployment,
} from '../../aws/servers/rolling-deployment.ts';
import { unitsPerVcpu } from '../../aws/servers/task-size.ts';
import type { Load } from '../demand/load.ts';
import { busyMoments, type Moment, meanMoment, pushesPerWebhook } from '../demand/rates.ts';
import type { Asks } from '../fallback/sync-client.ts';
import type { DeployedService } from '../headroom/deployment.ts';
import type { Bound, ServiceCosts } from './service-costs.ts';

export type ServiceSize = DeployedService;

export type ServiceLimit = 'cpu' | 'memory' | 'connections' | 'availability';

export interface ServiceDemand {
  /** Tasks that each asks for; a fraction. */
  asked: Record<ServiceLimit, number>;
  binding: ServiceLimit;
  /** Whole tasks, one more than the load needs at least: it is carried while one of them is gone, and while a deployment replaces them. */
  tasks: number;
  /** CPU seconds a second, of all tasks. */
  cpuPerSecond: number;
  /** Of what connections hold, in all tasks. */
  memoryBytes: number;
}

const bytesPerMb = 1_048_576;
/** Of a task's memory, for what connections hold: the rest is for bursts, and for clients that stop reading. An assumption. */
export const usableMemoryShare = 0.75;
/** One is gone in a deployment, a failure or its zone's. */
export const spareTasks = 1;
const leastForAvailability = 1;

/**
 * A read of events verifies a token and asks the store once, as a connect does; the stage is in memory, so that a read of it is not more than a message. An assumption.
 */
const askCpu = (
  { stageReads, polls, firstReads }: Asks,
  { connect, message }: ServiceCosts['cpuSeconds'],
  bound: Bound,
): number => stageReads * message[bound] + (polls + firstReads) * connect[bound];

const momentCpu = (moment: Moment, { cpuSeconds }: ServiceCosts, bound: Bound): number =>
  (moment.asks ? askCpu(moment.asks, cpuSeconds, bound) : 0) +
  moment.connects * cpuSeconds.connect[bound] +
  moment.messages * cpuSeconds.message[bound] +
  moment.webhooks * cpuSeconds.webhook[bound] +
  ((moment.pushes ?? 0) + (moment.fanOut?.rates.pushes ?? 0)) * cpuSeconds.push[bound];

/** CPU seconds a second, of all tasks, at the busiest moment of the load. */
function busiestCpu(load: Load, costs: ServiceCosts, bound: Bound): number {
  const mean = { ...meanMoment(load), pushes: load.webhookRatePerSecond * pushesPerWebhook(load) };
  return Math.max(...[mean, ...busyMoments(load)].map((moment) => momentCpu(moment, costs, bound)));
}

/** What one task may carry. `cpu`: CPU seconds a second, of the one core that a Node.js process uses, however many its task has. */
export function taskCapacity(size: ServiceSize, { baseBytes }: ServiceCosts, bound: Bound = 'mid') {
  return {
    cpu: Math.min(1, size.cpuUnits / unitsPerVcpu) * (size.targetCpuPercent / 100),
    memoryBytes: Math.max(0, size.memoryMb * bytesPerMb * usableMemoryShare - baseBytes[bound]),
    connections: size.connectionsPerTask,
  };
}

const deploymentOf = ({ deployment = usualDeployment }: ServiceSize): RollingDeployment => deployment;

/** Old and new ones together, at most, while a deployment replaces this many. */
export const tasksInDeployment = (tasks: number, size: ServiceSize): number =>
  mostTasksInDeployment(tasks, deploymentOf(size));

/** Of this many, those that are sure to be there: one may be gone at any time, and a deployment may take more. One at least. */
export const sureTasks = (tasks: number, size: ServiceSize): number =>
  Math.max(1, Math.min(tasks - spareTasks, leastTasksInDeployment(tasks, deploymentOf(size))));

/** The fewest of which as many as the load needs are sure to be there. */
function tasksFor(needed: number, size: ServiceSize): number {
  if (!Number.isFinite(needed)) return needed;
  const { minimumHealthyPercent } = deploymentOf(size);
  // Rounded up, the share of one task fewer may do.
  const byShare = Math.floor(((needed - 1) * 100) / minimumHealthyPercent) + 1;
  return Math.max(needed + spareTasks, byShare);
}

export function serviceDemand(load: Load, size: ServiceSize, costs: ServiceCosts, bound: Bound = 'mid'): ServiceDemand {
  const each = taskCapacity(size, costs, bound);
  const cpuPerSecond = busiestCpu(load, costs, bound);
  const memoryBytes = load.peakConnections * costs.bytesPerConnection[bound];
  const asked: Record<ServiceLimit, number> = {
    cpu: cpuPerSecond / each.cpu,
    memory: each.memoryBytes > 0 ? memoryBytes / each.memoryBytes : Number.POSITIVE_INFINITY,
    connections: load.peakConnections / each.connections,
    availability: leastForAvailability,
  };
  const [binding] = (Object.keys(asked) as ServiceLimit[]).toSorted((a, b) => asked[b] - asked[a]);
  const tasks = Math.max(size.leastTasks, tasksFor(Math.ceil(Math.max(...Object.values(asked))), size));
  return { asked, binding: binding ?? 'availability', tasks, cpuPerSecond, memoryBytes };
}
