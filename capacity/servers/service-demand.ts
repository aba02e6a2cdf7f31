/** How many tasks a load needs, and what asks for them. Pure. */
import type { Load } from '../demand/load.ts';
import { busyMoments, type Moment, meanMoment, pushesPerWebhook } from '../demand/rates.ts';
import type { Bound, ServiceCosts } from './service-costs.ts';

/** The settings of the service on which its capacity depends. */
export interface ServiceSize {
  capacity: 'fargate' | 'ec2';
  cpuUnits: number;
  memoryMb: number;
  instanceType: string;
  mostTasks: number;
  leastTasks: number;
  connectionsPerTask: number;
  targetCpuPercent: number;
  bus: { nodeType: string; nodes: number };
}

export type ServiceLimit = 'cpu' | 'memory' | 'connections' | 'availability';

export interface ServiceDemand {
  /** Tasks that each asks for; a fraction. */
  asked: Record<ServiceLimit, number>;
  binding: ServiceLimit;
  /** Whole tasks, one more than the load needs: it is carried while one of them is gone. */
  tasks: number;
  /** CPU seconds a second, of all tasks. */
  cpuPerSecond: number;
}

const unitsPerCpu = 1_024;
const bytesPerMb = 1_048_576;
/** Of a task's memory, for what connections hold: the rest is for bursts, and for clients that stop reading. */
const usableMemoryShare = 0.75;
/** One is gone in a deployment, a failure or its zone's. */
const spareTasks = 1;
const leastForAvailability = 1;

const momentCpu = (moment: Moment, { cpuSeconds }: ServiceCosts, bound: Bound): number =>
  moment.connects * cpuSeconds.connect[bound] +
  moment.messages * cpuSeconds.message[bound] +
  moment.webhooks * cpuSeconds.webhook[bound] +
  ((moment.pushes ?? 0) + (moment.fanOut?.rates.pushes ?? 0)) * cpuSeconds.push[bound];

/** At the busiest moment of the load. A Node.js process uses one core, however many its task has. */
export function serviceDemand(load: Load, size: ServiceSize, costs: ServiceCosts, bound: Bound = 'mid'): ServiceDemand {
  const mean = { ...meanMoment(load), pushes: load.webhookRatePerSecond * pushesPerWebhook(load) };
  const cpuPerSecond = Math.max(...[mean, ...busyMoments(load)].map((moment) => momentCpu(moment, costs, bound)));
  const cores = Math.min(1, size.cpuUnits / unitsPerCpu);
  const usableBytes = size.memoryMb * bytesPerMb * usableMemoryShare - costs.baseBytes[bound];
  const asked: Record<ServiceLimit, number> = {
    cpu: cpuPerSecond / (cores * (size.targetCpuPercent / 100)),
    memory:
      usableBytes > 0
        ? (load.peakConnections * costs.bytesPerConnection[bound]) / usableBytes
        : Number.POSITIVE_INFINITY,
    connections: load.peakConnections / size.connectionsPerTask,
    availability: leastForAvailability,
  };
  const [binding] = (Object.keys(asked) as ServiceLimit[]).toSorted((a, b) => asked[b] - asked[a]);
  const needed = Math.ceil(Math.max(...Object.values(asked))) + spareTasks;
  return { asked, binding: binding ?? 'availability', tasks: Math.max(size.leastTasks, needed), cpuPerSecond };
}
