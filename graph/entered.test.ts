import { expect, test } from 'vitest';
import { enteredApis } from './entered.ts';
import { referenceGraph } from './reference.fixture.ts';

const webhookOf = (webhookUrl: string) => enteredApis(referenceGraph(), { webSocketUrl: null, webhookUrl }).webhook;

test('an API is found by its id, and at an address of one’s own, the only one of its kind', () => {
  expect(webhookOf('https://http1.execute-api.us-east-1.amazonaws.com/webhooks')).toBe('webhook');
  expect(webhookOf('https://hooks.example.com/webhooks')).toBe('webhook');
});

test('webhooks to the URL of a function come to no API', () => {
  expect(webhookOf('https://abc123.lambda-url.us-east-1.on.aws/')).toBeNull();
});
