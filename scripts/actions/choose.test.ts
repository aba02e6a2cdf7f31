import { expect, it } from 'vitest';
import { defaultPlan } from '../options/plan-option.ts';
import type { Terminal } from '../terminal.ts';
import { choose } from './choose.ts';

async function answerOf(options: Parameters<typeof choose>[1]): Promise<string> {
  const printed: string[] = [];
  // The cast: choose prints, and asks for the width.
  const terminal = { columns: 160, print: (text: string) => printed.push(text) } as unknown as Terminal;
  await choose(defaultPlan, { run: 'none', ...options }, terminal);
  return printed.join('\n');
}

it('answers for the example plan: both variants today and at each stage, and one crossover with its interval', async () => {
  const report = JSON.parse(await answerOf({ json: true }));
  const [today, ...later] = report.days;
  expect(later.map(({ stage }: { stage: string }) => stage)).toHaveLength(4);
  expect(today.connections).toBe(1_000);
  expect(today.service.demand).toMatchObject({ binding: 'availability', tasks: 2 });
  // Two tasks, a load balancer and a bus cost about as much as functions for a third of the plan's users.
  expect(report.today).toBe('service');
  expect(report.crossovers).toHaveLength(1);
  const [{ cheaperBeyond, connections, interval }] = report.crossovers;
  expect(cheaperBeyond).toBe('service');
  expect(interval.from).toBeLessThan(connections);
  expect(interval.to).toBeGreaterThan(connections);
  // A new account's Fargate quota: 8 tasks of a vCPU.
  const everybody = later.find(({ stage }: { stage: string }) => stage === 'everybody');
  expect(everybody.service.exceeded.map(({ kind }: { kind: string }) => kind)).toContain('fargateVcpu');
});

it('says what binds in each variant, and what each fails at', async () => {
  const text = await answerOf({});
  for (const part of [
    'a service of tasks costs less',
    'Webhook API stage throttle',
    'one task that may fail',
    'What functions fail at',
    'What a service of tasks fails at',
    'What changing later costs',
  ])
    expect(text).toContain(part);
});
