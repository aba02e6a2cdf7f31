// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Whatever a user may get wrong, of every command: the documented exit code, one sentence that says what, where and what next, and nothing started or left behind. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandLine } from './command-line.fixture.ts';
import { type Row, tables } from './wrong-input-tables.fixture.ts';

let folder: string;
let left: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-wrong-input-'));
  const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'folder'));
  execFileSync('/usr/bin/env', ['mkfifo', join(folder, 'pipe')]);
  write('empty', '');
  write('text', 'hello\n');
  write('latin-1.yml', Buffer.from('name: caf\xe9\n', 'latin1'));
  write('list.yml', '- 1\n');
  write('broken.yml', 'a: [1,\n');
  write('half.json', '{"a":');
  write('other.json', '{"x":1}');
  const plan = readFileSync(new URL('../scenarios/plan.yml', import.meta.url), 'utf8');
  write('date.yml', plan.replace(/^asOf: .*$/m, 'asOf: 2026-13-45'));
  write('over.yml', plan.replaceAll('2026-', '2019-').replaceAll('2027-', '2020-'));
  write(
    'typo.yml',
    `${plan}
tabsPerUsr: 2
`,
  );
  write('quota.yml', `${plan.replace(/^quotas:.*$/m, '')}\nquotas: { newConection: 5 }\n`);
  write('limits.yml', 'newConnections: { ratePerSecnd: 5 }\n');
  write('twice.yml', 'users: 1\nusers: 2\n');
  write('scenario.yml', scenario('message: "hi ${idd}"'));
  write('feed.yml', scenario('message: "hi ${id}", feed: nowhere.csv'));
  write('kind.suite.yml', 'entries: [{ name: a, kind: mico }]\n');
  write('none.suite.yml', 'entries: []\n');
  write('link.suite.yml', 'entries: [{ name: a, kind: plan }]\nrepository: "javascript:alert(1)"\n');
  write('plan.suite.yml', 'entries: [{ name: a, kind: plan }]\n');
  write('typo.suite.yml', 'entries: [{ name: a, kind: plan }, { name: b, kind: run, options: { conections: 5 } }]\n');
  write('file.suite.yml', 'entries: [{ name: a, kind: plan }, { name: b, kind: plan, plan: nowhere.yml }]\n');
  write('scenario.suite.yml', 'entries: [{ name: a, kind: run, scenario: messagin }]\n');
  write('many.suite.yml', 'entries: [{ name: a, kind: micro, options: { connections: many } }]\n');
  mkdirSync(join(folder, 'torn'));
  write('torn/night.ndjson', '{"v":1,"ser');
  write('tasks.settings.yml', 'server: { tasks: { memory: 5 } }\n');
  write('search.json', '{"schemaVersion":1}');
  left = readdirSync(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenario = (fields: string) =>
  `config: { target: ws://x, engines: { loadline: {} }, phases: [{ duration: 1, arrivalCount: 1 }] }\nscenarios: [{ engine: loadline, flow: [{ fleet: { connections: 2, steadySeconds: 1, ${fields} } }] }]\n`;

/** A busy machine takes seconds to load a command. */
const guardMs = 20_000;

/** A line of its own for the usage may follow commander's sentence. */
const usageHint = /^\((?:Did you mean .*\?|loadline --help lists the commands and options)\)$/;

async function expectSentence(args: readonly string[], sentence: string | RegExp, environment: NodeJS.ProcessEnv = {}) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  // What is not refused would run for ever.
  const guard = setTimeout(() => process.emit('SIGHUP'), guardMs);
  const { code, stdout, stderr } = await commandLine(args, { folder, environment }).finally(() => {
    clearTimeout(guard);
    vi.unstubAllEnvs();
  });
  const context = `${args.join(' ')}\n${stderr}${stdout}`;
  expect(code, context).toBe(2);
  expect(stdout, context).toBe('');
  const lines = stderr.trimEnd().split('\n');
  const sentences = lines.filter((line) => !usageHint.test(line));
  expect(sentences, context).toHaveLength(1);
  expect(stderr, context).toEqual(
    typeof sentence === 'string' ? expect.stringContaining(sentence) : expect.stringMatching(sentence),
  );
  expect(sentences[0], context).not.toMatch(/\n {4}at |undefined|\[object|unexpectedly|Error:/);
  expect(sentences[0]?.length, context).toBeLessThan(500);
  const made = readdirSync(folder).filter((name) => !left.includes(name));
  // Once told, the next row does not find it again.
  for (const name of made) rmSync(join(folder, name), { recursive: true });
  expect(made, context).toEqual([]);
}

const rows = (of: readonly Row[]) =>
  test.each(of.map(([args, ...rest]) => [args.join(' ').slice(0, 120), args, ...rest] as const))(
    '%s',
    async (_name, ...row) => expectSentence(...row),
  );

const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const noAws = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_REGION: '',
  AWS_PROFILE: '',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
};

describe.each(tables.map(({ of, rows: table }) => [of, table] as const))('%s', (_of, table) => {
  rows(table);
});

describe('files that are none', () => {
  /** Each option that names a file, with what it needs around it. */
  const options: readonly (readonly string[])[] = [
    ['run', '--plan'],
    ['run', '--settings'],
    ['run', '--limits'],
    ['run', '--faults'],
    ['run', '--latency'],
    ['run', '--target'],
    ['plan'],
    ['plan', '--settings'],
    ['plan', '--prices'],
    ['plan', '--quotas'],
    ['storm', '--plan'],
    ['search', '--vary', 'messages', '--plan'],
    ['local', '--settings'],
    ['local', '--template'],
    ['token', 'u-1', '--target'],
  ];
  rows(
    options.flatMap((option): Row[] => [
      [[...option, './nowhere.yml'], 'nowhere.yml'],
      [[...option, './pipe'], 'pipe'],
      [[...option, './latin-1.yml'], 'latin-1.yml'],
      [[...option, '/dev/zero'], '/dev/zero'],
    ]),
  );
  rows(
    options
      .filter((option) => !option.includes('--template'))
      .flatMap((option): Row[] => [
        [[...option, './folder'], 'folder'],
        [[...option, './list.yml'], 'list.yml'],
        [[...option, '/proc/self/mem'], '/proc/self/mem'],
      ]),
  );
  rows([
    [['run', './nowhere.yml'], 'nowhere.yml does not exist: name another file.'],
    [['run', './folder'], 'is not a file'],
    [['run', './empty'], 'expected an Artillery script'],
    [['run', './broken.yml'], /broken\.yml:\d+:\d+: not valid YAML/],
    [['run', './scenario.yml'], '${idd} is unknown'],
    [['run', './feed.yml'], 'fleet.feed: nowhere.csv could not be read'],
    [['plan', './empty'], 'empty'],
    [['plan', './broken.yml'], /broken\.yml:\d+:\d+: not valid YAML/],
    [['plan', './twice.yml'], 'twice.yml:2:1: not valid YAML'],
    [['plan', './date.yml'], /date\.yml:\d+:\d+: asOf: /],
    [['plan', './over.yml'], 'is too long ago'],
    [['plan', '--quotas', './half.json'], 'half.json is not JSON'],
    [['plan', '--quotas', './other.json'], 'other.json is not valid'],
    [['run', '--target', './half.json'], 'half.json is not JSON'],
    [['run', '--target', './other.json'], 'other.json is not valid'],
    [['token', 'u-1', '--target', './other.json'], 'other.json is not valid'],
  ]);
});

describe('folders that are none, and places that cannot be written', () => {
  const unwritable = [
    '/proc/loadline',
    '/sys/loadline',
    '/dev/null/loadline',
    './text',
    './text/inside',
    '/proc/self/fd',
  ];
  rows(
    unwritable.flatMap((place): Row[] => [
      [['run', '--runs', place], /Name another place with --runs\.$/m],
      [['search', '--vary', 'messages', '--searches', place], /Name another place with --searches\.$/m],
      [['local', '--logs', place], /Name another place with --logs\.$/m],
      [['plan', '--report', place], /Name another(?: place with --report)?\.$/m],
    ]),
  );
  rows([
    [['report', './nowhere'], 'nowhere/run.json could not be read: it does not exist'],
    [['report', './text'], 'run.json could not be read'],
    [['report', './pipe'], 'run.json could not be read'],
    [['report', './folder'], 'run.json could not be read: it does not exist'],
    [['report'], 'run.json could not be read: it does not exist'],
    [['plan', '--run', './nowhere'], 'Name another run with --run.'],
    [['plan', '--run', './text'], 'Name another run with --run.'],
    [['storm', '--run', './folder'], 'Name another run with --run.'],
    [['search', '--resume', './nowhere'], 'It cannot be resumed'],
    [['search', '--resume', '.'], 'search.json has layout 1'],
    [['search', '--resume', './folder', '--vary', 'messages'], '--vary cannot be given with --resume'],
    [['local', '--app', './nowhere'], 'nowhere'],
    [['local', '--app', './folder'], 'folder'],
    [['local', '--template', './folder'], 'folder'],
    [['local', '--template', './text'], 'text'],
  ]);
});

describe('AWS', () => {
  rows([
    [['run', '--target', 'aws'], 'there are no AWS credentials): set AWS_PROFILE', noAws],
    [
      ['run', 'connections', '--stack', 'mine', '--region', 'eu-west-1'],
      'there are no AWS credentials): set AWS_PROFILE',
      noAws,
    ],
    [['run', 'connections', '--stack', 'mine'], 'give --region, or set AWS_REGION', noAws],
    [['search', '--vary', 'messages', '--target', 'aws'], 'there are no AWS credentials): set AWS_PROFILE', noAws],
    [['run', '--target', 'aws'], 'AWS_PROFILE', { ...noAws, AWS_PROFILE: 'nobody' }],
    [['run', 'connections', '--stack', 'mine', '--region', 'eu west'], '--region', { ...noAws, ...keys }],
  ]);

  test.each([
    ['ExpiredToken', 'the AWS credentials have expired): renew them'],
    ['InvalidClientTokenId', 'AWS does not know these credentials): check AWS_PROFILE'],
    ['SignatureDoesNotMatch', 'and the clock of this machine'],
    ['AccessDenied', 'use credentials that may do that'],
    ['ValidationError', 'There is no stack'],
  ])('an answer %s says what to do', async (code, sentence) => {
    const server = createServer((_, response) => {
      response.writeHead(code === 'AccessDenied' ? 403 : 400, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>Stack with id mine does not exist</Message></Error></ErrorResponse>`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const target of [
        ['--target', 'aws'],
        ['--stack', 'mine', '--region', 'eu-west-1'],
      ])
        await expectSentence(['run', 'connections', ...target], sentence, { ...noAws, ...keys, AWS_ENDPOINT_URL });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
