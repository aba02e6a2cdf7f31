// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ServedStack } from '../../local/start.ts';
import { UsageError } from '../../run/errors.ts';
import { packageRoot } from '../../run/package-root.ts';
import { prepareRun } from '../../run/request/run-request.ts';
import { readEndpoint } from '../../run/target/endpoint.ts';
import { addEndpointOptions } from './endpoint-options.ts';
import { addMixOptions } from './mix-options.ts';
import { addRunOptions, type RunCommandOptions } from './run-options.ts';

/** As `loadline run` does it, up to the start. */
async function prepare(args: readonly string[]) {
  const command = addMixOptions(addEndpointOptions(addRunOptions(new Command())))
    .argument('[scenario]', '', 'sync')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  return prepareRun(command.processedArgs[0], command.opts<RunCommandOptions>(), process.env);
}
const template = join(packageRoot, 'test', 'own-stack', 'template.yaml');
const ownStack = ['--template', template, '--parameter', 'WebhookSecret=x'];

function optionsOf(args: readonly string[]): RunCommandOptions {
  const command = addMixOptions(addEndpointOptions(addRunOptions(new Command())))
    .argument('[scenario]', '', 'sync')
    .exitOverride();
  command.parse(args, { from: 'user' });
  return command.opts<RunCommandOptions>();
}
afterEach(() => vi.unstubAllEnvs());

describe('one sentence, before anything starts, for', () => {
  const url = ['--url', 'ws://127.0.0.1:1/'];
  test.each([
    ['an invalid URL', ['--url', 'http://x/'], '--url http://x/: expected a URL that begins with ws:// or wss://.'],
    [
      'messages of an unknown protocol',
      ['messaging', ...url],
      'messaging sends messages, but the protocol of ws://127.0.0.1:1/ is unknown',
    ],
    [
      'publishes to an endpoint',
      ['fanout', ...url],
      'fanout subscribes and publishes in the protocol of the reference stack',
    ],
    ['webhooks without a URL', ['webhook-burst', ...url], 'webhook-burst posts webhooks: give --webhook-url'],
    [
      'a header without a URL',
      ['--header', 'a: b'],
      '--header is for an endpoint of your own: give --url, --stack, --template or --app as well.',
    ],
    [
      'an invalid header, without quoting it',
      [...url, '--header', 'Bearer abc'],
      '--header: expected "name: value", but what was given has no name and colon.',
    ],
    [
      'an invalid URL, without its secrets',
      ['--url', 'http://ann:secret@x/ws?token=secret'],
      '--url http://***@x/ws?token=***: expected a URL that begins with ws:// or wss://.',
    ],
    [
      'a value from the environment that is not there',
      [...url, '--header', 'authorization: env:LOADLINE_NO_SUCH'],
      '--header authorization: the environment variable LOADLINE_NO_SUCH is not set: export it, or name another as env:NAME.',
    ],
    [
      'a URL in a file that is not there',
      ['--url', 'file:/no/such/url'],
      '--url: the file /no/such/url does not exist: name another as file:PATH.',
    ],
    [
      'a variable from the environment that is not there',
      ['churn', '--variable', 'churnRatePerSecond=env:LOADLINE_NO_SUCH'],
      '--variable churnRatePerSecond: the environment variable LOADLINE_NO_SUCH is not set',
    ],
    [
      'an invalid matcher',
      [...url, '--message', 'hi', '--answer', 'id'],
      '--answer id: expected next, a path such as $.id, or /regexp/.',
    ],
    [
      'messages beside none',
      [...url, '--also-message', 'hi'],
      '--also-message is one beside the first: give --message as well.',
    ],
    [
      'weights of one message',
      [...url, '--message', 'hi', '--message-mix', '1,2'],
      '--message-mix 1,2: there is one only: give others with --also-message, or leave it out.',
    ],
    [
      'too few weights',
      [
        ...url,
        ...['hi', 'ho', 'ha'].flatMap((text, n) => [n ? '--also-message' : '--message', text]),
        '--message-mix',
        '1,2',
      ],
      '--message-mix 1,2: expected 3 weights, of the first and of each --also-message.',
    ],
    [
      'an unknown placeholder of a further message',
      [...url, '--message', 'hi', '--also-message', '${usr}'],
      '--also-message: ${usr} is unknown. The placeholders are id, user, tab, sequence',
    ],
    [
      'webhooks to two hosts',
      [
        ...url,
        '--webhook',
        '${id}',
        '--webhook-url',
        'http://127.0.0.1:1/a',
        '--also-webhook-url',
        'http://127.0.0.1:2/b',
      ],
      '--also-webhook-url: all webhooks of a run go to one host, that of --webhook-url, http://127.0.0.1:1; found http://127.0.0.1:2.',
    ],
    [
      'a webhook without a place',
      [...url, '--webhook', '{}'],
      '--webhook needs somewhere to be posted: give --webhook-url',
    ],
    ...(
      [
        ['a scheme that is nearly one', ['--sign', 'githb'], '--sign githb: unknown scheme. Did you mean "github"?'],
        ['a key that is nearly one', ['--sign', 'hedder=x'], '--sign hedder: unknown key. Did you mean "header"?'],
        ['a scheme without a header', ['--sign', 'encoding=hex'], '--sign: header is missing'],
        ['another encoding', ['--sign', 'header=S', '--sign', 'encoding=hexx'], '--sign encoding: '],
        ['a push without a group', ['--push', '/id/'], '--push.regexp: expected a regular expression with a group'],
        ['another owner', ['--webhook-owner', 'me'], '--webhook-owner me: expected user, tab, everyone.'],
        ['a tab of a user', ['--webhook', '${id} ${tab}'], '--webhook: ${tab} is the name of one tab: set owner: tab'],
        ['no id', ['--webhook', '${user}'], '--webhook: ${id} is missing'],
        [
          'an unknown placeholder',
          ['--webhook', '${id} ${usr}'],
          '--webhook: ${usr} is unknown. The placeholders are id',
        ],
        [
          'a size that nothing has',
          ['--webhook-bytes', '500'],
          '--webhook-bytes has no effect: the body of --webhook has no ${pad}',
        ],
        ['two tokens', ['--token', 'a', '--token-command', 'b'], 'Either --token or --token-command'],
        ['an option of no command', ['--token-users', '2'], '--token-users is about the command that prints tokens'],
      ] as const
    ).map(
      ([what, args, sentence]) =>
        [
          `of a webhook: ${what}`,
          [...url, '--webhook-url', 'http://x/', '--webhook', '{"id":"${id}"}', ...args],
          sentence,
        ] as [string, string[], string],
    ),
    [
      'a token that is nowhere',
      [...url, '--message', '${id}', '--header', 'a: ${token}'],
      '--header: ${token} needs a token',
    ],
    [
      'a template beside a target',
      ['--template', 't.yaml', '--target', 'aws'],
      '--template names the target itself: leave out --target.',
    ],
    ['a template that is not there', ['--template', '/no/such.yaml'], '/no/such.yaml: does not exist'],
    [
      'an API that a template does not have',
      [...ownStack, '--webhook-url', 'Nope:/x', '--webhook', '${id}', '--message', '${id}'],
      '--webhook-url Nope:/x: the stack own-stack has no API Nope: name one, as in Hooks:/x.',
    ],
    ['a parameter without a value', ownStack.slice(0, 2), 'needs a value'],
    [
      'a parameter of no template',
      ['--parameter', 'a=b'],
      '--parameter is of a stack of your own: add --template or --app.',
    ],
    ['two targets', [...url, '--target', 'aws'], '--url names the target itself: leave out --target.'],
    [
      'quotas of an endpoint',
      [...url, '--quota-scale', '0.1', '--message', 'x'],
      'are for a local target that this run starts',
    ],
    ['an impossible rate', ['--connect-rate', '0'], 'Expected a number above 0 and at most 1000000, got "0".'],
    [
      'an option that the scenario does not use',
      ['churn', '--message-rate', '5'],
      '--message-rate has no effect: the scenario churn does not use the variable messageRatePerSecond.',
    ],
    [
      'an unknown variable',
      ['churn', '--variable', 'churnRate=5'],
      'unknown variable "churnRate". The scenario\'s own are churnRatePerSecond, reconnectAttempts.',
    ],
    ['an unknown scenario', ['fan-out'], 'There is no scenario "fan-out". Did you mean "fanout"?'],
  ])('%s', async (_what, args, sentence) => {
    vi.stubEnv('LOADLINE_TOKEN_SECRET', '');
    const error = await prepare(args).catch((reason: unknown) => reason);
    expect(error instanceof UsageError || error instanceof CommanderError).toBe(true);
    const { message } = error as Error;
    expect(message).toContain(sentence);
    expect(message).not.toContain('\n');
  });
});

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
