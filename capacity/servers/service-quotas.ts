/** The limits of a service of tasks, with what a load asks of each. Pure. */
import { unitsPerVcpu } from '../../aws/servers/task-size.ts';
import type { Load } from '../demand/load.ts';
import { keptSentence, lentAtBusiest, lentSentence, usableConnections } from '../headroom/database-quotas.ts';
import type { DeployedService, Deployment } from '../headroom/deployment.ts';
import { demandOf, type Quota, type QuotaInForce, row } from '../headroom/quota.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { unknown } from '../known.ts';
import { peakUnits } from './balancer-load.ts';
import { instanceOf, instancesOf, isKnownInstance } from './instances.ts';
import type { ServiceCosts } from './service-costs.ts';
import { type ServiceDemand, type ServiceSize, serviceDemand, spareTasks, taskCapacity } from './service-demand.ts';

/** The largest value of the setting. */
const mostTasks = 1_000;
/** A deployment starts a new task before an old one ends. */
const deployedTasks = 1;
/** Of each task: one that listens and one that sends. */
export const busConnections = 2;
const bytesPerMb = 1_048_576;

/** A service has none of the resources on which the functions' quotas depend. */
export const deploymentOfService = (region: string, service: DeployedService): Deployment => ({
  ...{ region, webSocket: null, webhook: null, functions: [], queues: [], tables: [], service },
});

/**
 * With the limit that holds: the plan's (by id or code), else AWS's default, else what the setting makes of it. What tasks carry counts one task less than there may be, since
 * one may be gone at any time.
 * @param overrides the plan's values.
 */
export function serviceQuotas(
  size: ServiceSize,
  costs: ServiceCosts,
  { region, overrides }: { region: string; overrides: Readonly<Record<string, number>> },
): QuotaInForce[] {
  return quotasInForce(deploymentOfService(region, size), overrides, rowsOf(size, costs)).map((quota) =>
    quota.limitFrom === 'default' && isSet(quota, size) ? { ...quota, limitFrom: 'setting' } : quota,
  );
}

const isSet = ({ service }: Quota, { database }: ServiceSize): boolean =>
  service === 'ecs' || (service === 'rds' && database?.deployed.isMaxConnectionsSet === true);

function rowsOf(size: ServiceSize, costs: ServiceCosts): Quota[] {
  const each = taskCapacity(size, costs);
  const asked = (value: (demand: ServiceDemand, load: Load) => number) => ({
    demand: (load: Load) => ({ kind: 'value', value: value(serviceDemand(load, size, costs), load) }) as const,
  });
  /** By the setting `tasks.most`: `carried` by each task but one. */
  const ofTasks = (carried: number) => ({
    ...{ isOwnLimit: true as const, grows: true, default: carried * Math.max(1, size.mostTasks - spareTasks) },
    remedies: [
      { kind: 'set', setting: 'tasks.most of the service', most: carried * (mostTasks - spareTasks) },
      { kind: 'redesign', designs: ['shard'] },
    ] satisfies Quota['remedies'],
  });
  return [
    row('serviceTasks', {
      ...{ isOwnLimit: true, grows: false, fixed: true, default: size.mostTasks },
      sentence: 'One task, and one that may be gone.',
      demand: () => ({ kind: 'value', value: 1 + spareTasks }),
    }),
    row('taskCpu', {
      ...ofTasks(each.cpu),
      sentence: `CPU seconds a second at the busiest moment. The limit is ${size.targetCpuPercent}% of one core of each task but one: a Node.js process uses one core.`,
      ...asked(({ cpuPerSecond }) => cpuPerSecond),
    }),
    row('taskMemory', {
      ...ofTasks(each.memoryBytes / bytesPerMb),
      sentence:
        'Connections × bytes of each. The limit is three quarters of the memory of each task but one, less what it needs without connections.',
      ...asked(({ memoryBytes }) => memoryBytes / bytesPerMb),
    }),
    row('taskConnections', {
      ...ofTasks(each.connections),
      sentence: 'Open connections at the peak. The limit is connectionsPerTask of each task but one.',
      ...asked((_, { peakConnections }) => peakConnections),
    }),
    size.capacity === 'fargate'
      ? row('fargateVcpu', {
          grows: true,
          sentence: 'vCPU of the tasks of the peak, and of one more while a deployment replaces them.',
          ...asked(({ tasks }) => ((tasks + deployedTasks) * size.cpuUnits) / unitsPerVcpu),
        })
      : row('instanceVcpu', {
          grows: true,
          sentence:
            'vCPU of the instances of the tasks of the peak, and of one more task while a deployment replaces them.',
          ...(isKnownInstance(size.instanceType)
            ? asked(({ tasks }) => instancesOf(tasks + deployedTasks, size) * instanceOf(size).vcpu)
            : { demand: () => unknown(`How many vCPU ${size.instanceType} has is not known here.`) }),
        }),
    row('balancerTargets', {
      grows: true,
      sentence: 'Tasks of the peak, and one more while a deployment replaces them.',
      ...asked(({ tasks }) => tasks + deployedTasks),
    }),
    row('balancerUnits', {
      grows: true,
      sentence:
        'Capacity units at the busiest moment, by new connections, open connections or bytes. A load balancer scales by itself, and what it takes without a reservation is not documented: this is what may be reserved.',
      ...asked((_, load) => peakUnits(load)),
    }),
    row('cacheConnections', {
      grows: true,
      sentence: `${busConnections} connections of each task, and of one more while a deployment replaces them. How many messages/s a node carries is not documented.`,
      ...asked(({ tasks }) => busConnections * (tasks + deployedTasks)),
    }),
    ...databaseRows(size, asked),
  ];
}

/** Each task keeps as many as it may; a proxy lends one for each statement, whoever makes it. */
function databaseRows(
  { database }: ServiceSize,
  asked: (value: (demand: ServiceDemand, load: Load) => number) => Pick<Quota, 'demand'>,
): Quota[] {
  if (database === undefined) return [];
  const { connectionsPerTask, deployed } = database;
  const isLent = deployed.proxyPercent !== null;
  return [
    row('databaseConnections', {
      ...{ isOwnLimit: true, grows: true, default: usableConnections(deployed) },
      ...(deployed.maxConnections === null && { onlyIfStated: true }),
      ...(isLent
        ? {
            sentence: lentSentence(deployed),
            demand: (load: Load) => demandOf(lentAtBusiest(load, deployed)),
          }
        : {
            sentence: `${connectionsPerTask} connections of each task (databaseConnections), and of as many tasks again: a deployment may start that many beside them. The limit is max_connections of the instance class, ${keptSentence(deployed)}.`,
            ...asked(({ tasks }) => connectionsPerTask * tasks * 2),
          }),
    }),
  ];
}
