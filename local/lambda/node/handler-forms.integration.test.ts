import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localCredentials } from '../../gateway/connections-api/sigv4.ts';
import { startSmallStack } from '../../testing/small-stack.ts';
import { connect } from '../../testing/web-socket-client.ts';

const commonJs = (source: string) => ({ 'index.js': source });
/** Name → code, and properties other than its defaults (index.handler of nodejs24.x). */
const forms: Record<string, { code: string | Record<string, string>; Handler?: string; Runtime?: string }> = {
  esm: { code: 'export const handler = async (event) => event.n + 1;' },
  commonJs: { code: commonJs('exports.handler = async (event) => event.n + 2;') },
  assigned: { code: commonJs('const api = { handler: async (event) => event.n + 3 }; module.exports = api;') },
  defaultObject: { code: 'export default { handler: async (event) => event.n + 4 };' },
  defaultFunction: { code: 'export default async (event) => event.n + 5;', Handler: 'index.default' },
  nested: {
    code: { 'src/app.js': 'exports.api = { get: async (event) => event.n + 6 };' },
    Handler: 'src/app.api.get',
  },
  plain: { code: 'export const handler = (event) => event.n + 7;' },
  streamed: {
    code: `export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
      stream.write(String(event.n));
      setTimeout(() => stream.end('0'), 5);
    });`,
  },
  typeModule: {
    code: { 'package.json': '{"type":"module"}', 'index.js': 'export const handler = async (e) => e.n + 9;' },
  },
  // What a layer has is found by its name from CommonJS, and below /opt by everybody.
  layered: {
    code: {
      'index.js':
        "exports.handler = async (event) => event.n + require('greeting') + require('/opt/nodejs/one') - 1 + (await import('/opt/nodejs/more.mjs')).more;",
      'layer/nodejs/node_modules/greeting/index.js': 'module.exports = 7;',
      'layer/nodejs/one.js': 'module.exports = 1;',
      'layer/nodejs/more.mjs': 'export const more = 3;',
    },
  },
};
const callbacks: Record<string, [code: string, answer: unknown]> = {
  calledBack: ['(event, context, callback) => { setTimeout(() => callback(null, event.n), 5); }', 1],
  // Its answer leaves when nothing is left to do.
  waits: [
    '(e, c, callback) => { const all = []; setTimeout(() => all.push("late"), 30); callback(null, all); }',
    ['late'],
  ],
  doesNotWait: [
    '(e, context, callback) => { const all = []; context.callbackWaitsForEmptyEventLoop = false; setTimeout(() => all.push("late"), 30); callback(null, all); }',
    [],
  ],
  succeeds: ['(event, context) => { context.succeed(event.n); }', 1],
  never: ['() => { setTimeout(() => {}, 5); }', null],
  promised: ['async (event, context, callback) => event.n', 1],
};
const broken: Record<string, [code: string, errorType: string, message: RegExp]> = {
  noModule: ["import 'not-there'; export const handler = async () => 1;", 'Runtime.ImportModuleError', /not-there/],
  noClient: [
    "import '@aws-sdk/client-nothing'; export const handler = async () => 1;",
    'Runtime.ImportModuleError',
    /install @aws-sdk\/client-nothing beside the function/,
  ],
  syntax: ['export const handler = (', 'Runtime.UserCodeSyntaxError', /SyntaxError/],
  noExport: ['export const other = 1;', 'Runtime.HandlerNotFound', /index.handler is undefined or not exported/],
  noFunction: ['export const handler = 1;', 'Runtime.HandlerNotFound', /is not a function/],
  takesCallback: [
    'export const handler = (event, context, callback) => callback();',
    'Runtime.CallbackHandlerDeprecated',
    /nodejs22/,
  ],
  throwsAtLoad: ["throw new RangeError('at load');", 'RangeError', /at load/],
};
const sdk = {
  esmSdk: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
    export const handler = async () => typeof DynamoDBDocumentClient.from(new DynamoDBClient({})).send;`,
  requiredSdk: commonJs(
    "const { LambdaClient } = require('@aws-sdk/client-lambda'); exports.handler = async () => typeof new LambdaClient({}).send;",
  ),
  ownSdk: {
    'index.mjs': "import { whose } from '@aws-sdk/client-dynamodb'; export const handler = async () => whose;",
    'node_modules/@aws-sdk/client-dynamodb/package.json': '{"name":"@aws-sdk/client-dynamodb","main":"index.js"}',
    'node_modules/@aws-sdk/client-dynamodb/index.js': "exports.whose = 'its own';",
  },
};
/** Of a WebSocket: it answers through the endpoint that its event names, and with what calls to its own APIs return. */
const byDomainName = `import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
  import { get } from 'node:https';
  const text = (url) => new Promise((resolve, reject) => get(url, (r) => { let all = ''; r.on('data', (d) => (all += d)).on('end', () => resolve(all)); }).on('error', reject));
  export const handler = async ({ requestContext: { domainName, stage, connectionId } }) => {
    const client = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
    const host = 'abcdefghij.execute-api.us-east-1.amazonaws.com';
    const said = [await (await fetch(\`https://\${host}/hello\`)).text(), await text(\`https://\${host}/hello\`)].join(' ');
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: said }));
    return { statusCode: 200 };
  };`;
const greets =
  "export const handler = async (event) => ({ statusCode: 200, body: 'hello ' + event.requestContext.domainName.split('.')[0] });";

const page = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const page = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'Content-Type': 'text/html' } });
  page.write('<p>');
  page.end('ä');
});`;

let stack: Awaited<ReturnType<typeof startSmallStack>>;
let client: LambdaClient;
beforeAll(async () => {
  const codes = (
    all: Readonly<Record<string, readonly [string, ...unknown[]]>>,
    wrap = (code: string): string | Record<string, string> => code,
  ) => Object.entries(all).map(([name, [code]]) => [name, wrap(code)] as const);
  const functions = Object.fromEntries([
    ...Object.entries(forms).map(([name, { code }]) => [name, code] as const),
    ...codes(callbacks, (code) => commonJs(`exports.handler = ${code};`)),
    ...codes(broken),
    ...Object.entries(sdk),
    ...Object.entries({ byDomainName, greets, page }),
  ]);
  const propertiesOf = (name: string) => {
    const { Handler = 'index.handler', Runtime = name in callbacks ? 'nodejs22.x' : 'nodejs24.x' } = forms[name] ?? {};
    const Layers = name === 'layered' ? [{ Ref: 'Layer' }] : [];
    return { FunctionName: name, Handler, Runtime, Timeout: 30, MemorySize: 512, Layers };
  };
  stack = await startSmallStack({
    functions,
    functionProperties: Object.fromEntries(Object.keys(functions).map((name) => [name, propertiesOf(name)])),
    resources: { Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: 'layered/layer' } } },
    webSocketRoutes: { $default: 'byDomainName' },
    httpRoutes: { 'GET /hello': 'greets', 'GET /page': 'page' },
  });
  const endpoint = stack.target.endpoints.lambda;
  client = new LambdaClient({ region: 'us-east-1', endpoint, credentials: localCredentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await stack.stop();
});

async function invoke(name: string): Promise<{ failed: boolean; answer: unknown }> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ n: 1 }) }),
  );
  return { failed: FunctionError !== undefined, answer: JSON.parse(Payload?.transformToString() ?? '') };
}

test.each(Object.keys(forms).map((name, index) => [index, name] as const))('form %i: %s', async (index, name) => {
  expect(await invoke(name)).toEqual({ failed: false, answer: name === 'streamed' ? 10 : index + 2 });
});

describe('up to Node.js 22', () => {
  test.each(Object.entries(callbacks))('%s', async (name, [, answer]) => {
    expect(await invoke(name)).toEqual({ failed: false, answer });
    // In the same environment again.
    expect(await invoke(name)).toEqual({ failed: false, answer });
  });
});

test.each(Object.entries(broken))(
  '%s fails its init with the type that Lambda has for it',
  async (name, [, errorType, message]) => {
    expect(await invoke(name)).toMatchObject({
      failed: true,
      answer: { errorType, errorMessage: expect.stringMatching(message) },
    });
  },
);

test('the AWS SDK is there without being part of the package, unless the package has its own', async () => {
  expect(await invoke('esmSdk')).toEqual({ failed: false, answer: 'function' });
  expect(await invoke('requiredSdk')).toEqual({ failed: false, answer: 'function' });
  expect(await invoke('ownSdk')).toEqual({ failed: false, answer: 'its own' });
});

test("calls to the API's own name and to the domain name of the event reach this target", async () => {
  const { socket, next } = await connect(stack.target.webSocketUrl);
  socket.send('{}');
  expect(await next()).toBe('hello abcdefghij hello abcdefghij');
  socket.close();
});

test('a streamed response is answered as a whole, with its status and headers', async () => {
  const answer = await fetch(`${stack.target.webhookUrl}/page`);
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([201, 'text/html', '<p>ä']);
});
