// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { expect, test } from 'vitest';
import { exampleGraph } from '../../graph/example.fixture.ts';
import { sentRoutes } from './sent-routes.ts';

const graph = exampleGraph();
const [chat, orders] = graph.apis;
if (chat === undefined || orders === undefined) throw new Error('the example has both');
const webSocketUrl = 'wss://abc123.example/prod';
const [hooks, otherHooks] = ['https://h.example/orders', 'https://h.example/other'];
const sending = { fleets: [{}], foreign: {}, webSocketUrl, webhookUrl: null, graph: undefined, secrets: [] };
const namesOf = (routes: ReturnType<typeof sentRoutes>) =>
  routes && [...routes.message, ...routes.webhook].map(({ name, key, weight }) => [name, key, weight]);

test('each message and URL has the name of its route, and its weight', () => {
  const foreign = {
    ...{ message: '{"action":"send"}', alsoMessages: ['{"action":"nobody takes it"}', '{"action":"send","to":"all"}'] },
    ...{ messageMix: [3, 1, 2], alsoWebhookUrls: [otherHooks] },
  };
  const only = { ...graph, apis: [{ ...chat, routes: chat.routes.filter(({ key }) => key !== '$default') }, orders] };
  expect(namesOf(sentRoutes({ ...sending, foreign, webhookUrl: hooks, graph: only }))).toEqual([
    ['send', 'send', 3],
    ['2', null, 1],
    ['send 2', 'send', 2],
    ['POST /orders', 'POST /orders', 1],
    ['POST /other', null, 1],
  ]);
});

test('without a graph, what they say themselves, but nothing that is secret', () => {
  const foreign = {
    message: '{"do":"echo","id":"${id}"}',
    alsoMessages: ['{"id":"${id}","kind":"join"}', 'hello', 'two words', '{"token":"s3cr3t-word"}'],
    alsoWebhookUrls: ['https://h.example/hooks/s3cr3t-path'],
  };
  const secrets = ['s3cr3t-word', 's3cr3t-path'];
  expect(namesOf(sentRoutes({ ...sending, foreign, webhookUrl: hooks, secrets }))?.map(([name]) => name)).toEqual([
    ...['echo', 'join', 'hello', '4', '5'],
    ...['POST /orders', '2'],
  ]);
});

test('steps of a scenario that send something else each are not known by name', () => {
  const fleets = [{ message: 'a', alsoMessages: ['b'] }, { message: 'b' }];
  expect(sentRoutes({ ...sending, fleets })).toBeUndefined();
  expect(sentRoutes(sending)).toBeUndefined();
});
