import { describe, expect, it } from 'vitest';
import type { Load } from '../demand/load.ts';
import { coefficientsWith, deploymentWith, exampleCoefficients, examplePlan } from '../example-stack.fixture.ts';
import { demandsOf, headroom } from '../headroom/headroom.ts';
import { pointsOfService } from './choose.ts';
import { holdOf } from './hold.ts';
import { assumedServiceCosts } from './service-costs.ts';
import type { ServiceSize } from './service-demand.ts';
import { deploymentOfService, serviceQuotas } from './service-quotas.ts';

const size: ServiceSize = {
  ...{ capacity: 'fargate', cpuUnits: 1_024, memoryMb: 2_048, instanceType: 'c7g.large', mostTasks: 10, leastTasks: 2 },
  ...{ connectionsPerTask: 20_000, targetCpuPercent: 60, bus: { nodeType: 'cache.t4g.micro', nodes: 2 } },
};
const load: Load = {
  ...{ users: 1_000, peakConnections: 1_000, tabsPerUser: 1, connectRatePerSecond: 0, connectBurst: null },
  ...{ messageRatePerSecond: 0, webhookRatePerSecond: 0, webhookBurst: null, ownersOnlineShare: 0.5 },
  ...{ messageBytes: 100, webhookBytes: 1_000 },
};
const holdAt = (
  connections: number,
  of: Partial<ServiceSize> = {},
  overrides: Readonly<Record<string, number>> = { fargateVcpu: 4_000 },
) => {
  const quotas = serviceQuotas({ ...size, ...of }, assumedServiceCosts, { region: 'us-east-1', overrides });
  const at = { ...load, peakConnections: connections };
  return holdOf(
    headroom(demandsOf(at, coefficientsWith(), deploymentOfService('us-east-1', size), quotas), quotas),
    quotas,
  );
};

describe('whether a service of tasks holds', () => {
  it('counts one task less than there may be: nine of ten carry 180,000 connections', () => {
    expect(holdAt(180_000)).toMatchObject({
      ...{ state: 'holds', exceeded: [] },
      binding: { quotaId: 'taskConnections', utilisation: 1 },
    });
  });

  it('once the setting that is exceeded is raised, which goes to 1,000 tasks', () => {
    const [exceeded, ...others] = holdAt(180_001).exceeded;
    expect(others).toEqual([]);
    expect(exceeded).toMatchObject({
      ...{ quotaId: 'taskConnections', needed: 180_001, limit: 180_000 },
      remedy: { kind: 'set', setting: 'tasks.most of the service' },
    });
    expect(holdAt(180_001).state).toBe('onceRaised');
    expect(holdAt(20_000 * 999 + 1, { mostTasks: 1_000 }).state).toBe('doesNotHold');
  });

  it('by the vCPU of the account: three tasks, and as many in a deployment, are the six of a new one', () => {
    const ofNew = (connections: number, of: Partial<ServiceSize> = {}) => holdAt(connections, of, {});
    expect(ofNew(40_000)).toMatchObject({ state: 'holds', binding: { quotaId: 'fargateVcpu', utilisation: 1 } });
    expect(ofNew(40_001)).toMatchObject({
      state: 'onceRaised',
      exceeded: [{ quotaId: 'fargateVcpu', code: 'L-3032A538', needed: 8, limit: 6, remedy: { kind: 'raise' } }],
    });
    expect(holdAt(40_001, {}, { 'L-3032A538': 8 }).state).toBe('holds');
    // 125% of five tasks are six, rounded down, and of four five.
    const slowly = { deployment: { minimumHealthyPercent: 100, maximumPercent: 125 } };
    expect(ofNew(80_000, slowly)).toMatchObject({ binding: { quotaId: 'fargateVcpu', demand: 6 } });
    expect(ofNew(60_000, slowly)).toMatchObject({ binding: { quotaId: 'fargateVcpu', demand: 5 } });
  });

  it('by the tasks that a deployment leaves: of ten at 60% six, and four for three that are needed', () => {
    const inPlace = { deployment: { minimumHealthyPercent: 60, maximumPercent: 100 } };
    expect(holdAt(120_001, inPlace).exceeded).toMatchObject([{ quotaId: 'taskConnections', limit: 120_000 }]);
    // 60% of four are three, rounded up, of five three, of six four.
    expect(holdAt(60_000, inPlace, {}).binding).toMatchObject({ quotaId: 'fargateVcpu', demand: 4 });
    expect(holdAt(60_001, inPlace, {}).binding).toMatchObject({ quotaId: 'fargateVcpu', demand: 6 });
  });

  it('by the vCPU of instances on EC2: each c7g.large has room for one task of 2 GB', () => {
    expect(holdAt(1_000, { capacity: 'ec2' }, {})).toMatchObject({
      state: 'onceRaised',
      // Two tasks, and two more in a deployment: four instances of two vCPU.
      exceeded: [{ quotaId: 'instanceVcpu', code: 'L-1216C47A', needed: 8, limit: 5 }],
    });
  });

  it('by the targets of the load balancer, by the id or the code of the quota', () => {
    for (const key of ['balancerTargets', 'L-7E6692B2'])
      expect(holdAt(1_000, {}, { [key]: 2 }).exceeded).toMatchObject([
        { quotaId: 'balancerTargets', needed: 4, limit: 2 },
      ]);
  });

  it('by the connections of a database: ten of each task, and twice the tasks in a deployment', () => {
    const deployed = {
      ...{ id: 'database', instanceClass: 't4g.micro', instances: 2, storageGb: 20, natGateways: 0, statements: {} },
      ...{
        maxConnections: 45,
        isMaxConnectionsSet: true as const,
        upkeepConnections: 2,
        proxyPercent: null,
        functions: [],
      },
    };
    const database = { connectionsPerTask: 10, deployed };
    // 45 less three of PostgreSQL and two of upkeep.
    expect(holdAt(1_000, { database })).toMatchObject({
      binding: { quotaId: 'databaseConnections', demand: 40, limit: 40, limitFrom: 'setting' },
    });
    expect(holdAt(20_001, { database }).exceeded).toMatchObject([{ quotaId: 'databaseConnections', needed: 60 }]);
    // A proxy lends one for each statement: 3 of each of 100 webhooks/s, for 5 ms each.
    const lent = { ...deployed, proxyPercent: 100, statements: { webhook: 3 } };
    const quotas = serviceQuotas({ ...size, database: { ...database, deployed: lent } }, assumedServiceCosts, {
      ...{ region: 'us-east-1', overrides: {} },
    });
    const row = quotas.find(({ id }) => id === 'databaseConnections');
    const demand = row?.demand(
      { ...load, webhookRatePerSecond: 100 },
      coefficientsWith(),
      deploymentOfService('us-east-1', size),
    );
    expect(demand).toMatchObject({ kind: 'value', value: 1.5 });
  });

  it('not with a single task: one may be gone', () => {
    expect(holdAt(1_000, { mostTasks: 1, leastTasks: 1 }).exceeded).toMatchObject([
      { quotaId: 'serviceTasks', needed: 2, limit: 1, remedy: { kind: 'set' } },
    ]);
  });
});

describe('the queue and the table that a service has like the functions', () => {
  const holdOfPlan = (change: Partial<typeof examplePlan>) => {
    const shared = { coefficients: exampleCoefficients, deployment: deploymentWith() };
    const many = { ...size, mostTasks: 1_000 };
    const plan = { ...examplePlan, quotas: { fargateVcpu: 4_000 }, ...change };
    const { points, quotas } = pointsOfService(plan, { size: many, costs: assumedServiceCosts, shared });
    return holdOf(points[0]?.headroom ?? [], quotas);
  };

  it('limit it as well: ten days without a consumer are longer than messages are kept', () => {
    expect(holdOfPlan({ consumerOutageSeconds: 864_000 })).toMatchObject({
      state: 'onceRaised',
      exceeded: [{ quotaId: 'sqsRetention.outage', remedy: { kind: 'set' } }],
    });
    expect(holdOfPlan({ consumerOutageSeconds: 86_400 }).exceeded).toEqual([]);
  });

  it('but not by what only functions and their pollers meet', () => {
    const { points } = pointsOfService(examplePlan, {
      ...{ size, costs: assumedServiceCosts },
      shared: { coefficients: exampleCoefficients, deployment: deploymentWith() },
    });
    const ids = points[0]?.headroom.map(({ quotaId }) => quotaId) ?? [];
    expect(ids).toContain('dynamodbTableWrite');
    expect(ids).toContain('taskConnections');
    expect(
      ids.filter((id) => /^(lambda|account|poller|sqsInFlight|sqsMaxReceive|sqsRetention$|webSocketApi)/.test(id)),
    ).toEqual([]);
  });
});
