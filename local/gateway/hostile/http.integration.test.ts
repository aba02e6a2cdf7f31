/** HTTP clients that send malformed requests, to the upgrade, the HTTP API and @connections, which share a port. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSockets, settled, startHostileStack } from '../../testing/hostile-stack.ts';
import { exchange, statusesOf, upgradeRequest } from '../../testing/raw-socket.ts';

let stack: Awaited<ReturnType<typeof startHostileStack>>;
beforeAll(async () => {
  stack = await startHostileStack({ connectMs: 150, limits: { httpPayloadBytes: 100_000 } });
});
afterAll(async () => {
  await stack.stop();
});

describe('upgrades', () => {
  test.each<[string, Record<string, string | null>, number]>([
    ['without a key', { 'Sec-WebSocket-Key': null }, 400],
    ['with a key that is too short', { 'Sec-WebSocket-Key': 'c2hvcnQ=' }, 400],
    ['with two keys', { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 400],
    ['of version 8', { 'Sec-WebSocket-Version': '8' }, 400],
    ['without Host, which may be that of any page', { Host: null }, 403],
    ['with two lengths', { 'Content-Length': '1', 'content-length': '2' }, 400],
    ['with a header of 11,000 bytes', { 'X-Large': 'x'.repeat(11_000) }, 431],
    ['with a header that has a space in its name', { 'X Bad': 'x' }, 400],
    ['with a header that has NUL in its value', { 'X-Bad': 'a\u0000b' }, 400],
    // Not a WebSocket upgrade, so a plain request; the HTTP API has no such route.
    ['to HTTP/2', { Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQCAAAAAAIAAAAA' }, 404],
  ])('%s: %s', async (_, changes, status) => {
    const before = stack.connectionLog().length;
    const answer = await exchange(stack.webSocketUrl, upgradeRequest(stack.webSocketUrl, changes));
    expect(statusesOf(answer)).toEqual([status]);
    // $connect never ran.
    expect(stack.connectionLog()).toHaveLength(before);
    await stack.serves();
  });

  test.each([
    ['a longer path', '/test/more', 403],
    ['two slashes', '//test', 403],
    ['another host in two slashes', '//evil/test', 403],
    ['a bracket', '/test[', 403],
    ['no path', '?token=x', 400],
    ['a URL over 4,096 characters', `/test?token=${'x'.repeat(4_096)}`, 414],
  ])('of %s: %s', async (_, target, status) => {
    const request = upgradeRequest(stack.webSocketUrl).replace('GET /test', `GET ${target}`);
    expect(statusesOf(await exchange(stack.webSocketUrl, request))).toEqual([status]);
  });

  test('with a method other than GET is a plain request', async () => {
    const request = upgradeRequest(stack.webSocketUrl).replace('GET ', 'POST ');
    expect(statusesOf(await exchange(stack.webSocketUrl, request))).toEqual([404]);
  });

  test('with `__proto__` as header and as parameter reaches $connect with both', async () => {
    const url = `${stack.webSocketUrl}?__proto__=1&constructor=2&a=1&a=2`;
    const answer = await exchange(stack.webSocketUrl, upgradeRequest(url, { __proto__x: '1', ['__proto__']: '3' }));
    expect(statusesOf(answer)).toEqual([101]);
    const entry = stack.connectionLog().find(({ query }) => query !== undefined);
    expect(Object.entries(entry?.query ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['a', '2'],
    ]);
    expect(Object.keys(entry?.headers ?? {})).toContain('__proto__x');
  });

  test("adds its own forwarded headers after the client's, and a trace id", async () => {
    const claims = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'gopher', 'X-Mark': 'forwarded' };
    await exchange(stack.webSocketUrl, upgradeRequest(stack.webSocketUrl, claims));
    const headers = stack.connectionLog().find((entry) => entry.headers['X-Mark'] === 'forwarded')?.headers ?? {};
    expect(headers['X-Forwarded-For']).toBe('203.0.113.7, 127.0.0.1');
    expect(headers['X-Forwarded-Proto']).toBe('http');
    expect(headers['x-forwarded-proto']).toBeUndefined();
    expect(headers['X-Amzn-Trace-Id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  test('whose sockets are destroyed while $connect runs end in $disconnect with 1006', async () => {
    const { hostname, port } = new URL(stack.webSocketUrl);
    const connectOf = (mark: string) => stack.connectionLog().find(({ headers }) => headers['X-Mark'] === mark);
    const marks = Array.from({ length: 20 }, (_, index) => `gone before the answer to ${index}`);
    await Promise.all(
      marks.map(async (mark) => {
        const socket = connect(Number(port), hostname);
        socket.write(upgradeRequest(stack.webSocketUrl, { 'X-Mark': mark }));
        await settled(
          () => connectOf(mark),
          (entry) => entry !== undefined,
        );
        socket.resetAndDestroy();
      }),
    );
    const pairs = () => {
      const entries = stack.connectionLog();
      const ids = marks.map((mark) => connectOf(mark)?.connectionId);
      return ids.map(
        (id) => entries.find((entry) => entry.eventType === 'DISCONNECT' && entry.connectionId === id)?.code,
      );
    };
    const codes = await settled(pairs, (found) => found.length === 20 && !found.includes(undefined));
    expect(codes).toEqual(Array.from({ length: 20 }, () => 1006));
    await stack.serves();
  });
});

const post = (lines: string, body = '') => `POST /echo HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n\r\n${body}`;

describe('requests', () => {
  test.each<[string, string, number[]]>([
    [
      'Content-Length and Transfer-Encoding together',
      post('Content-Length: 4\r\nTransfer-Encoding: chunked', '0\r\n\r\nGET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      [400],
    ],
    ['two lengths', post('Content-Length: 1\r\nContent-Length: 2', 'ab'), [400]],
    ['a negative length', post('Content-Length: -1'), [400]],
    ['a length in hex', post('Content-Length: 0x1', 'a'), [400]],
    ['chunks that are not last in the codings', post('Transfer-Encoding: chunked, gzip', '0\r\n\r\n'), [400]],
    ['an invalid chunk size', post('Transfer-Encoding: chunked', 'zz\r\n'), [400]],
    ['a chunk size over 2^64', post('Transfer-Encoding: chunked', 'fffffffffffffffff\r\n'), [400]],
    ['not HTTP', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', [400]],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', [400]],
    ['HTTP/2 in the clear', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['a space before a colon', 'GET /echo HTTP/1.1\r\nHost : local\r\n\r\n', [400]],
    ['a folded header', 'GET /echo HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n', [400]],
    ['a target that is not a path', 'GET ** HTTP/1.1\r\nHost: localhost\r\n\r\n', [404]],
    ['two in one write', post('Content-Length: 1', 'a') + post('Content-Length: 1', 'b'), [200, 200]],
    ['a target in absolute form', 'GET http://elsewhere/echo HTTP/1.1\r\nHost: localhost\r\n\r\n', [200]],
    ['%zz in the path', 'GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n', [404]],
    ['%zz as a connection id', 'GET /test/@connections/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n', [403]],
    ['trailers announced for no body', 'GET /echo HTTP/1.1\r\nHost: localhost\r\nTrailer: x\r\n\r\n', [200]],
    ['%00 and %zz in the query', 'GET /echo?a=%00&b=%zz&__proto__=1 HTTP/1.1\r\nHost: localhost\r\n\r\n', [200]],
  ])('%s', async (_, request, statuses) => {
    expect(statusesOf(await exchange(stack.webhookUrl, Buffer.from(request, 'latin1'), statuses.length))).toEqual(
      statuses,
    );
    await stack.serves();
  });

  test('a body over the limit is 413 and the connection closes: the rest is not read as a second request', async () => {
    const smuggled = 'GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const announced = post('Content-Length: 50000000', smuggled);
    expect(statusesOf(await exchange(stack.webhookUrl, announced))).toEqual([413]);
    const chunk = `186a1\r\n${'x'.repeat(100_001)}\r\n`;
    const answer = await exchange(stack.webhookUrl, post('Transfer-Encoding: chunked', `${chunk}0\r\n\r\n`));
    expect(statusesOf(answer)).toEqual([413]);
  });

  test('an endless body is cut off, and is not kept in memory', async () => {
    const { hostname, port } = new URL(stack.webhookUrl);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(post('Transfer-Encoding: chunked'));
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
    const send = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', send);
    send();
    await closed;
    // 100 kB plus a grace of 1 MiB, plus the kernel's buffers.
    expect(socket.bytesWritten).toBeLessThan(20_000_000);
    await stack.serves();
  });

  test('an upload aborted halfway leaves nothing behind', async () => {
    const before = openSockets();
    const { hostname, port } = new URL(stack.webhookUrl);
    for (let index = 0; index < 50; index++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(post('Content-Length: 90000', 'only this'), () => socket.resetAndDestroy());
    }
    expect(await settled(openSockets, (count) => count <= before)).toBeLessThanOrEqual(before);
    await stack.serves();
  });

  test('headers and a body that never end are 408 after the timeout', async () => {
    // Of its own: elsewhere a busy machine must not be taken for a slow client.
    const assumptions = { requestHeadersTimeoutMs: 400, requestTimeoutMs: 800 };
    const impatient = await startHostileStack({ limits: { assumptions } });
    const neverEnding = ['GET /echo HTTP/1.1\r\nHost: localhost\r\nX-Slow: ', post('Content-Length: 90000', 'slow')];
    await Promise.all(
      neverEnding.map(async (beginning) => {
        const started = performance.now();
        expect(statusesOf(await exchange(impatient.webhookUrl, beginning))).toEqual([408]);
        expect(performance.now() - started).toBeGreaterThan(350);
      }),
    );
    await impatient.serves();
    await impatient.stop();
  });

  test.each([
    ['no signature', ''],
    ['not SigV4', 'Authorization: Basic bG9jYWw6bG9jYWw=\r\n'],
    ['`__proto__` among the signed headers', signed('__proto__;host')],
    ['another service', signed('host').replace('execute-api', 's3')],
    ['a header of 9,000 commas', `Authorization: AWS4-HMAC-SHA256 ${','.repeat(9_000)}\r\n`],
  ])('@connections with %s is 403', async (_, authorization) => {
    const target = '/test/@connections/AAAAAAAAAAAAAAA%3D';
    const request = `POST ${target} HTTP/1.1\r\nHost: localhost\r\n${authorization}Content-Length: 1\r\n\r\nx`;
    expect(statusesOf(await exchange(stack.webhookUrl, request))).toEqual([403]);
  });
});

describe('requests to the port of all services', () => {
  const get = (target: string, service: string | null) =>
    `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${service === null ? '' : signed('host').replace('execute-api', service)}\r\n`;

  test.each<[target: string, service: string | null, status: number]>([
    ['/2015-03-31/functions/%zz', null, 400],
    ['/2015-03-31/functions/%zz/configuration', 'lambda', 400],
    ['/2015-03-31/functions/%ff/url', 'lambda', 400],
    ['/v2/apis/API/routes/%zz', 'apigateway', 400],
    ['/?X-Amz-Credential=%zz', null, 400],
    ['/test/@connections/%zz', 'execute-api', 403],
    ['/_loadline/faults/%zz', null, 200],
  ])('%s for %s: %i', async (target, service, status) => {
    const request = get(target.replace('API', stack.webSocketApiId), service);
    const answer = await exchange(stack.endpointUrl, request);
    expect(statusesOf(answer)).toEqual([status]);
    if (status === 400) expect(answer).toContain('ValidationException');
    await stack.serves();
  });

  test('trailers announced for a request that is passed on to another service', async () => {
    const request = get('/', 'sqs').replace('Host', 'Trailer: x\r\nHost');
    // Nothing listens there, so that the connection ends without an answer.
    expect(statusesOf(await exchange(stack.endpointUrl, request))).toEqual([]);
    await stack.serves();
  });
});

function signed(headers: string): string {
  const scope = 'LOADLINELOCAL/20261121/us-east-1/execute-api/aws4_request';
  return `X-Amz-Date: 20261121T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${headers}, Signature=${'0'.repeat(64)}\r\n`;
}
