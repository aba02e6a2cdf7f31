import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePlan } from '../plan/plan.ts';
import { planWorkload } from '../plan/workload.ts';
import { offeredLoad, variablesUsed } from './offered-load.ts';
import { parseScenario, type Scenario } from './scenario.ts';

const read = (name: string) => readFileSync(new URL(`../../scenarios/${name}.yml`, import.meta.url), 'utf8');
const parsedPlan = parsePlan(read('plan'), 'plan.yml');
if (parsedPlan.kind === 'invalid') throw new Error(parsedPlan.problems.join('\n'));
const planned = planWorkload(parsedPlan.plan, parsedPlan.benchmark);

function scenarioOf(name: string): Scenario {
  const parsed = parseScenario(read(name), `${name}.yml`);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  return parsed.scenario;
}

test('sync offers the plan unchanged', () => {
  expect(offeredLoad(scenarioOf('sync'), planned, {})).toEqual(planned);
});

describe('what a scenario does not send is not in its load', () => {
  test('connections: no messages, no webhooks, and its own time', () => {
    expect(offeredLoad(scenarioOf('connections'), planned, { holdSeconds: '7' })).toMatchObject({
      connections: 1_000,
      steadySeconds: 7,
      messageRatePerSecond: 0,
      webhookRatePerSecond: 0,
      burstRatePerSecond: 0,
      replayShare: 0,
    });
  });
  test('webhook-burst: the plan’s burst, no messages, and the mean of its sizes', () => {
    expect(offeredLoad(scenarioOf('webhook-burst'), planned, {})).toMatchObject({
      messageRatePerSecond: 0,
      ...{ burstStartSeconds: 20, burstSeconds: 10, burstRatePerSecond: 45 },
      // 0.6 × 2,048 + 0.3 × 8,192 + 0.09 × 65,536 + 0.01 × 262,144
      webhookBytes: 12_206,
    });
  });
});

test('phases give their mean rate, and at least their own length', () => {
  const messagePhases = [
    { kind: 'linear', fromPerSecond: 0, toPerSecond: 100, lastsSeconds: 60 },
    { kind: 'constant', ratePerSecond: 100, lastsSeconds: 20 },
  ];
  const scenario = { variables: {}, fleets: [{ connections: 10, steadySeconds: 5, messagePhases }] };
  // 3,000 + 2,000 in 80 s
  expect(offeredLoad(scenario, planned, {})).toMatchObject({
    connections: 10,
    steadySeconds: 80,
    messageRatePerSecond: 62.5,
  });
});

test('variables are found in lists as well', () => {
  const fleets = [{ connections: '{{ n }}', channels: [{ count: '{{ k }}', subscribers: 2 }] }];
  expect([...variablesUsed({ variables: {}, fleets })]).toEqual(['n', 'k']);
});
