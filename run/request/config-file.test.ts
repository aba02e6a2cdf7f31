// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../scenarios/config/config.ts';
import { packageRoot } from '../package-root.ts';
import { mergedOptions, readConfigFile } from './config-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadline-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'loadline.yml');
function read(text: string, environment: Record<string, string> = {}) {
  writeFileSync(file, text);
  return readConfigFile(file, environment);
}

test('keys become the options of the command; paths begin at the file’s folder', () => {
  const { scenario, options } = read(
    `
scenario: messaging
template: app/template.yaml
parameters: { Stage: dev, Size: 3 }
plan: /abs/plan.yml
latency: typical
url: '?user=\${user}'
headers: { Authorization: 'Bearer \${token}' }
subprotocols: [v1]
message: first
alsoMessages: [second]
messageMix: [3, 1]
token: { command: make-token, usersPerToken: 5, concurrency: 2, timeoutSeconds: 3 }
webhook:
  url: /hooks
  alsoUrls: [/other]
  mix: [1, 2]
  body: '{"id":"\${id}"}'
  headers: { X-Event: push }
  sign: { preset: github, header: X-Sig, headers: { X-Time: '\${timestamp}' } }
  secret: \${SECRET}
  push: $.id
  owner: tab
load: { connections: 5, steadySeconds: 2.5 }
variables: { holdSeconds: 7 }
limit: { accountThrottle.ratePerSecond: 100 }
slo: { deliveryP99Ms: 500 }
`,
    { SECRET: 's3cret' },
  );
  expect(scenario).toBe('messaging');
  expect(options).toEqual({
    template: join(folder, 'app/template.yaml'),
    parameter: { Stage: 'dev', Size: '3' },
    plan: '/abs/plan.yml',
    latency: 'typical',
    url: '?user=${user}',
    header: ['Authorization: Bearer ${token}'],
    subprotocol: ['v1'],
    ...{ message: 'first', alsoMessage: ['second'], alsoWebhookUrl: ['/other'] },
    ...{ messageMix: [3, 1], webhookMix: [1, 2] },
    ...{ tokenCommand: 'make-token', tokenUsers: 5, tokenConcurrency: 2, tokenTimeout: 3 },
    ...{ webhookUrl: '/hooks', webhook: '{"id":"${id}"}', webhookHeader: ['X-Event: push'], webhookOwner: 'tab' },
    push: '$.id',
    // The secret by its name: what is recorded must not contain it.
    sign: ['github', 'header=X-Sig', 'headers.X-Time=${timestamp}', 'secret=${SECRET}'],
    ...{ connections: 5, steadySeconds: 2.5 },
    variable: ['holdSeconds=7'],
    limit: ['accountThrottle.ratePerSecond=100'],
    slo: { deliveryP99Ms: 500 },
  });
});

test('variables of the environment stand where they are no secret, and by name where they may be', () => {
  const { options } = read('stack: ${NAME}-dev\nregion: ${REGION}\nheaders: { a: "${KEY}" }\n', {
    ...{ NAME: 'chat', REGION: 'eu-west-1', KEY: 'k' },
  });
  expect(options).toEqual({ stack: 'chat-dev', region: 'eu-west-1', header: ['a: ${KEY}'] });
});

test('parameters are kept by name, the name of a file of them is not', () => {
  const environment = { DIR: '/etc/app', KEY: 'k' };
  expect(read('parameters: "${DIR}/p.json"', environment).options).toEqual({ parameters: '/etc/app/p.json' });
  expect(read('parameters: { Key: "${KEY}" }', environment).options).toEqual({ parameter: { Key: '${KEY}' } });
});

test('the shell fills in what a command names', () => {
  expect(read('token: { command: "curl $HOST/${NOT_SET}/$user" }').options).toEqual({
    tokenCommand: 'curl $HOST/${NOT_SET}/$user',
  });
});

describe('a mistake is a line with its place', () => {
  test.each([
    ['urll: x', '1:1: unknown key "urll". Did you mean "url"?'],
    ['webhook:\n  bodi: x', '2:3: unknown key "bodi". Did you mean "body"?'],
    ['webhook:\n  sign: { headr: x }', '2:11: unknown key "headr". Did you mean "header"?'],
    ['webhook:\n  sign: githup', '2:9: webhook.sign: expected github, hubspot'],
    ['messageMix: [0, 0]', '1:13: messageMix: expected a weight above 0'],
    ['load:\n  connections: -1', '2:16: load.connections: expected a number of at least 0, found -1.'],
    ['load:\n  conections: 1', '2:3: unknown key "conections". Did you mean "connections"?'],
    ['token:\n  comand: x', '2:3: unknown key "comand". Did you mean "command"?'],
    ['headers:\n  a: ${NO_SUCH}', '2:6: the environment variable NO_SUCH is not set.'],
    ['stack: ${EMPTY}', '1:8: the environment variable EMPTY is empty.'],
    ['a: [', 'not valid YAML'],
  ])('%j', (text, problem) => {
    expect(() => read(text, { EMPTY: '' })).toThrow(problem);
  });
  test('all at once, in the order of the file', () => {
    expect(() => read('tokn: 1\nheaders: { a: "${NO_SUCH}" }\nload: { seed: x }')).toThrow(
      /:1:1: .*\n.*:2:15: .*\n.*:3:15: load\.seed: expected/,
    );
  });
});

describe('an option of the command line comes before the file', () => {
  test.each([
    [{ connections: 5, message: 'a' }, { connections: 7 }, { connections: 7, message: 'a' }],
    // Lists by the name of each entry, maps by key.
    [
      { header: ['a: 1', 'B: 2'], variable: ['x=1', 'y=2'], parameter: { p: '1', q: '2' } },
      { header: ['b: 3'], variable: ['x=9'], parameter: { q: '3' } },
      { header: ['a: 1', 'b: 3'], variable: ['y=2', 'x=9'], parameter: { p: '1', q: '3' } },
    ],
    // A scheme is one whole.
    [{ sign: ['github', 'secret=a'] }, { sign: ['slack'] }, { sign: ['slack'] }],
    // Another target takes the place of all that name one, and of what belongs to a template.
    [
      { template: 't', parameter: { p: '1' }, url: '?user=1', message: 'm' },
      { stack: 's' },
      { stack: 's', url: '?user=1', message: 'm' },
    ],
    // A token is one whole, whichever option says it.
    [
      { tokenCommand: 'make', tokenUsers: 5, tokenConcurrency: 2, tokenTimeout: 3, message: 'm' },
      { token: 'env:TOKEN' },
      { token: 'env:TOKEN', message: 'm' },
    ],
    [
      { token: 'env:TOKEN', message: 'm' },
      { tokenCommand: 'make', tokenUsers: 2 },
      { tokenCommand: 'make', tokenUsers: 2, message: 'm' },
    ],
    [{ tokenCommand: 'make', tokenUsers: 5 }, { tokenCommand: 'other' }, { tokenCommand: 'other', tokenUsers: 5 }],
    [{ template: 't', message: 'm' }, { url: 'wss://x/' }, { url: 'wss://x/', message: 'm' }],
    [{ url: 'wss://x/', message: 'm' }, { target: 'aws' }, { target: 'aws', message: 'm' }],
    [{ template: 't' }, { url: '?a=1' }, { template: 't', url: '?a=1' }],
    [{ app: 'cdk.out', ignore: ['T'] }, { stack: 's' }, { app: 'cdk.out', ignore: ['T'], stack: 's' }],
  ])('%j and %j', (ofFile, given, merged) => {
    expect(mergedOptions(ofFile, given)).toEqual(merged);
  });
});

test('the published schema is that of the parser', () => {
  const published: unknown = JSON.parse(
    readFileSync(join(packageRoot, 'scenarios', 'loadline-config.schema.json'), 'utf8'),
  );
  expect(published).toEqual(configJsonSchema());
});

test('the example of the documentation is one', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'own-stack.md'), 'utf8');
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { options } = read(example, { GITHUB_SECRET: 'x' });
  expect(options).toMatchObject({
    sign: ['github', 'secret=${GITHUB_SECRET}'],
    connections: 200,
    push: '$.note.delivery',
  });
});

test('without load, variables of what may be secret need not be set; those of paths must be', () => {
  writeFileSync(file, 'url: "wss://example.com/?t=${TOKEN}"\nplan: ${PLANS}/plan.yml\n');
  const reading = (environment: Record<string, string>, appliesLoad: boolean) => () =>
    readConfigFile(file, environment, { appliesLoad });
  expect(reading({ PLANS: '/p' }, false)().options).toMatchObject({
    url: 'wss://example.com/?t=${TOKEN}',
    plan: '/p/plan.yml',
  });
  expect(reading({ PLANS: '/p' }, true)).toThrow('the environment variable TOKEN is not set.');
  expect(reading({}, false)).toThrow('the environment variable PLANS is not set.');
});
