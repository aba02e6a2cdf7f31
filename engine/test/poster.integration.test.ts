import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemPlatform } from '../src/core/fleet/platform.ts';
import type { PostOutcome } from '../src/core/webhooks/post-outcome.ts';
import { Poster } from '../src/core/webhooks/poster.ts';

/** Only advances when a test moves it: no connection times out on a slow machine. */
const clock = { nowMicros: () => nowMicros };
let nowMicros = 0;

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

async function posterTo(handle: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  let connections = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => handle(request, response, body));
  });
  server.keepAliveTimeout = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const poster = posterFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?a=1`);
  return { poster, seen: () => connections };
}

function posterFor(url: string): Poster {
  const poster = new Poster({ clock, open: systemPlatform.openPostConnection, url, timeoutSeconds: 1 });
  cleanups.push(() => poster.close());
  return poster;
}

const post = (poster: Poster, body = '{}', headers: Record<string, string> = {}): Promise<PostOutcome> =>
  new Promise((resolve) => poster.post({ path: null, headers, body: Buffer.from(body) }, resolve));

describe('with an independent HTTP server (Node)', () => {
  test('path, headers and body arrive unchanged, up to 1 MiB', async () => {
    const requests: unknown[] = [];
    const { poster } = await posterTo(({ method, url, headers }, response, body) => {
      requests.push([method, url, headers['x-nylas-signature'], headers['content-type'], body.length]);
      response.end('ok');
    });
    for (const size of [2, 70_000, 1_048_576])
      expect(await post(poster, 'x'.repeat(size), { 'x-nylas-signature': 'abc' })).toEqual({ kind: 'accepted' });
    expect(requests).toEqual(
      [2, 70_000, 1_048_576].map((size) => ['POST', '/hooks?a=1', 'abc', 'application/json', size]),
    );
  });

  test('consecutive posts share a connection, simultaneous posts do not', async () => {
    const { poster, seen } = await posterTo((_request, response) => setTimeout(() => response.end('{"a":1}'), 5));
    for (let n = 0; n < 10; n++) await post(poster);
    expect(seen()).toBe(1);
    await Promise.all(Array.from({ length: 8 }, () => post(poster)));
    expect(seen()).toBe(8);
    await Promise.all(Array.from({ length: 8 }, () => post(poster)));
    expect(seen()).toBe(8);
    expect(poster.underWay).toBe(0);
  });

  test('chunked bodies, empty bodies and refusals are classified by status; a throttle carries its Retry-After', async () => {
    const { poster } = await posterTo((_request, response, body) => {
      const status = Number(body);
      response.writeHead(status, status === 429 ? { 'retry-after': '3' } : {});
      if (status === 200) for (let n = 0; n < 50; n++) response.write('some of it ');
      response.end();
    });
    expect(await Promise.all(['200', '204', '503', '429'].map((status) => post(poster, status)))).toEqual([
      { kind: 'accepted' },
      { kind: 'accepted' },
      { kind: 'rejected', status: 503, retryAfterSeconds: null },
      { kind: 'throttled', retryAfterSeconds: 3 },
    ]);
  });

  test('a server that closes after each answer costs a connection per post, and loses none', async () => {
    const { poster, seen } = await posterTo((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    );
    for (let n = 0; n < 3; n++) expect(await post(poster)).toEqual({ kind: 'accepted' });
    expect(seen()).toBe(3);
  });

  test('a server that cuts the connection instead of answering is a failure', async () => {
    const { poster } = await posterTo((request) => request.socket.destroy());
    expect(await post(poster)).toEqual({ kind: 'failed', code: 'ECONNRESET' });
  });

  test('a connection that has been idle for over 4 s is not used again: the server may be about to close it', async () => {
    const { poster, seen } = await posterTo((_request, response) => response.end());
    await post(poster);
    nowMicros += 4_000_000;
    await post(poster);
    expect(seen()).toBe(1);
    nowMicros += 4_000_001;
    await post(poster);
    expect(seen()).toBe(2);
  });

  test('a post that is not answered times out, once', async () => {
    const { poster } = await posterTo(() => {});
    const outcome = post(poster);
    poster.sweep(nowMicros + 1_000_000);
    expect(poster.underWay).toBe(1);
    poster.sweep(nowMicros + 1_000_001);
    expect(await outcome).toEqual({ kind: 'timedOut' });
    expect(poster.underWay).toBe(0);
  });
});

test('a port without a listener, and an answer that is not HTTP, are failures that say so', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {}).resume();
    socket.end('220 mail.example.com ESMTP\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await post(posterFor(url))).toEqual({ kind: 'failed', code: 'answer: not HTTP' });
  await new Promise((resolve) => server.close(resolve));
  expect(await post(posterFor(url))).toEqual({ kind: 'failed', code: 'ECONNREFUSED' });
});
