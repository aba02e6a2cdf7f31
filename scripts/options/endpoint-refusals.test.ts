// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { CommanderError } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UsageError } from '../../run/errors.ts';
import { ownStack, prepare } from './prepared-run.fixture.ts';

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
