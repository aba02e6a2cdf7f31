/** The limits of a service of tasks, with what a load asks of each. Pure. */
import { usualDeployment } from '../../aws/servers/rolling-deployment.ts';
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
import {
  type ServiceDemand,
  type ServiceSize,
  serviceDemand,
  spareTasks,
  sureTasks,
  taskCapacity,
  tasksInDeployment,
} from './service-demand.ts';

/** The largest value of the setting. */
const mostTasks = 1_000;
/** Of each task: one that listens and one that sends. */
export const busConnections = 2;
const bytesPerMb = 1_048_576;

/** A service has none of the resources on which the functions' quotas depend. */
export const deploymentOfService = (region: string, service: DeployedService): Deployment => ({
  ...{ region, webSocket: null, webhook: null, functions: [], queues: [], tables: [], service },
});

/**
 * With the limit that holds: the plan's (by id or code), else AWS's default, else what the setting makes of it. What tasks carry counts one task less than there may be, since
 * one may be gone at any time, or as many less as a deployment may take.
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
  const together = ({ tasks }: ServiceDemand) => tasksInDeployment(tasks, size);
  const { maximumPercent, minimumHealthyPercent } = size.deployment ?? usualDeployment;
  const meanwhile = `which may be ${maximumPercent}% of them while a deployment replaces them (deployment.maximumPercent)`;
  const sure =
    minimumHealthyPercent === 100
      ? 'each task but one'
      : `${sureTasks(size.mostTasks, size)} of ${size.mostTasks} tasks, those that a deployment leaves (deployment.minimumHealthyPercent)`;
  /** By the setting `tasks.most`: `carried` by each task that is sure to be there. */
  const ofTasks = (carried: number) => ({
    ...{ isOwnLimit: true as const, grows: true, default: carried * sureTasks(size.mostTasks, size) },
    remedies: [
      { kind: 'set', setting: 'tasks.most of the service', most: carried * sureTasks(mostTasks, size) },
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
      sentence: `CPU seconds a second at the busiest moment. The limit is ${size.targetCpuPercent}% of one core of ${sure}: a Node.js process uses one core.`,
      ...asked(({ cpuPerSecond }) => cpuPerSecond),
    }),
    row('taskMemory', {
      ...ofTasks(each.memoryBytes / bytesPerMb),
      sentence: `Connections × bytes of each. The limit is three quarters of the memory of ${sure}, less what it needs without connections.`,
      ...asked(({ memoryBytes }) => memoryBytes / bytesPerMb),
    }),
    row('taskConnections', {
      ...ofTasks(each.connections),
      sentence: `Open connections at the peak. The limit is connectionsPerTask of ${sure}.`,
      ...asked((_, { peakConnections }) => peakConnections),
    }),
    size.capacity === 'fargate'
      ? row('fargateVcpu', {
          grows: true,
          sentence: `vCPU of the tasks of the peak, ${meanwhile}.`,
          ...asked((demand) => (together(demand) * size.cpuUnits) / unitsPerVcpu),
        })
      : row('instanceVcpu', {
          grows: true,
          sentence: `vCPU of the instances of the tasks of the peak, ${meanwhile}.`,
          ...(isKnownInstance(size.instanceType)
            ? asked((demand) => instancesOf(together(demand), size) * instanceOf(size).vcpu)
            : { demand: () => unknown(`How many vCPU ${size.instanceType} has is not known here.`) }),
        }),
    row('balancerTargets', {
      grows: true,
      sentence: `Tasks of the peak, ${meanwhile}.`,
      ...asked(together),
    }),
    row('balancerUnits', {
      grows: true,
      sentence:
        'Capacity units at the busiest moment, by new connections, open connections or bytes. A load balancer scales by itself, and what it takes without a reservation is not documented: this is what may be reserved.',
      ...asked((_, load) => peakUnits(load)),
    }),
    row('cacheConnections', {
      grows: true,
      sentence: `${busConnections} connections of each task of the peak, ${meanwhile}. How many messages/s a node carries is not documented.`,
      ...asked((demand) => busConnections * together(demand)),
    }),
    ...databaseRows(size, { asked, together, meanwhile }),
  ];
}

/** Each task keeps as many as it may; a proxy lends one for each statement, whoever makes it. */
function databaseRows(
  { database }: ServiceSize,
  {
    asked,
    together,
    meanwhile,
  }: {
    asked: (value: (demand: ServiceDemand, load: Load) => number) => Pick<Quota, 'demand'>;
    together: (demand: ServiceDemand) => number;
    meanwhile: string;
  },
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
            sentence: `${connectionsPerTask} connections (databaseConnections) of each task of the peak, ${meanwhile}. The limit is max_connections of the instance class, ${keptSentence(deployed)}.`,
            ...asked((demand) => connectionsPerTask * together(demand)),
          }),
    }),
  ];
}
