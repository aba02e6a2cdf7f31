/** Every function of a request answers before Lambda ends it, with services that accept a call and never finish it. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const timeoutMs = 2_000;
/** `silent`: no answer. `stalling`: the head of one, and a part of its body. */
let kind: 'silent' | 'stalling' = 'silent';
const service = createServer((_, response) => {
  if (kind === 'stalling') response.writeHead(200, { 'content-length': '1000' }).write('{');
});

beforeAll(async () => {
  // The handlers read the environment once, when they are loaded, and a worker's files share their modules.
  vi.resetModules();
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  for (const [name, value] of Object.entries({
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL_SQS: url, AWS_ENDPOINT_URL_SECRETS_MANAGER: url },
    ...{ CALLBACK_URL: `${url}/prod`, TABLE_NAME: 'table', CONNECTION_TTL_SECONDS: '10800', STACK_NAME: 'Test' },
    ...{ FUNCTION_TIMEOUT_SECONDS: String(timeoutMs / 1_000), MAX_WEBHOOK_BYTES: '10000', QUEUE_URL: `${url}/1/queue` },
    ...{ TOKEN_SECRET_ARN: 'token', WEBHOOK_SECRET_ARN: 'webhook', MAX_TOKEN_LIFETIME_SECONDS: '3600' },
    ...{ USER_MESSAGES_PER_SECOND: '10', USER_BURST_SECONDS: '1', MAX_RECIPIENTS: '100' },
  })) {
    vi.stubEnv(name, value);
  }
});

afterAll(async () => {
  vi.unstubAllEnvs();
  service.closeAllConnections();
  service.close();
  await once(service, 'close');
});

const authorizer = { principalId: 'ann', subscribe: '*', publish: '*', expiresAt: '9999999999' };
const socket = (body?: string) => ({ requestContext: { connectionId: 'c=', authorizer }, body });
const webhook = {
  requestContext: { http: { method: 'POST' } },
  headers: { 'x-nylas-signature': createHmac('sha256', 'key').update('{}').digest('hex') },
  body: '{}',
};

it.each(['silent', 'stalling'] as const)('services that are %s', async (each) => {
  kind = each;
  const functions: [string, Promise<{ handler: (event: never, context: never) => Promise<unknown> }>, unknown][] = [
    ['authorize', import('./authorize.ts'), { methodArn: 'arn', queryStringParameters: { token: 'a.b.c' } }],
    ['connect', import('./connect.ts'), socket()],
    ['disconnect', import('./disconnect.ts'), socket()],
    ['subscribe', import('./message.ts'), socket('{"action":"subscribe","id":"a","channel":"news"}')],
    ['ingest', import('./ingest.ts'), webhook],
  ];
  const silenced = vi.spyOn(console, 'error').mockReturnValue();
  const outcomes = await Promise.all(
    functions.map(async ([name, module, event]) => {
      const { handler } = await module;
      const endsAt = performance.now() + timeoutMs;
      const context = { getRemainingTimeInMillis: () => endsAt - performance.now() };
      const answered = () => `${name} answered`;
      const killed = sleep(timeoutMs).then(() => `${name} was killed`);
      return await Promise.race([handler(event as never, context as never).then(answered, answered), killed]);
    }),
  );
  silenced.mockRestore();
  expect(outcomes).toEqual(functions.map(([name]) => `${name} answered`));
});
