// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ServedStack } from '../../local/start.ts';
import { prepareRun } from '../../run/request/run-request.ts';
import { readEndpoint } from '../../run/target/endpoint.ts';
import { optionsOf, ownStack, prepare, template } from './prepared-run.fixture.ts';

afterEach(() => vi.unstubAllEnvs());

test('without a webhook URL there are no webhooks', async () => {
  const request = await prepare(['sync', '--url', 'wss://example.com/ws', '--message', 'hi ${id}']);
  expect(request.workload).toMatchObject({ messageRatePerSecond: 80, webhookRatePerSecond: 0, burstRatePerSecond: 0 });
  expect(request.target).toMatchObject({ kind: 'endpoint', description: { webhookUrl: null, webhookSecret: null } });
});

test('with one, and the secret in the environment, they are posted', async () => {
  vi.stubEnv('LOADLINE_WEBHOOK_SECRET', 's');
  const args = [
    'sync',
    '--url',
    'wss://example.com/ws',
    '--message',
    'hi',
    '--webhook-url',
    'https://example.com/hooks',
  ];
  const { workload, target } = await prepare(args);
  expect(workload).toMatchObject({ webhookRatePerSecond: 5, burstRatePerSecond: 45 });
  expect(target).toMatchObject({ description: { webhookUrl: 'https://example.com/hooks', webhookSecret: 's' } });
});

test.each([
  ['next', 'next'],
  ['$.data.id', { jsonPath: '$.data.id' }],
  ['/^pong (.+)$/', { regexp: '^pong (.+)$' }],
])('--answer %s', (answer, expected) => {
  const endpoint = readEndpoint({ url: 'ws://x/', message: 'm', answer }, { LOADLINE_TOKEN_SECRET: '' });
  expect(endpoint).toMatchObject({ tokenSecret: null, step: { message: 'm', answer: expected } });
});

describe('variables of a scenario', () => {
  test('are passed on, and count in the load', async () => {
    const { variables, workload } = await prepare(['connections', '--variable', 'holdSeconds=7']);
    expect(variables).toEqual({ holdSeconds: '7' });
    expect(workload.steadySeconds).toBe(7);
  });
  test('soak compresses the time of a local target, unless --time-scale does', async () => {
    const scaleOf = async (...args: string[]) => (await prepare(['soak', ...args])).target;
    expect(await scaleOf()).toMatchObject({ kind: 'local', limits: { timeScale: 240 } });
    expect(await scaleOf('--variable', 'localTimeScale=60')).toMatchObject({ limits: { timeScale: 60 } });
    expect(await scaleOf('--time-scale', '10')).toMatchObject({ limits: { timeScale: 10 } });
  });
  test('a storm is left to a target that can cause one', async () => {
    expect((await prepare(['reconnect-storm'])).disconnectAtSeconds).toBe(5);
    expect((await prepare(['churn'])).disconnectAtSeconds).toBeNull();
  });
});

test('a webhook of one’s own: its body, scheme and push reach the engine, its secret does not stand in the options', async () => {
  vi.stubEnv('GITHUB_SECRET', 'shhh-secret');
  const args = [
    ...['sync', '--url', 'wss://example.com/ws?user=${user}', '--webhook-url', 'https://example.com/hooks'],
    ...['--webhook', '{"delivery":"${id}","user":"${user}"}', '--webhook-header', 'X-GitHub-Event: issues'],
    ...['--sign', 'github', '--sign', 'secret=${GITHUB_SECRET}', '--push', '$.delivery', '--token-command', 'make'],
  ];
  const { target, workload } = await prepareRun(args[0] ?? '', optionsOf(args), process.env);
  expect(target).toMatchObject({
    kind: 'endpoint',
    description: {
      webhookSecret: 'shhh-secret',
      secrets: ['shhh-secret', 'shhh-secret'],
      step: {
        webhook: {
          body: '{"delivery":"${id}","user":"${user}"}',
          headers: { 'X-GitHub-Event': 'issues' },
          sign: { preset: 'github' },
        },
        push: { jsonPath: '$.delivery' },
        token: { command: 'make' },
      },
    },
  });
  // Without a message there are none, and the size is that of the body.
  expect(workload).toMatchObject({ messageRatePerSecond: 0, webhookRatePerSecond: 5, webhookBytes: 69 });
});

test('a template is a target that is served, whose addresses are known later', async () => {
  const args = ['sync', ...ownStack, '--url', '?user=${user}', '--message', '${id}', '--quota-scale', '0.5'];
  const { target } = await prepareRun('sync', optionsOf(args), process.env);
  if (target.kind !== 'template') throw new Error(target.kind);
  expect(target).toMatchObject({
    own: { choice: { path: template }, region: 'us-east-1' },
    limits: { quotaScale: 0.5 },
  });
  const apis = [
    { logicalId: 'Live', kind: 'webSocket' as const, url: 'ws://127.0.0.1:5/v1' },
    { logicalId: 'Hooks', kind: 'http' as const, url: 'http://127.0.0.1:5' },
  ];
  const served = { stackName: 's', apis } as unknown as ServedStack;
  expect(target.describe(served).webSocketUrl).toBe('ws://127.0.0.1:5/v1?user=${user}');
});

test('a header of a webhook that is given by reference is secret as a whole, however short and plain', async () => {
  const secretsOf = (header: string) =>
    readEndpoint(
      {
        ...{ url: 'ws://x/', webhookUrl: 'http://x/', webhook: '${id}', sign: ['none'] },
        webhookHeader: [header],
      },
      { HOOK_KEY: 'pass word', TOPIC: 'issues' },
    );
  expect(secretsOf('X-Key: env:HOOK_KEY')).toMatchObject({
    secrets: expect.arrayContaining(['pass word']),
    secretOptions: ['--webhook-header'],
    step: { webhook: { headers: { 'X-Key': 'pass word' } } },
  });
  expect(secretsOf('X-Topic: ${TOPIC}')).toMatchObject({ secrets: ['issues'], secretOptions: ['--webhook-header'] });
  expect(secretsOf('X-Topic: issues')).toMatchObject({ secrets: [], secretOptions: [] });
});
