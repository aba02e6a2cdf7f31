import { expect, test } from 'vitest';
import { measuredInProfile, type ProfiledTasks, profiledServiceCosts } from './profiled-service-costs.ts';
import { assumedServiceCosts } from './service-costs.ts';

const cost = (value: number, margin: number | null = null) => ({ kind: 'value' as const, value, margin, units: 100 });

const profileWith = (change: Partial<ProfiledTasks> = {}): ProfiledTasks => ({
  target: { kind: 'local' },
  figures: [
    { service: 'dynamodb', figure: 'writeUnits', costs: { connect: cost(1) } },
    {
      ...{ service: 'ecs', figure: 'cpuMs' },
      costs: { connect: cost(2, 0.5), disconnect: cost(1), message: cost(0.1, 0.02), webhook: cost(4) },
    },
  ],
  service: { baseBytes: 100e6, bytesPerConnection: cost(20_000, 5_000), idleCpuMsPerSecond: 6 },
  ...change,
});

test('each kind has its own cost and interval: on this machine twice as wide either way, since its cores are not AWS’s', () => {
  const costs = profiledServiceCosts(profileWith());
  // 1.5 to 2.5 ms, / 2 and × 2.
  expect(costs?.cpuSeconds.connect).toEqual({ low: 0.75e-3, mid: 2e-3, high: 5e-3 });
  expect(costs?.cpuSeconds.message.mid).toBeCloseTo(1e-4);
  // Without an interval twice and half, and the machine's factor.
  expect(costs?.cpuSeconds.webhook).toEqual({ low: 1e-3, mid: 4e-3, high: 16e-3 });
  // Memory is that of any machine.
  expect(costs?.bytesPerConnection).toEqual({ low: 15_000, mid: 20_000, high: 25_000 });
  expect(costs?.baseBytes.mid).toBe(100e6);
  const onAws = profiledServiceCosts(profileWith({ target: { kind: 'aws' } }));
  expect(onAws?.cpuSeconds.connect).toEqual({ low: 1.5e-3, mid: 2e-3, high: 2.5e-3 });
});

test('a kind of load that the profile did not have costs what is assumed, and is not said to be measured', () => {
  expect(profiledServiceCosts(profileWith())?.cpuSeconds.push).toEqual(assumedServiceCosts.cpuSeconds.push);
  expect(measuredInProfile(profileWith())?.cpuMs).toMatchObject({ push: null, message: { value: 0.1, margin: 0.02 } });
});

test('a profile of functions says nothing of tasks', () => {
  const { figures, target } = profileWith();
  expect(profiledServiceCosts({ target, figures: figures.slice(0, 1) })).toBeNull();
});
