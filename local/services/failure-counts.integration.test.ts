/** What the local target says of functions that fail, and of integrations: asked after a handful of invocations. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localCredentials } from '../gateway/connections-api/sigv4.ts';
import { failuresPath, type TargetFailures } from '../model.ts';
import { bootstrapInJavaScript } from '../testing/runtime-bootstrap.ts';
import { startSmallStack } from '../testing/small-stack.ts';

const handler = (body: string) => `export const handler = async () => { ${body} };`;
/** Each with what is said of it. */
const functions: Record<string, [source: string | Record<string, string>, kind: string, text: RegExp]> = {
  NoModule: [
    "import 'not-there'; export const handler = async () => 1;",
    'load',
    /^Runtime\.ImportModuleError: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find package 'not-there' imported from .*index\.mjs$/,
  ],
  NoHandler: ['export const other = 1;', 'load', /^Runtime\.HandlerNotFound: index\.handler is undefined/],
  NoSource: [
    { 'index.js': 'exports.handler = () => {' },
    'load',
    /^Runtime\.UserCodeSyntaxError: SyntaxError: Unexpected end of input \(.*index\.js:\d+\)$/,
  ],
  Thrown: ["throw new TypeError('no settings');", 'load', /^TypeError: no settings$/],
  Gone: ['process.exit(3);', 'load', /^Runtime\.ExitError: Error: Runtime exited with exit status 3$/],
  NoBootstrap: [
    { bootstrap: `#!/bin/sh\necho 'starting' >&2\necho 'config.json: no such file' >&2\nexit 4\n` },
    'load',
    /^Runtime\.ExitError: Error: Runtime exited with error: exit status 4: config\.json: no such file$/,
  ],
  InitFails: [{ bootstrap: bootstrapInJavaScript }, 'load', /^My\.Init: not today$/],
  Hangs: [
    'await new Promise((done) => setTimeout(done, 600_000));',
    'loadTimeout',
    /Task timed out after 1\.00 seconds$/,
  ],
  Large: ['const all = []; for (;;) all.push({ x: all.length });', 'memory', /signal: killed$/],
  LargeLater: [handler('const all = []; for (;;) all.push({ x: all.length });'), 'memory', /signal: killed$/],
  Slow: [handler('await new Promise(() => setTimeout(() => {}, 600_000));'), 'timeout', /timed out after 1\.00 s/],
  Crash: [handler('process.exit(5);'), 'crash', /exit status 5$/],
  Refuses: [handler("throw new RangeError('of ' + Math.random());"), 'thrown', /^RangeError: of 0\./],
};

let stack: Awaited<ReturnType<typeof startSmallStack>>;
let client: LambdaClient;
beforeAll(async () => {
  const impatient = ['Hangs', 'Slow'];
  stack = await startSmallStack({
    functions: {
      ...Object.fromEntries(Object.entries(functions).map(([name, [source]]) => [name, source])),
      Malformed: handler('return { statusCode: 200, body: {} };'),
      Unwell: handler('return { statusCode: 503 };'),
      Fine: handler("return { statusCode: 200, body: 'fine' };"),
    },
    functionProperties: Object.fromEntries(
      [...Object.keys(functions), 'Malformed', 'Unwell', 'Fine'].map((name) => [
        name,
        {
          ...{ FunctionName: `my-${name}`, MemorySize: 96, Timeout: impatient.includes(name) ? 1 : 60 },
          ...(Object.hasOwn(Object(functions[name]?.[0]), 'bootstrap') && {
            Runtime: 'provided.al2023',
            MemorySize: 512,
          }),
          ...(name === 'InitFails' && { Environment: { Variables: { INIT: 'fails' } } }),
        },
      ]),
    ),
    webSocketRoutes: { $default: 'Fine', $connect: 'Unwell' },
    httpRoutes: { 'POST /malformed': 'Malformed', 'POST /unwell': 'Unwell', 'POST /fine': 'Fine' },
  });
  const endpoint = stack.target.endpoints.lambda;
  client = new LambdaClient({ region: 'us-east-1', endpoint, credentials: localCredentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await stack.stop();
});

async function failures(): Promise<TargetFailures> {
  const response = await fetch(new URL(failuresPath, stack.target.endpointUrl));
  return (await response.json()) as TargetFailures;
}

test.each(Object.entries(functions))('%s: its kind, and what its log begins with', async (name, [, kind, text]) => {
  for (let event = 0; event < 2; event++) {
    const { FunctionError } = await client.send(new InvokeCommand({ FunctionName: `my-${name}` }));
    expect(FunctionError).toBeDefined();
  }
  const all = await failures();
  // Two events, of which the second may differ in what its error says.
  expect(all.functions.filter(({ functionName }) => functionName === `my-${name}`)).toEqual([
    { functionName: `my-${name}`, kind, text: expect.stringMatching(text), count: 2 },
  ]);
});

test('integrations that answer badly, by route; what is well is not there', async () => {
  const post = async (path: string) => (await fetch(`${stack.target.webhookUrl}${path}`, { method: 'POST' })).status;
  expect([await post('/malformed'), await post('/unwell'), await post('/unwell'), await post('/fine')]).toEqual([
    500, 503, 503, 200,
  ]);
  expect((await failures()).routes).toEqual([
    {
      ...{ api: 'HttpApi', route: 'POST /unwell', integration: 'my-Unwell', kind: 'answered' },
      ...{ status: 503, text: null, count: 2 },
    },
    {
      ...{ api: 'HttpApi', route: 'POST /malformed', integration: 'my-Malformed', kind: 'malformed' },
      ...{ status: 500, text: null, count: 1 },
    },
  ]);
});
