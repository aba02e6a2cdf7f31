import { expect, test } from 'vitest';
import { usEast1Prices } from '../../aws/prices.ts';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../example-stack.fixture.ts';
import { type ChoiceInput, choose } from './choose.ts';
import { movesOf } from './sensitivity.ts';
import { assumedServiceCosts } from './service-costs.ts';

const functions = { coefficients: exampleCoefficients, deployment: exampleDeployment };
const input: ChoiceInput = {
  ...{ plan: { ...examplePlan, users: 20_000 }, functions, shared: functions, prices: usEast1Prices },
  ...{ costs: assumedServiceCosts, durationFactor: 1 },
  size: {
    ...{
      capacity: 'fargate',
      instanceType: 'c7g.large',
      cpuUnits: 1_024,
      memoryMb: 2_048,
      leastTasks: 2,
      mostTasks: 10,
    },
    ...{ connectionsPerTask: 20_000, targetCpuPercent: 60, bus: { nodeType: 'cache.t4g.micro', nodes: 2 } },
  },
};
const moves = movesOf(input);
const move = (name: string) => moves.find((each) => each.input === name);

test('half and twice the users are what the answer says for them', () => {
  const [day] = choose({ ...input, plan: { ...input.plan, users: 40_000 } }).days;
  expect(move('users')?.twice.functions.usdPerMonth).toBeCloseTo(day?.functions.usdPerMonth ?? 0, 6);
  expect(move('users')?.twice.service.usdPerMonth).toBeCloseTo(day?.service.usdPerMonth.mid ?? 0, 6);
});

test('the crossover moves with what either costs: earlier where functions take longer, later where they take half', () => {
  const durations = move('functionDurations');
  expect(durations?.twice.serviceBeyond).toBeLessThan(durations?.half.serviceBeyond ?? 0);
  // Durations are no task's.
  expect(durations?.twice.service).toEqual(durations?.half.service);
  expect(move('taskCpu')?.twice.functions).toEqual(move('taskCpu')?.half.functions);
});

test('an input that the plan has none of is left out', () => {
  const { plan } = input;
  const without = movesOf({ ...input, plan: { ...plan, webhooksPerUserPerDay: 0, messagesPerUserPerMinute: 0 } });
  expect(without.map((each) => each.input)).toEqual([
    ...['users', 'evenness', 'taskCpu', 'taskMemory', 'functionDurations'],
  ]);
});
