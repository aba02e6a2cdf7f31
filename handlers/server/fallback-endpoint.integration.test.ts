import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { SecretReader } from '../domain/secret-reader.ts';
import { MemoryBus } from '../testing/memory-bus.ts';
import { serveFallback } from './fallback-endpoint.ts';
import { KeptNews } from './kept-news.ts';

const secret = 'secret-of-tokens';
let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A task that holds reads for 20 s. */
async function serve({ origins = ['*'] as string[] } = {}) {
  const news = new KeptNews({ taskId: 'a', bus: new MemoryBus(), onError: () => {} });
  const kept: { atMs: number; frame: string }[] = [];
  let isEnding = false;
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://task');
    void serveFallback(request, response, {
      pathname,
      endpoint: {
        origins,
        isEnding: () => isEnding,
        dependencies: {
          stages: { read: async () => ({ share: 1, off: false }) },
          recent: {
            keep: async () => {},
            since: async (_user, fromMs) => {
              const page = kept.filter(({ atMs }) => atMs >= fromMs);
              const keptAtMs = page.map(({ atMs }) => atMs);
              return { frames: page.map(({ frame }) => frame), keptAtMs, continuesAtMs: null };
            },
          },
          ...{ recentSeconds: 3_600, maxTokenLifetimeSeconds: 86_400, nowMs: Date.now },
          hold: { seconds: 20, news, leftMs: () => Number.POSITIVE_INFINITY },
          secret: new SecretReader({ now: Date.now, read: async () => [secret] }),
        },
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ada')
    .setAudience('loadline')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
  const waiting = () =>
    fetch(`${url}/events`, {
      headers: {
        authorization: `Bearer ${token}`,
        'x-after': String(Date.now() - 60_000),
        'x-wait': '20',
        'x-seen': '0',
      },
    });
  return { url, news, kept, waiting, end: () => (isEnding = true) };
}

test('a read that waits is answered as soon as an event is kept', async () => {
  const { news, kept, waiting } = await serve();
  const answer = waiting();
  while (news.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  kept.push({ atMs: Date.now(), frame: '{"eventId":"e-1"}' });
  news.tell('ada');
  expect(await (await answer).json()).toMatchObject({ events: [{ eventId: 'e-1' }], seen: 1 });
  expect(news.size).toBe(0);
});

test('a task that ends holds nothing any longer', async () => {
  const { news, waiting, end } = await serve();
  const answer = waiting();
  while (news.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  end();
  news.releaseAll();
  expect((await answer).status).toBe(200);
});

test('pages of other origins are told what they may ask; of origins that are not named, nothing', async () => {
  const { url } = await serve({ origins: ['https://app.example.com'] });
  const ask = async (method: string, origin: string) => {
    const { status, headers } = await fetch(`${url}/config`, { method, headers: { origin } });
    return [status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-headers')];
  };
  const allowed = 'authorization,x-after,x-wait,x-seen';
  expect(await ask('OPTIONS', 'https://app.example.com')).toEqual([204, 'https://app.example.com', allowed]);
  expect(await ask('GET', 'https://app.example.com')).toEqual([200, 'https://app.example.com', null]);
  expect(await ask('GET', 'https://other.example')).toEqual([200, null, null]);
  expect((await fetch(`${url}/config`, { method: 'POST' })).status).toBe(405);
});
