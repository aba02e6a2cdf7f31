/** What a run of a service of tasks implies for its plan on AWS: what it used of each limit, and what the plan asks. */
import { usEast1Prices } from '../../../aws/prices.ts';
import { balancerUnits } from '../../../aws/servers/balancer-units.ts';
import { unitsPerVcpu } from '../../../aws/servers/task-size.ts';
import { costOfDays } from '../../../capacity/cost/plan-cost.ts';
import type { Coefficients } from '../../../capacity/demand/coefficients.ts';
import type { Load } from '../../../capacity/demand/load.ts';
import type { UsagePlan } from '../../../capacity/demand/plan.ts';
import type { DeployedService } from '../../../capacity/headroom/deployment.ts';
import { bindingQuota, type Headroom, headroom } from '../../../capacity/headroom/headroom.ts';
import type { Demand, QuotaInForce } from '../../../capacity/headroom/quota.ts';
import { project } from '../../../capacity/projection/projection.ts';
import type { Functions } from '../../../capacity/servers/choose.ts';
import { instanceOf, instancesOf, isKnownInstance } from '../../../capacity/servers/instances.ts';
import { measuredServiceCosts } from '../../../capacity/servers/measured-service-costs.ts';
import { billOfService } from '../../../capacity/servers/service-bill.ts';
import { assumedServiceCosts } from '../../../capacity/servers/service-costs.ts';
import { busConnections, deploymentOfService, serviceQuotas } from '../../../capacity/servers/service-quotas.ts';
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { serviceAdvice } from '../advice/service-advice.ts';
import { headroomRows } from '../headroom-rows.ts';
import { approx } from '../numbers.ts';
import { timelineOf } from '../over-time/timeline.ts';
import { reportedProjection } from '../reported-projection.ts';
import { findSeries, maxOfSeries, resourceIds, sumOfSeries } from '../series.ts';
import { billsOverTime } from './cost-over-time.ts';
import { type ModelledParts, noModel } from './modelled.ts';

const bytesPerMb = 1_048_576;
const bytesPerGb = 1e9;
const secondsPerHour = 3_600;

/** A service has no coefficients of functions, tables and queues. */
const none: Coefficients = {
  from: 'assumed',
  callsPerPush: { kind: 'unknown', unit: 'calls/push', reason: 'A task writes to its sockets itself.' },
  pushBytes: { kind: 'unknown', unit: 'bytes', reason: 'It is not asked for.' },
  ...{ functions: {}, tables: {}, queues: {} },
};

/** Of a run that did not record what it shares with functions there is no cost. */
export function serviceParts(
  run: RunRecord,
  plan: UsagePlan,
  { service, observation }: { service: DeployedService; observation: Observation },
): ModelledParts {
  const { totals } = observation.client;
  const units = {
    ...{ connect: totals.connectsOpened, message: totals.messagesAnswered },
    ...{ webhook: totals.webhooksAccepted, push: totals.pushesDelivered },
  };
  const used = usedBy(run, observation);
  const { tasksProfile } = run;
  const measured = measuredServiceCosts(units, used.cpuSeconds, tasksProfile?.costs);
  const costs = tasksProfile?.costs ?? measured?.costs ?? assumedServiceCosts;
  const { region } = run.target;
  const said: Partial<Record<QuotaInForce['quota'], string>> = {
    taskCpu: cpuSentence(tasksProfile, measured?.factor ?? null),
    taskMemory: memorySentence(tasksProfile),
  };
  const quotas = serviceQuotas(service, costs, { region, overrides: plan.quotas }).map(
    (quota): QuotaInForce => ({ ...quota, sentence: [quota.sentence, said[quota.quota] ?? ''].join(' ').trim() }),
  );
  const projection = project(plan, none, quotas, deploymentOfService(region, service));
  const bill = { size: service, costs, shared: sharedOf(run, observation), prices: usEast1Prices };
  const { shared } = bill;
  const billed = shared && ((load: Load) => billOfService(load, { ...bill, shared }));
  const binding = bindingQuota(projection.points[0]?.headroom ?? []);
  const modelled = run.target.kind === 'local';
  return {
    ...noModel,
    headroom: headroomRows(
      quotas,
      measuredRows(quotas, used, { service, baseBytes: costs.baseBytes.mid }),
      projection.points,
    ),
    binding: binding.kind === 'binds' ? { modelled, quota: binding.binding, runnerUp: binding.runnerUp } : null,
    projection: reportedProjection(projection, plan, modelled),
    recommendations: serviceAdvice(plan, quotas, { coefficients: none, size: service, region }),
    ...(billed && { cost: costOfDays(projection, billed), costOverTime: billsOverTime(projection, billed) }),
    timeline: timelineOf(observation, [], plan.slo),
  };
}

/** What it has like functions, with the frames that its clients received. */
function sharedOf({ shared }: RunRecord, { client: { totals } }: Observation): Functions | null {
  if (shared === undefined) return null;
  const { bytesReceived, messagesAnswered, pushesDelivered, pushesDuplicate } = totals;
  const frames = messagesAnswered + pushesDelivered + pushesDuplicate;
  if (frames === 0) return shared;
  const pushBytes = {
    ...({ kind: 'value', value: bytesReceived / frames, unit: 'bytes', method: 'measured' } as const),
    basis: 'mean size of a frame received',
  };
  return { ...shared, coefficients: { ...shared.coefficients, pushBytes } };
}

function cpuSentence(profile: RunRecord['tasksProfile'], factor: number | null): string {
  if (profile !== undefined) {
    const run = factor === null ? '' : ` All units of this run together took ${approx(factor)} times that.`;
    return `What each kind of load costs a task was measured by profile ${profile.profileId} ${places[profile.on]}.${run}`;
  }
  return factor === null
    ? 'What a unit of load costs a task is assumed, within a factor of 2 either way.'
    : `What all units of this run cost together was measured, ${approx(factor)} times what is assumed; what each kind costs is in the proportion that is assumed.`;
}

const places = { local: 'on this machine, whose cores are not AWS’s', aws: 'on AWS' } as const;

const memorySentence = (profile: RunRecord['tasksProfile']): string =>
  profile === undefined
    ? 'What a connection holds is assumed.'
    : `What a connection holds, and a task without any, is that of profile ${profile.profileId}.`;

/** Null: not measured. */
interface Used {
  tasks: number | null;
  cpuSeconds: number | null;
  /** Of all tasks, in their busiest second. */
  busiestVcpu: number | null;
  /** Of the task that has the most. */
  mostBytes: number | null;
  connections: number | null;
  capacityUnits: number | null;
  databaseConnections: number | null;
}

function usedBy({ target }: RunRecord, { server, client }: Observation): Used {
  const [id] = resourceIds(server, 'ecs', 'cpuPercent.max');
  const [balancer] = resourceIds(server, 'loadBalancer', 'requests.sum');
  const micros = sumOfSeries(server, `ecs.${id}.processorMicros.sum`);
  const busiest = mostPerSecond(server, `ecs.${id}.processorMicros.sum`);
  const bytes = maxOfSeries(server, `ecs.${id}.memoryBytes.max`);
  const [database] = resourceIds(server, 'rds', 'connections.max');
  const databaseConnections = maxOfSeries(server, `rds.${database}.connections.max`);
  const open = client.seconds.map(({ openConnections }) => openConnections);
  return {
    tasks: target.graph?.services?.find((service) => service.id === id)?.tasks ?? null,
    cpuSeconds: micros.kind === 'value' ? micros.value / 1e6 : null,
    busiestVcpu: busiest === null ? null : busiest / 1e6,
    mostBytes: bytes.kind === 'value' ? bytes.value : null,
    connections: open.length === 0 ? null : Math.max(...open),
    capacityUnits: balancer === undefined ? null : unitsUsed(server, balancer),
    databaseConnections: databaseConnections.kind === 'value' ? databaseConnections.value : null,
  };
}

function unitsUsed(server: Observation['server'], balancer: string): number | null {
  const newConnections = mostPerSecond(server, `loadBalancer.${balancer}.newConnections.sum`);
  const active = maxOfSeries(server, `loadBalancer.${balancer}.activeConnections.max`);
  const bytes = mostPerSecond(server, `loadBalancer.${balancer}.processedBytes.sum`);
  if (newConnections === null || active.kind !== 'value' || bytes === null) return null;
  return balancerUnits({
    newConnectionsPerSecond: newConnections,
    // Counted on both sides.
    activeConnections: active.value / 2,
    gbPerHour: (bytes * secondsPerHour) / bytesPerGb,
  });
}

/** Of a sum, in the busiest period. */
function mostPerSecond(server: Observation['server'], key: string): number | null {
  const series = findSeries(server, key);
  if (series?.kind !== 'series' || series.points.length === 0) return null;
  return Math.max(...series.points.map(([, value]) => value)) / series.periodSeconds;
}

const unmeasured: Demand = { kind: 'unknown', reason: 'The run did not measure it.' };

/** What the run used of each limit, as it was measured. */
function measuredRows(
  quotas: readonly QuotaInForce[],
  used: Used,
  { service, baseBytes }: { service: DeployedService; baseBytes: number },
): Headroom[] {
  const { tasks, busiestVcpu, mostBytes, connections, capacityUnits } = used;
  const values: Partial<Record<QuotaInForce['quota'], number | null>> = {
    serviceTasks: tasks,
    taskCpu: busiestVcpu,
    taskMemory: mostBytes === null || tasks === null ? null : (Math.max(0, mostBytes - baseBytes) * tasks) / bytesPerMb,
    taskConnections: connections,
    fargateVcpu: tasks === null ? null : (tasks * service.cpuUnits) / unitsPerVcpu,
    instanceVcpu:
      tasks === null || service.capacity === 'fargate' || !isKnownInstance(service.instanceType)
        ? null
        : instancesOf(tasks, service) * instanceOf(service).vcpu,
    balancerTargets: tasks,
    balancerUnits: capacityUnits,
    cacheConnections: tasks === null ? null : busConnections * tasks,
    databaseConnections: used.databaseConnections,
  };
  return headroom(
    quotas.map(({ id, quota }) => {
      const value = values[quota] ?? null;
      return { quotaId: id, demand: value === null ? unmeasured : { kind: 'value', value } };
    }),
    quotas,
  );
}
