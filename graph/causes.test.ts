import { expect, test } from 'vitest';
import { causeKey, causesOf, deadLetterQueues } from './causes.ts';
import { exampleGraph } from './example.fixture.ts';

const causesById = (graph = exampleGraph()) =>
  Object.fromEntries([...causesOf(graph)].map(([id, causes]) => [id, causes.map(causeKey).toSorted()]));

test('load goes through routes, authorizers, queues and what functions write to', () => {
  expect(causesById()).toEqual({
    Guard: ['connect Chat'],
    OnConnect: ['connect Chat', 'disconnect Chat'],
    Connections: ['connect Chat', 'disconnect Chat', 'message Chat send', 'request Orders POST /orders'],
    Send: ['message Chat send'],
    // A message writes to the queue as well, so both can have filled it.
    Inbox: ['message Chat send', 'request Orders POST /orders'],
    Push: ['message Chat send', 'request Orders POST /orders'],
  });
});

test('a function that nothing of the load reaches has no cause', () => {
  expect(causesById()).not.toHaveProperty('Sweep');
});

test('functions that call each other in a circle end', () => {
  const graph = exampleGraph();
  const reaches = [...graph.reaches, { from: 'Send', to: 'Sweep' }, { from: 'Sweep', to: 'Send' }];
  expect(causesById({ ...graph, reaches })).toMatchObject({
    Sweep: ['message Chat send'],
    Send: ['message Chat send'],
  });
});

test('a queue of dead letters is one that another gives up to; not one that a function empties', () => {
  const graph = exampleGraph();
  expect(deadLetterQueues(graph)).toEqual(new Set(['Lost']));
  const [source] = graph.eventSources;
  if (source === undefined) throw new Error('the example has an event source');
  const redrive = { ...source, id: 'LostToSweep', from: { kind: 'queue' as const, id: 'Lost' }, function: 'Sweep' };
  expect(deadLetterQueues({ ...graph, eventSources: [source, redrive] })).toEqual(new Set());
});

test('through an event bus and its rules to their targets, and what these give up is dead letters; a schedule is no load', () => {
  const graph = exampleGraph();
  const [api, ...apis] = graph.apis;
  if (api === undefined) throw new Error('the example has an API');
  const hook = { key: 'POST /events', integration: { kind: 'eventBus' as const, id: 'default' }, authorizer: null };
  const rule = { name: 'r', bus: 'default', matchesEvents: true, schedule: null };
  const to = (id: string) => ({ id: '1', to: { kind: 'function' as const, id }, deadLetters: { id: 'Lost' } });
  const withBus = {
    ...graph,
    queues: graph.queues.map((each) => ({ ...each, deadLetters: null })),
    apis: [{ ...api, kind: 'http' as const, routes: [hook] }, ...apis],
    eventBuses: [{ id: 'default', name: 'default' }],
    rules: [
      { ...rule, id: 'Orders', targets: [to('Sweep')] },
      { ...rule, id: 'Nightly', matchesEvents: false, schedule: 'rate(1 day)', targets: [to('Guard')] },
    ],
  };
  const request = [`request ${api.id} POST /events`];
  expect(causesById(withBus)).toMatchObject({ default: request, Orders: request, Sweep: request });
  expect(causesById(withBus)).not.toHaveProperty('Nightly');
  expect(deadLetterQueues(withBus)).toEqual(new Set(['Lost']));
});

test('any function may put events on the default bus, where nothing names it', () => {
  const graph = exampleGraph();
  const withBus = (reaches: typeof graph.reaches) => ({
    ...{ ...graph, reaches, eventBuses: [{ id: 'default', name: 'default' }] },
    rules: [{ id: 'R', name: 'r', bus: 'default', matchesEvents: true, schedule: null, targets: [] }],
  });
  expect(causesById(withBus(graph.reaches)).R).toEqual(
    expect.arrayContaining(['connect Chat', 'message Chat send', 'request Orders POST /orders']),
  );
  expect(causesById(withBus([...graph.reaches, { from: 'Send', to: 'default' }])).R).toEqual(['message Chat send']);
});

test('through destinations of asynchronous invocations; what failed for good is dead letters', () => {
  const graph = exampleGraph();
  const nobody = { maximumRetries: null, maximumAgeSeconds: null, onSuccess: null, onFailure: null, deadLetters: null };
  const withEnds = (own: object) => ({
    ...{ ...graph, queues: graph.queues.map((each) => ({ ...each, deadLetters: null })) },
    functions: graph.functions.map((each) =>
      each.id === 'Send' ? { ...each, asynchronous: { ...nobody, ...own } } : each,
    ),
  });
  const lost = { kind: 'queue' as const, id: 'Lost' };
  const told = withEnds({ onSuccess: { kind: 'function', id: 'Sweep' }, onFailure: lost });
  expect(causesById(told)).toMatchObject({ Sweep: ['message Chat send'], Lost: ['message Chat send'] });
  expect(deadLetterQueues(told)).toEqual(new Set(['Lost']));
  expect(deadLetterQueues(withEnds({ deadLetters: lost }))).toEqual(new Set(['Lost']));
  expect(deadLetterQueues(withEnds({ onSuccess: lost, onFailure: lost }))).toEqual(new Set());
});

test('through a topic to all that is subscribed to it, and what it gives up is dead letters', () => {
  const graph = exampleGraph();
  const subscription = { topic: 'News', isRaw: true, filteredBy: null, deadLetters: null };
  const withTopic = {
    ...graph,
    eventSources: [],
    topics: [{ id: 'News', name: 'chat-news' }],
    reaches: [{ from: 'Send', to: 'News' }],
    subscriptions: [
      { ...subscription, id: 'A', to: { kind: 'queue' as const, id: 'Inbox' }, deadLetters: { id: 'Lost' } },
      { ...subscription, id: 'B', to: { kind: 'function' as const, id: 'Sweep' } },
    ],
  };
  const message = ['message Chat send'];
  expect(causesById(withTopic)).toMatchObject({ News: message, Sweep: message });
  expect(causesById(withTopic).Inbox).toContain('message Chat send');
  expect(
    deadLetterQueues({ ...withTopic, queues: withTopic.queues.map((each) => ({ ...each, deadLetters: null })) }),
  ).toEqual(new Set(['Lost']));
});
