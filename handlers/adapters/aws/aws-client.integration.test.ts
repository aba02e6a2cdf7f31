/** Calls over real sockets: what is repeated, what is not, and that every call ends in time. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { AwsClient, type AwsClientSettings } from './aws-client.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
/** One for each request; the last one again for all that follow. */
let answers: Answer[] = [];
/** Of the test that runs. */
let path = '/';
let tests = 0;
const seen: IncomingMessage[] = [];
const sockets = new Set<unknown>();
const server = createServer((request, response) => {
  // Of a call that an earlier test has given up.
  if (request.url !== path) {
    response.destroy();
    return;
  }
  seen.push(request);
  sockets.add(request.socket);
  request.resume().on('end', () => (answers.length > 1 ? answers.shift() : answers[0])?.(response, request));
});
const ok: Answer = (response) => response.end('{"fine":true}');
const failing =
  (status: number, type: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(JSON.stringify({ __type: `com.amazon#${type}`, message: 'no' }));

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(() => {
  tests += 1;
  path = `/${tests}`;
  seen.length = 0;
  sockets.clear();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const bounds = { connectionTimeoutMs: 10_000, requestTimeoutMs: 10_000, maxAttempts: 3, callMs: 60_000 };
const clientWith = (more: Partial<AwsClientSettings> = {}) =>
  new AwsClient({
    service: 'dynamodb',
    endpoint: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
    bounds,
    maxSockets: 4,
    remainingMs: () => 60_000,
    nowMs: Date.now,
    random: () => 0,
    ...more,
  });
const request = {
  get path() {
    return path;
  },
  headers: { 'x-amz-target': 'A.B' },
  body: '{"a":"ü"}',
};

it('keeps its connection, and sends the whole body, signed', async () => {
  answers = [ok];
  const client = clientWith();
  for (let call = 0; call < 5; call++) expect(await client.post(request)).toBe('{"fine":true}');
  expect(sockets.size).toBe(1);
  expect(seen[0]?.headers).toMatchObject({ 'x-amz-target': 'A.B', 'content-length': '10' });
  expect(seen[0]?.headers.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-target,');
});

it.each([
  ['a throttle', failing(400, 'ProvisionedThroughputExceededException')],
  ['a server error', failing(500, 'InternalServerError')],
  ['a broken connection', ((response) => response.destroy()) satisfies Answer],
  [
    'an answer that breaks off',
    ((response) =>
      response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy())) satisfies Answer,
  ],
])('repeats a call after %s', async (_name, first) => {
  answers = [first, first, ok];
  expect(await clientWith().post(request)).toBe('{"fine":true}');
  expect(seen).toHaveLength(3);
});

it('repeats no other, and not more often than it may', async () => {
  answers = [failing(400, 'ConditionalCheckFailedException')];
  await expect(clientWith().post(request)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    status: 400,
  });
  expect(seen).toHaveLength(1);
  answers = [failing(503, 'ServiceUnavailable')];
  await expect(clientWith().post(request)).rejects.toMatchObject({ name: 'ServiceUnavailable', status: 503 });
  expect(seen).toHaveLength(4);
});

it('stops repeating for a service that is down: 500 tokens, 5 a retry', async () => {
  answers = [failing(500, 'InternalServerError')];
  const client = clientWith();
  for (let call = 0; call < 60; call++) await client.post(request).catch(() => {});
  expect(seen).toHaveLength(60 + 100);
});

it('signs with the time of the service when its own clock is wrong', async () => {
  const date = new Date(Date.now() - 3_600_000).toUTCString();
  answers = [failing(403, 'InvalidSignatureException', { date }), ok];
  await clientWith().post(request);
  const hours = seen.map(({ headers }) => String(headers['x-amz-date']).slice(0, 11));
  expect(hours[0]).not.toBe(hours[1]);
});

it('gives up a silent service at the end of an attempt, of the call, or of the invocation', async () => {
  answers = [() => {}];
  const late = { name: 'TimeoutError', connected: true };
  const attempts = clientWith({ bounds: { ...bounds, requestTimeoutMs: 200 } });
  await expect(attempts.post(request)).rejects.toMatchObject(late);
  await expect.poll(() => seen.length).toBe(3);
  await expect(clientWith({ bounds: { ...bounds, callMs: 50 } }).post(request)).rejects.toMatchObject(late);
  await expect(clientWith({ remainingMs: () => 50 }).post(request)).rejects.toMatchObject(late);
  const before = seen.length;
  await expect(clientWith({ remainingMs: () => 0 }).post(request)).rejects.toThrow('No time is left');
  expect(seen).toHaveLength(before);
});

it('ends with the signal', async () => {
  answers = [() => {}];
  const abort = new AbortController();
  const call = clientWith({ bounds: { ...bounds, maxAttempts: 1 } }).post(request, { signal: abort.signal });
  while (seen.length === 0) await sleep(1);
  abort.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});

it('makes no more connections than it may: further calls wait, and are late when they wait too long', async () => {
  answers = [(response) => setTimeout(() => response.end('{}'), 20)];
  const client = clientWith({ maxSockets: 2 });
  await Promise.all(Array.from({ length: 6 }, () => client.post(request)));
  expect(sockets.size).toBe(2);
  answers = [() => {}];
  const silent = clientWith({ maxSockets: 1, bounds: { ...bounds, requestTimeoutMs: 50, maxAttempts: 1 } });
  const calls = await Promise.allSettled([silent.post(request), silent.post(request)]);
  expect(calls).toMatchObject([
    { status: 'rejected', reason: { name: 'TimeoutError', connected: true } },
    { status: 'rejected', reason: { name: 'TimeoutError' } },
  ]);
});

it('uses a connection no longer than the service announces to keep it', async () => {
  // Less than the second that is left to requests on their way.
  answers = [(response) => response.setHeader('keep-alive', 'timeout=1').end('{}')];
  const client = clientWith();
  for (let call = 0; call < 3; call++) await client.post(request);
  expect(sockets.size).toBe(3);
});

it('sends no header that would be another one, or another request', async () => {
  const headers = { 'x-amz-target': 'A.B\r\nx-more: 1' };
  await expect(clientWith().post({ ...request, headers })).rejects.toThrow('x-amz-target has a character');
  expect(seen).toHaveLength(0);
});
