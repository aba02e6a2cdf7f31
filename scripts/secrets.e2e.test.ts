// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** What a user gives as secret is in no file of a run, in nothing that is printed, and on no command line of a child process. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { descendantsOf, startCommand } from './command.fixture.ts';

const secrets = {
  user: 'ann-Planted-01',
  password: 'pass/Planted+02',
  query: 'query Planted&03',
  header: 'header-Planted/04==',
  message: 'message"Planted-05',
  hook: 'hook-Planted-06',
  token: 'signs-tokens-Planted-07',
  webhook: 'signs-webhooks-Planted-08',
  path: 'path-Planted-09',
  scenario: 'scenario-Planted-10',
  variable: 'variable-Planted-11',
};

/** Each as a server may send it back, and as a file may hold it. */
const forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    new URLSearchParams({ a: secret }).toString().slice(2),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
};
const allForms = Object.values(secrets).flatMap(forms);
const found = (text: string): string[] => allForms.filter((form) => text.includes(form));

const { user, password, query, header, message, hook, token, webhook, path, scenario, variable } = secrets;

let folder: string;
let temporary: string;
let url: string;
/** What the server sends back: it can only know what it was given. */
let known: string[] = [];
const requests: IncomingMessage[] = [];
const messages: string[] = [];
const posts: string[] = [];
const server = createServer((request, response) => {
  posts.push(request.url ?? '');
  // A failure's text, if any, is the server's.
  response.writeHead(500, { 'x-echo': encodeURIComponent(secrets.hook) }).end(secrets.webhook);
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-secrets-'));
  temporary = mkdtempSync(join(tmpdir(), 'loadline-temporary-'));
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false });
  sockets.on('connection', (socket, request) => {
    const nth = requests.push(request);
    socket.on('message', (data) => {
      messages.push(String(data));
      // An answer that matches nothing, and then a close whose reason is a secret, in one form after the other.
      socket.send(`{"error":"unknown token ${secrets.message}"}`);
      socket.close(4001, `refused ${known[nth % known.length]}`.slice(0, 120));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
});

/** Runs it, and gathers the command lines of everything that it starts. */
async function run(args: string[], environment: Record<string, string>, given: string[]) {
  known = given.flatMap(forms);
  requests.length = 0;
  messages.length = 0;
  posts.length = 0;
  const running = startCommand(['run', ...args], { folder, temporary, environment });
  const commandLines = new Set<string>();
  const watch = setInterval(() => {
    for (const line of descendantsOf(running.child.pid ?? 0).values()) commandLines.add(line);
  }, 20);
  const { code, stdout, stderr } = await running.ended.finally(() => clearInterval(watch));
  return { code, stdout, stderr, commandLines: [...commandLines] };
}

const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

function expectNoLeak({ stdout, stderr, commandLines }: Awaited<ReturnType<typeof run>>): void {
  expect(found(stdout + stderr)).toEqual([]);
  expect(commandLines.some((line) => line.includes('artillery'))).toBe(true);
  for (const line of commandLines) expect(found(line), line).toEqual([]);
  const files = [...filesOf(join(folder, 'runs')), ...filesOf(temporary)];
  expect(files.map((file) => file.slice(file.lastIndexOf('/') + 1))).toEqual(
    expect.arrayContaining(['run.json', 'client.ndjson', 'report.json', 'report.html', 'artillery.log']),
  );
  for (const file of files) expect(found(readFileSync(file, 'utf8')), file).toEqual([]);
  const open = readdirSync(join(folder, 'runs'), { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (entry.isSymbolicLink()) return [];
    const path = join(entry.parentPath, entry.name);
    const mode = statSync(path).mode & 0o777;
    return mode === (entry.isDirectory() ? 0o700 : 0o600) ? [] : [`${path}: ${mode.toString(8)}`];
  });
  expect(open).toEqual([]);
}

const runJson = () => JSON.parse(readFileSync(join(folder, 'runs', 'latest', 'run.json'), 'utf8'));
const load = [
  '--connections',
  '40',
  '--connect-rate',
  '40',
  '--steady',
  '3',
  '--message-rate',
  '40',
  '--drain',
  '1',
  '--timeout',
  '2',
];

describe('secrets', () => {
  test('given on the command line', async () => {
    const given = new URL(`${url}/ws`);
    given.username = secrets.user;
    given.password = secrets.password;
    given.searchParams.set('key', secrets.query);
    const ended = await run(
      [
        ...[
          'messaging',
          ...load,
          '--url',
          given.href,
          '--webhook-url',
          `${url.replace('ws', 'http')}/hook?key=${secrets.hook}`,
        ],
        ...['--header', `authorization: Bearer ${secrets.header}`],
        ...['--message', JSON.stringify({ token: secrets.message, id: '${id}' }), '--answer', '$.id'],
      ],
      { LOADLINE_TOKEN_SECRET: secrets.token, LOADLINE_WEBHOOK_SECRET: secrets.webhook },
      [user, password, query, header, message, hook, token, webhook],
    );
    expectNoLeak(ended);
    // They arrived, and the report says what came back without them.
    expect(requests[0]?.headers.authorization).toContain(secrets.header);
    expect(requests[0]?.url).toContain(`key=${new URLSearchParams({ a: secrets.query }).toString().slice(2)}`);
    expect(JSON.parse(messages[0] ?? '{}').token).toBe(secrets.message);
    expect(readFileSync(join(folder, 'runs', 'latest', 'client.ndjson'), 'utf8')).toContain('4001 refused ***');
    expect(runJson().target.webSocketUrl).toBe(`${url.replace('//', '//***@')}/ws?key=***`);
    expect(runJson().target.webhookUrl).toBe(`${url.replace('ws', 'http')}/hook?key=***`);
  });

  test('from the environment and from files, in processes of their own, and in the scenario', async () => {
    const script = join(folder, 'own.yml');
    writeFileSync(script, ownScenario);
    const headerFile = join(folder, 'header');
    writeFileSync(headerFile, `Bearer ${secrets.header}\n`);
    const ended = await run(
      [
        ...[script, '--connections', '20', '--steady', '3', '--message-rate', '20', '--url', 'env:TARGET'],
        ...['--header', `authorization: file:${headerFile}`, '--message', 'env:MESSAGE', '--answer', '$.id'],
        ...['--variable', 'apiKey=env:API_KEY'],
      ],
      {
        TARGET: `${url}/${secrets.path}?key=${encodeURIComponent(secrets.query)}`,
        MESSAGE: JSON.stringify({ hello: secrets.message, id: '${id}' }),
        API_KEY: secrets.variable,
        SCENARIO_KEY: secrets.scenario,
        LOADLINE_TOKEN_SECRET: secrets.token,
      },
      [path, query, header, message, variable, scenario, token],
    );
    expectNoLeak(ended);
    expect(requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${secrets.header}`,
      'x-api-key': secrets.variable,
      'x-scenario-key': secrets.scenario,
    });
    expect(requests[0]?.url).toContain(secrets.path);
    expect(JSON.parse(messages[0] ?? '{}').hello).toBe(secrets.message);
    expect(runJson()).toMatchObject({ target: { webSocketUrl: url }, variables: { apiKey: 'env:API_KEY' } });
  });

  test('in a URL at which nothing listens: the sentence does not have them either', async () => {
    const nowhere = `ws://${secrets.user}:${encodeURIComponent(secrets.password)}@127.0.0.1:1/ws?key=${secrets.hook}`;
    const ended = await run(
      ['connections', '--connections', '2', '--variable', 'holdSeconds=1', '--drain', '1', '--url', nowhere],
      { LOADLINE_TOKEN_SECRET: secrets.token },
      [],
    );
    expect(ended.code).toBe(4);
    expect(ended.stdout).toContain('No connection to ws://127.0.0.1:1/ws could be opened');
    expectNoLeak(ended);
  });
});

const ownScenario = `
config:
  target: ws://127.0.0.1:1
  engines: { loadline: {} }
  phases: [{ duration: 1, arrivalCount: 1 }]
  variables: { connections: 1, messageRatePerSecond: 1, steadySeconds: 1, apiKey: '' }
scenarios:
  - engine: loadline
    flow:
      - fleet:
          fleets: 2
          fleetsIn: processes
          connections: '{{ connections }}'
          messageRatePerSecond: '{{ messageRatePerSecond }}'
          steadySeconds: '{{ steadySeconds }}'
          drainSeconds: 1
          timeoutSeconds: 2
          headers: { x-api-key: '{{ apiKey }}', x-scenario-key: '{{ $env.SCENARIO_KEY }}' }
`;
