import { expect, test } from 'vitest';
import { enteredApis } from './entered.ts';
import { referenceGraph } from './reference.fixture.ts';

const webhookOf = (webhookUrl: string) => enteredApis(referenceGraph(), { webSocketUrl: null, webhookUrl }).webhook;

test('an API is found by its id, and at an address of one’s own, the only one of its kind', () => {
  expect(webhookOf('https://http1.execute-api.us-east-1.amazonaws.com/webhooks')).toBe('webhook');
  expect(webhookOf('https://hooks.example.com/webhooks')).toBe('webhook');
});

const withUrl = () => {
  const graph = referenceGraph();
  const url = { ...{ id: 'Hook', kind: 'functionUrl' as const, apiId: 'abc123', name: 'fn-ingest' } };
  return { ...graph, apis: [...graph.apis, { ...url, stages: ['$default'], routes: [] }] };
};

test('webhooks to the URL of a function come to that URL, and where it is not the stack’s to no API', () => {
  const lambdaUrl = 'https://abc123.lambda-url.us-east-1.on.aws/';
  expect(webhookOf(lambdaUrl)).toBeNull();
  expect(enteredApis(withUrl(), { webSocketUrl: null, webhookUrl: lambdaUrl }).webhook).toBe('Hook');
});

test('on this machine, where addresses name no API, it is the one that was meant', () => {
  const here = { webSocketUrl: null, webhookUrl: 'http://127.0.0.1:4000/' };
  expect(enteredApis(withUrl(), here).webhook).toBeNull();
  const found = enteredApis(withUrl(), { ...here, entered: { webSocket: null, webhook: 'Hook' } });
  expect([found.webhook, found.stages?.webhook]).toEqual(['Hook', '$default']);
});
