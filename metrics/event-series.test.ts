import { expect, test } from 'vitest';
import { alarmsOf } from './dashboard/alarms.ts';
import { watchedGraph } from './dashboard/watched-graph.ts';
import { eventQueries } from './event-series.ts';

const rule = { matchesEvents: true, schedule: null, targets: [] };
const graph = {
  ...{ stackName: 'shop', apis: [], functions: [], queues: [], tables: [], eventSources: [], reaches: [] },
  eventBuses: [
    { id: 'Bus', name: 'shop-bus' },
    { id: 'default', name: 'default' },
  ],
  rules: [
    { ...rule, id: 'Orders', name: 'orders', bus: 'Bus' },
    { ...rule, id: 'Nightly', name: 'nightly', bus: 'default' },
  ],
};

test('rules of the default bus are counted under their name alone, others under their bus as well', () => {
  const of = new Map(eventQueries(graph).map((query): [string, typeof query] => [query.key, query]));
  expect(of.get('events.Bus.matched.sum')).toMatchObject({
    ...{ namespace: 'AWS/Events', metric: 'MatchedEvents', dimensions: { EventBusName: 'shop-bus' } },
  });
  expect(of.get('events.Orders.failed.sum')).toMatchObject({
    ...{ metric: 'FailedInvocations', dimensions: { EventBusName: 'shop-bus', RuleName: 'orders' } },
  });
  const nightly = of.get('events.Nightly.invocations.sum');
  expect([nightly?.metric, nightly?.dimensions]).toEqual(['Invocations', { RuleName: 'nightly' }]);
});

test('each rule has an alarm on what was given up', () => {
  expect(alarmsOf(graph).map(({ of, what }) => [of, what])).toEqual([
    ['Orders', 'FailedInvocations'],
    ['Nightly', 'FailedInvocations'],
  ]);
});

test('a template refers to rules of the default bus: what Ref is of another one is not its name', () => {
  const { graph: watched, leftOut } = watchedGraph(graph, 'references');
  expect(watched.rules?.map(({ name }) => name)).toEqual([`\${Nightly}`]);
  expect(watched.eventBuses?.map(({ name }) => name)).toEqual([`\${Bus.Name}`, 'default']);
  expect(leftOut).toEqual(['Orders']);
});
