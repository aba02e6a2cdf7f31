import { describe, expect, it } from 'vitest';
import { balancerUnits } from '../../aws/servers/balancer-units.ts';
import type { Load } from '../demand/load.ts';
import { serviceCost } from './service-cost.ts';
import type { ServiceCosts } from './service-costs.ts';
import { type ServiceSize, serviceDemand } from './service-demand.ts';

const same = (value: number) => ({ low: value, mid: value, high: value });
const costs: ServiceCosts = {
  cpuSeconds: { connect: same(1e-3), message: same(1e-4), webhook: same(2e-3), push: same(1e-4) },
  bytesPerConnection: { low: 10_240, mid: 20_480, high: 40_960 },
  baseBytes: same(100 * 1_048_576),
};
const size: ServiceSize = {
  ...{ capacity: 'fargate', cpuUnits: 1_024, memoryMb: 2_048, instanceType: 'c7g.large', mostTasks: 10, leastTasks: 2 },
  ...{ connectionsPerTask: 50_000, targetCpuPercent: 50, bus: { nodeType: 'cache.t4g.micro', nodes: 2 } },
};
const load: Load = {
  ...{ users: 1_000, peakConnections: 1_000, tabsPerUser: 1, connectRatePerSecond: 0, connectBurst: null },
  ...{ messageRatePerSecond: 100, webhookRatePerSecond: 10, webhookBurst: null, ownersOnlineShare: 0.5 },
  ...{ messageBytes: 100, webhookBytes: 1_000 },
};

describe('tasks of a service', () => {
  it('are one more than the load needs, and two at least', () => {
    // 100 · 0.0001 + 10 · 0.002 + 5 · 0.0001 = 0.0305 s of CPU a second, of half a core a task.
    const demand = serviceDemand(load, size, costs);
    expect(demand.cpuPerSecond).toBeCloseTo(0.0305, 9);
    expect(demand.asked.cpu).toBeCloseTo(0.061, 9);
    expect([demand.binding, demand.tasks]).toEqual(['availability', 2]);
  });

  it('are as many as CPU asks for: one process has one core, however large its task', () => {
    const busy = { ...load, messageRatePerSecond: 12_000 };
    expect(serviceDemand(busy, size, costs)).toMatchObject({ binding: 'cpu', tasks: 4 });
    expect(serviceDemand(busy, { ...size, cpuUnits: 4_096 }, costs).tasks).toBe(4);
    expect(serviceDemand(busy, { ...size, cpuUnits: 512 }, costs).tasks).toBe(6);
  });

  it('are as many as connections take memory, in three quarters of a task without its base', () => {
    const many = { ...load, peakConnections: 200_000, messageRatePerSecond: 0 };
    // 200,000 · 20,480 / (2,048 MB · 0.75 − 100 MB) = 2.72.
    const memory = serviceDemand(many, { ...size, connectionsPerTask: 1_000_000 }, costs);
    expect(memory.asked.memory).toBeCloseTo(2.72, 2);
    expect(memory).toMatchObject({ binding: 'memory', tasks: 4 });
    expect(serviceDemand(many, { ...size, connectionsPerTask: 1_000_000 }, costs, 'high').tasks).toBe(7);
    expect(serviceDemand(many, size, costs)).toMatchObject({ binding: 'connections', tasks: 5 });
  });
});

describe('the bill of a service', () => {
  const functions = {
    components: [
      { id: 'dynamodb.writes', usd: 5 },
      { id: 'sqs.requests', usd: 2 },
      { id: 'lambda.duration', usd: 100 },
      { id: 'webSocket.messages', usd: 100 },
      { id: 'cloudwatch.logs', usd: 100 },
    ].map(({ id, usd }) => ({
      ...{ id, name: id, unit: '', sentence: '', priceSource: '', priceDate: '' },
      amount: { kind: 'value' as const, quantityPerMonth: 1, usdPerMonth: usd },
    })),
  };
  const partsOf = (of: ServiceSize, tasks: number) =>
    Object.fromEntries(
      serviceCost(load, { tasks }, of, functions).parts.map(({ id, usdPerMonth }) => [id, usdPerMonth]),
    );

  it('has tasks, addresses, load balancer, bus, and what both variants have', () => {
    const parts = partsOf(size, 2);
    // 2 tasks · 730 h · (1 vCPU · $0.03238 + 2 GB · $0.00356).
    expect(parts.tasks).toBeCloseTo(57.67, 2);
    expect(parts.addresses).toBeCloseTo(14.6, 6);
    expect(parts.loadBalancer).toBeCloseTo(16.425, 6);
    expect(parts.bus).toBeCloseTo(18.688, 6);
    expect(parts.shared).toBe(7);
  });

  it('has instances that tasks share by CPU and memory', () => {
    // c7g.large: 2 vCPU and 90% of 4 GB hold one task of 2 GB, or three of 1 GB, but two by CPU.
    expect(partsOf({ ...size, capacity: 'ec2' }, 3).instances).toBeCloseTo(3 * 730 * 0.0725, 6);
    expect(partsOf({ ...size, capacity: 'ec2', memoryMb: 1_024 }, 3).instances).toBeCloseTo(2 * 730 * 0.0725, 6);
  });
});

describe('capacity units of a load balancer', () => {
  it.each([
    [{ newConnectionsPerSecond: 50, activeConnections: 3_000, gbPerHour: 1 }, 2],
    [{ newConnectionsPerSecond: 1, activeConnections: 9_000, gbPerHour: 1 }, 3],
    [{ newConnectionsPerSecond: 1, activeConnections: 300, gbPerHour: 4 }, 4],
  ])('are the largest of %j: %d', (of, units) => {
    expect(balancerUnits(of)).toBe(units);
  });
});
