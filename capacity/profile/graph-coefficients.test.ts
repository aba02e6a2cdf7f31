import { expect, test } from 'vitest';
import type { TakenRoute } from '../../graph/entered.ts';
import { exampleGraph } from '../../graph/example.fixture.ts';
import type { Coefficient, UnitCosts } from '../demand/coefficients.ts';
import { examplePlan } from '../example-stack.fixture.ts';
import { deploymentOfGraph } from '../headroom/graph-deployment.ts';
import { recommend } from '../recommendations/recommendation.ts';
import { coefficientsOfGraph } from './graph-coefficients.ts';

const only = (key: string) => [{ key, weight: 1 }];
const entered = {
  ...{ webSocket: 'Chat', webhook: 'Orders' },
  routes: { message: only('send'), webhook: only('POST /orders') },
};
const shown = (costs: UnitCosts | undefined) =>
  Object.fromEntries(
    Object.entries(costs ?? {}).map(([kind, cost]: [string, Coefficient]) => [
      kind,
      cost.kind === 'value' ? cost.value : cost.reason,
    ]),
  );
const unmeasured = (kind: string, id: string) =>
  `What a ${kind} costs ${id} was not measured: \`loadline profile\` measures it.`;

test('a unit of load is an invocation of what its route and its authorizer name, and a message of the queue', () => {
  const { functions, queues } = coefficientsOfGraph(exampleGraph(), entered);
  expect(shown(functions.Guard?.invocations)).toEqual({ connect: 1 });
  expect(shown(functions.OnConnect?.invocations)).toEqual({ connect: 1, disconnect: 1 });
  expect(shown(functions.Send?.invocations)).toEqual({ message: 1 });
  expect(shown(functions.Sweep?.invocations)).toEqual({});
  // A message may be put into it as well, by code.
  expect(shown(queues.Inbox)).toEqual({
    message: unmeasured('message', 'Inbox'),
    webhook: unmeasured('webhook', 'Inbox'),
  });
});

test('what lies behind, and how long anything takes, is unknown', () => {
  const { functions, tables, calls } = coefficientsOfGraph(exampleGraph(), entered);
  expect(shown(functions.Push?.invocations)).toEqual({
    message: unmeasured('message', 'Push'),
    webhook: unmeasured('webhook', 'Push'),
  });
  expect(shown(functions.Send?.busySeconds).message).toMatch(/^How long Send runs was not measured/);
  expect(Object.keys(shown(tables.Connections?.writeUnits))).toEqual(['connect', 'disconnect', 'message', 'webhook']);
  expect(Object.keys(tables)).toEqual(['Connections', 'Connections:byUser']);
  // Send knows the API's address; OnConnect does not.
  expect(shown(calls)).toMatchObject({ connect: 0, message: expect.stringContaining('@connections') });
});

test('a reservation that the rate alone exceeds is no redesign: how many it needs is what is not known', () => {
  const graph = exampleGraph();
  const functions = graph.functions.map((each) => ({ ...each, reservedConcurrency: each.id === 'Send' ? 1 : null }));
  const deployment = deploymentOfGraph({ ...graph, functions }, entered, 'us-east-1');
  const advice = recommend({ plan: examplePlan, coefficients: coefficientsOfGraph(graph, entered), deployment });
  const about = advice.filter(
    ({ id, quotaIds }) => id !== 'rollout.safeStage' && quotaIds.includes('reservedInvocationRate.Send'),
  );
  // 3,600 messages/s against 10.
  expect(about.map(({ id, kind, exceededOn }) => [id, kind, exceededOn])).toEqual([
    ['reservedConcurrency.Send', 'unknown', examplePlan.asOf],
  ]);
});

test('messages that may take several routes: which one is asked for', () => {
  const graph = exampleGraph();
  const [chat, ...others] = graph.apis;
  if (chat === undefined) throw new Error('the example has an API');
  const leave = { key: 'leave', integration: { kind: 'function', id: 'Sweep' }, authorizer: null } as const;
  const two = { ...graph, apis: [{ ...chat, routes: [...chat.routes, leave] }, ...others] };
  const of = (message: readonly TakenRoute[] | null) =>
    shown(coefficientsOfGraph(two, { ...entered, routes: { message, webhook: null } }).functions.Sweep?.invocations);
  expect(of(null).message).toContain('--message');
  expect(of(only('leave'))).toEqual({ message: 1 });
  expect(of(only('send'))).toEqual({});
  // One message in four takes the route: a quarter of an invocation for each.
  expect(of([...only('send'), ...only('send'), ...only('send'), ...only('leave')])).toEqual({ message: 0.25 });
});
