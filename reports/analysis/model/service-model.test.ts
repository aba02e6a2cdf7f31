import { describe, expect, it } from 'vitest';
import { usEast1Prices } from '../../../aws/prices.ts';
import { loadOfPlan } from '../../../capacity/demand/load.ts';
import { exampleCoefficients, exampleDeployment } from '../../../capacity/example-stack.fixture.ts';
import type { DeployedService } from '../../../capacity/headroom/deployment.ts';
import { serviceBill } from '../../../capacity/servers/choose.ts';
import { billOfService } from '../../../capacity/servers/service-bill.ts';
import { assumedServiceCosts, type Estimate, type ServiceCosts } from '../../../capacity/servers/service-costs.ts';
import { deploymentOfService } from '../../../capacity/servers/service-quotas.ts';
import { referenceGraph } from '../../../graph/reference.fixture.ts';
import type { RunRecord } from '../../../record/run.ts';
import { sectionsOf } from '../../document/sections.ts';
import { exampleObservation, seriesOf } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';

const service: DeployedService = {
  ...{ capacity: 'fargate', instanceType: 'c7g.large', cpuUnits: 1_024, memoryMb: 2_048, leastTasks: 2, mostTasks: 10 },
  ...{ connectionsPerTask: 20_000, targetCpuPercent: 60, bus: { nodeType: 'cache.t4g.micro', nodes: 2 } },
};
const mb = 1_048_576;
const measured = [
  seriesOf('ecs.service.cpuPercent.max', [[3, 45]]),
  // 100 connects, 600 messages, 758 webhooks and 1,410 pushes are assumed to cost 1.7848 s.
  seriesOf('ecs.service.processorMicros.sum', [
    [3, 900_000],
    [4, 2_669_600],
  ]),
  seriesOf('ecs.service.memoryBytes.max', [[3, 130 * mb]]),
  seriesOf('loadBalancer.balancer.requests.sum', [[3, 10]]),
  seriesOf('loadBalancer.balancer.newConnections.sum', [[3, 50]]),
  seriesOf('loadBalancer.balancer.activeConnections.max', [[3, 200]]),
  seriesOf('loadBalancer.balancer.processedBytes.sum', [[3, 100_000]]),
];

function reportOf({
  profile,
  quotas = {},
  series = measured,
  of = service,
  shared,
  users,
}: {
  profile?: NonNullable<RunRecord['tasksProfile']>;
  shared?: NonNullable<RunRecord['shared']>;
  users?: number;
  quotas?: Record<string, number>;
  series?: typeof measured;
  of?: DeployedService;
} = {}) {
  const { target, plan } = exampleRun();
  const services = [{ id: 'service', name: 's', cluster: 'c', tasks: 3, cpuUnits: 1_024, memoryMb: 2_048 }];
  const run = exampleRun({
    deployment: deploymentOfService('us-east-1', of),
    plan: { ...plan, quotas, users: users ?? plan.users },
    ...(shared && { shared }),
    ...(profile && { tasksProfile: profile }),
    target: { ...target, graph: { ...referenceGraph(), services } },
  });
  const report = buildReport(run, exampleObservation({ series }));
  return { report, row: (id: string) => report.headroom.find(({ quotaId }) => quotaId === id) };
}

describe('a run of a service of tasks', () => {
  it('has a row for each limit of the service, with what was measured of it', () => {
    const { report, row } = reportOf();
    const used = (id: string) => {
      const cell = row(id)?.run;
      return cell?.kind === 'value' ? [cell.demand, cell.limit] : null;
    };
    // The busiest second, of 60% of a core of nine tasks.
    expect(used('taskCpu')).toEqual([2.6696, expect.closeTo(5.4, 9)]);
    // Ten MB above what a task needs by itself, in three tasks; nine tasks have 1,416 MB each for connections.
    expect(used('taskMemory')).toEqual([30, 12_744]);
    expect(used('taskConnections')).toEqual([100, 180_000]);
    expect(used('fargateVcpu')).toEqual([3, 6]);
    expect(used('balancerTargets')).toEqual([3, 1_000]);
    // 50 new connections a second, 25 of which are a unit; 100 open ones and 0.36 GB an hour are less.
    expect(used('balancerUnits')).toEqual([2, 15_000]);
    expect(used('cacheConnections')).toEqual([6, 65_000]);
    expect(row('instanceVcpu')).toBeUndefined();
    expect(report.coefficients).toBeNull();
    expect(report.verdict.sentence).toContain('Fargate On-Demand vCPU');
  });

  it('asks the plan’s CPU by what the run took for its units: twice as much as is assumed', () => {
    const today = (from: ReturnType<typeof reportOf>) => {
      const cell = from.row('taskCpu')?.today;
      return cell?.kind === 'value' ? cell.demand : Number.NaN;
    };
    const without = reportOf({ series: measured.filter(({ key }) => !key.includes('processorMicros')) });
    expect(today(reportOf()) / today(without)).toBeCloseTo(2, 9);
    expect(reportOf().row('taskCpu')?.demandSentence).toContain('2 times what is assumed');
    expect(without.row('taskCpu')?.demandSentence).toContain('assumed, within a factor of 2');
    // What was not measured is not 0.
    expect(without.row('taskCpu')?.run).toEqual({ kind: 'unknown', reason: 'The run did not measure it.' });
  });

  it('asks the plan’s CPU and memory by a profile, where there is one, and says how far the run was from it', () => {
    const twice = ({ low, mid, high }: Estimate): Estimate => ({ low: low * 2, mid: mid * 2, high: high * 2 });
    const { cpuSeconds, bytesPerConnection, baseBytes } = assumedServiceCosts;
    const costs: ServiceCosts = {
      cpuSeconds: {
        ...{ connect: twice(cpuSeconds.connect), message: twice(cpuSeconds.message) },
        ...{ webhook: twice(cpuSeconds.webhook), push: twice(cpuSeconds.push) },
      },
      bytesPerConnection: twice(bytesPerConnection),
      baseBytes: { ...baseBytes, mid: 110 * mb },
    };
    const profile = { profileId: 'of-tasks', on: 'local' as const, costs };
    const asked = (from: ReturnType<typeof reportOf>, id: string) => {
      const cell = from.row(id)?.today;
      return cell?.kind === 'value' ? cell.demand : Number.NaN;
    };
    const [without, withIt] = [reportOf({ series: [] }), reportOf({ profile })];
    for (const id of ['taskCpu', 'taskMemory']) expect(asked(withIt, id) / asked(without, id)).toBeCloseTo(2, 9);
    // The run took twice what is assumed, and so does the profile.
    expect(withIt.row('taskCpu')?.demandSentence).toContain('All units of this run together took 1 times that');
    expect(withIt.row('taskMemory')?.demandSentence).toContain('that of profile of-tasks');
    // 20 MB above what the profile's tasks need by themselves, in three of them; nine have 1,426 MB each for connections.
    expect(withIt.row('taskMemory')?.run).toMatchObject({ demand: 60, limit: 9 * 1_426 });
  });

  it('is compared with the quotas of the account, and with instances on EC2', () => {
    expect(reportOf({ quotas: { 'L-3032A538': 4_000 } }).row('fargateVcpu')?.limit).toBe(4_000);
    const onInstances = reportOf({ of: { ...service, capacity: 'ec2' } });
    // A c7g.large has room for one task of 2 GB.
    expect(onInstances.row('instanceVcpu')?.run).toMatchObject({ demand: 6, limit: 5 });
    const other = reportOf({ of: { ...service, capacity: 'ec2', instanceType: 'c9x.large' } });
    expect(other.row('instanceVcpu')?.today).toMatchObject({ kind: 'unknown' });
  });
});

describe('what a service of tasks costs', () => {
  const shared = { coefficients: exampleCoefficients, deployment: exampleDeployment };

  it('is in the report of its run: its own parts by the tasks of the plan, and what it shares with functions', () => {
    const { report } = reportOf({ shared });
    const [today, ...later] = report.cost;
    const of = (id: string) => today?.cost.components.find((each) => each.id === id)?.amount;
    // Two tasks of a vCPU and 2 GB, all month: 730 h × (0.03238 + 2 × 0.00356).
    expect(of('service.tasks')).toMatchObject({ quantityPerMonth: 1_460, usdPerMonth: expect.closeTo(57.67, 1) });
    expect(of('service.bus')).toMatchObject({ usdPerMonth: expect.closeTo(730 * 2 * 0.0128, 6) });
    // Two of the load balancer and one of each task.
    expect(of('service.addresses')).toMatchObject({ usdPerMonth: expect.closeTo(730 * 4 * 0.005, 6) });
    expect(of('dynamodb.writes')?.kind).toBe('value');
    expect(of('lambda.requests')).toBeUndefined();
    const sum = today?.cost.components.reduce(
      (all, { amount }) => all + (amount.kind === 'value' ? amount.usdPerMonth : 0),
      0,
    );
    expect(today?.cost.usdPerMonth).toBeCloseTo(sum ?? 0, 9);
    expect(later.length).toBeGreaterThan(0);
    expect(report.costOverTime).toHaveLength(report.projection?.points.length ?? 0);
    expect(sectionsOf(report).map(({ id }) => id)).toContain('cost');
  });

  it('is not made up for a run that did not record what it shares', () => {
    expect(reportOf().report.cost).toEqual([]);
  });

  it('is that of `loadline choose` for the same plan', () => {
    const { plan } = exampleRun();
    const input = { size: service, costs: assumedServiceCosts, shared, prices: usEast1Prices };
    const load = loadOfPlan(plan);
    expect(billOfService(load, input).usdPerMonth).toBe(serviceBill(load, input, 'mid').usdPerMonth);
  });
});

it('a plan that outgrows its tasks says what to ask for and what to set', () => {
  const { report } = reportOf({ users: 200_000 });
  const advised = report.recommendations.map(({ id }) => id);
  expect(advised).toEqual(expect.arrayContaining(['quota.fargateVcpu', 'quota.taskCpu']));
  expect(advised.filter((id) => id.startsWith('client.'))).toEqual([]);
});
