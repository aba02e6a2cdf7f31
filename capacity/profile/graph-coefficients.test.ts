import { expect, test } from 'vitest';
import { exampleGraph } from '../../graph/example.fixture.ts';
import type { Coefficient, UnitCosts } from '../demand/coefficients.ts';
import { coefficientsOfGraph } from './graph-coefficients.ts';

const entered = { webSocket: 'Chat', webhook: 'Orders', routes: { message: 'send', webhook: 'POST /orders' } };
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

test('messages that may take several routes: which one is asked for', () => {
  const graph = exampleGraph();
  const [chat, ...others] = graph.apis;
  if (chat === undefined) throw new Error('the example has an API');
  const leave = { key: 'leave', integration: { kind: 'function', id: 'Sweep' }, authorizer: null } as const;
  const two = { ...graph, apis: [{ ...chat, routes: [...chat.routes, leave] }, ...others] };
  const of = (message: string | null) =>
    shown(coefficientsOfGraph(two, { ...entered, routes: { message, webhook: null } }).functions.Sweep?.invocations);
  expect(of(null).message).toContain('--message');
  expect(of('leave')).toEqual({ message: 1 });
  expect(of('send')).toEqual({});
});
