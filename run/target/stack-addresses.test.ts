// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { describe, expect, test } from 'vitest';
import { futureAddresses, type StackAddresses, webhookUrlOf, webSocketUrlOf } from './stack-addresses.ts';

const one: StackAddresses = {
  stackName: 'chat',
  webSockets: [{ api: 'Chat', url: 'wss://a.example/v1' }],
  http: [{ api: 'Hooks', url: 'https://b.example' }],
};
const two: StackAddresses = {
  stackName: 'chat',
  webSockets: [...one.webSockets, { api: 'Admin', url: 'wss://c.example/v1' }],
  http: [...one.http, { api: 'Inner/Rest', url: 'https://d.example/live' }],
};
const none: StackAddresses = { stackName: 'chat', webSockets: [], http: [] };

test.each([
  ['', 'wss://a.example/v1'],
  ['?user=${user}', 'wss://a.example/v1?user=${user}'],
  ['/${tab}?a=1', 'wss://a.example/v1/${tab}?a=1'],
  ['Chat:?a=b:c', 'wss://a.example/v1?a=b:c'],
  ['wss://own.example/ws', 'wss://own.example/ws'],
])('a WebSocket URL %j is %s', (url, whole) => {
  expect(webSocketUrlOf(one, url)).toBe(whole);
});

test.each([
  ['/hooks', 'https://b.example/hooks', 'https://b.example/hooks'],
  ['Hooks:/hooks/${user}', 'https://b.example/hooks/${user}', 'https://b.example/hooks/${user}'],
  ['https://own.example/x', 'https://own.example/x', 'https://own.example/x'],
])('a webhook URL %j is %s', (url, ofOne, ofTwo) => {
  expect(webhookUrlOf(one, url)).toBe(ofOne);
  if (url !== '/hooks') expect(webhookUrlOf(two, url)).toBe(ofTwo);
});

test('of several APIs one is named, also in a nested stack', () => {
  expect(webhookUrlOf(two, 'Inner/Rest:/x')).toBe('https://d.example/live/x');
  expect(webSocketUrlOf(two, 'Admin:')).toBe('wss://c.example/v1');
});

test('before the stack is up its APIs are known by name', () => {
  const api = (id: string, kind: 'webSocket' | 'rest') => ({
    ...{ id, kind, apiId: id, name: null },
    stages: [],
    routes: [],
  });
  const nothing = { functions: [], queues: [], tables: [], eventSources: [], reaches: [] };
  const future = futureAddresses({
    stackName: 'chat',
    apis: [api('Chat', 'webSocket'), api('Hooks', 'rest')],
    ...nothing,
  });
  expect(webSocketUrlOf(future, '?user=${user}')).toBe('ws://Chat.invalid?user=${user}');
  expect(webhookUrlOf(future, 'Hooks:/x')).toBe('http://Hooks.invalid/x');
});

describe('what is not clear is one sentence', () => {
  test.each([
    [() => webSocketUrlOf(two, ''), 'The stack chat has 2 stages of WebSocket APIs: choose one with --url, of wss://a'],
    [() => webSocketUrlOf(none, ''), 'The stack chat has no WebSocket API with a stage'],
    [
      () => webSocketUrlOf(one, 'Chatt:?a'),
      '--url Chatt:?a: the stack chat has no WebSocket API Chatt. It has wss://a',
    ],
    [() => webhookUrlOf(two, '/x'), '--webhook-url /x: the stack chat has 2 APIs: name one, as in Hooks:/x.'],
    [() => webhookUrlOf(two, 'No:/x'), '--webhook-url No:/x: the stack chat has no API No: name one, as in Hooks:/x.'],
    [
      () => webhookUrlOf(none, '/x'),
      '--webhook-url /x: the stack chat has no HTTP or REST API, and no function with a URL, whose address is known',
    ],
  ])('%#', (ask, sentence) => {
    expect(ask).toThrow(sentence);
  });
});
