/** Settings for what AWS does not document of handshakes and closes: each has the effect that its name says. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { connect, handshakeStatus } from '../../testing/web-socket-client.ts';
import { stackOfEachTest, startStack } from './assumptions.fixture.ts';

const { start, metricSum } = stackOfEachTest();

describe('handshake', () => {
  test('statuses for an unknown stage, a URL that is too long and a $connect that takes too long', async () => {
    const assumptions = { unknownStageStatus: 404, urlTooLongStatus: 400, connectTimeoutStatus: 503 };
    const limits = { assumptions, webSocketUrlCharacters: 30 };
    const integrationProperties = { Connect: { TimeoutInMillis: 100 } };
    const { webSocketUrl } = await start({ limits, integrationProperties });
    expect((await handshakeStatus(`${webSocketUrl}/x`)).status).toBe(404);
    expect((await handshakeStatus(`${webSocketUrl}?a=${'x'.repeat(30)}`)).status).toBe(400);
    expect((await handshakeStatus(`${webSocketUrl}?slow=1`)).status).toBe(503);
  });

  test('an authorizer that fails has its own status, as has one whose result is over 8 KB', async () => {
    const { webSocketUrl } = await start({
      authorizer: 'Authorize',
      limits: { assumptions: { authorizerFailedStatus: 502 } },
    });
    const statusOf = async (token: string) => (await handshakeStatus(`${webSocketUrl}?token=${token}`)).status;
    expect(await statusOf('broken')).toBe(502);
    expect(await statusOf('long8000')).toBe(101);
    expect(await statusOf('long8192')).toBe(502);
  });

  test.each([
    [300, false, ['1', '2', '3']],
    [0, true, ['1', '2', '3']],
    [300, true, ['1', '1', '2']],
  ])(
    'with AuthorizerResultTtlInSeconds %d, cached: %s, the results of a, a, b are of the calls %j',
    async (ttl, cacheAuthorizerResults, calls) => {
      const { webSocketUrl } = await start({
        authorizer: 'Authorize',
        authorizerProperties: { AuthorizerResultTtlInSeconds: ttl },
        limits: { assumptions: { cacheAuthorizerResults } },
      });
      const seen: string[] = [];
      for (const token of ['a', 'a', 'b']) {
        const { socket, next } = await connect(`${webSocketUrl}?token=${token}`);
        socket.send('{}');
        const { requestContext } = JSON.parse(await next());
        expect(requestContext.authorizer.principalId).toBe(token);
        seen.push(requestContext.authorizer.calls);
        socket.close();
      }
      expect(seen).toEqual(calls);
      expect((await handshakeStatus(`${webSocketUrl}?token=deny`)).status).toBe(403);
      expect((await handshakeStatus(`${webSocketUrl}?token=deny`)).status).toBe(403);
    },
  );
});

/** One stack with the defaults, and one in which all of these are set otherwise. */
describe.each([
  ['the defaults', {}, { own: undefined, extensions: '' }],
  [
    'all set otherwise',
    { connectHeadersOnUpgrade: true, permessageDeflate: true, dollarRouteKeys: 'forbidden' },
    { own: 'mine', extensions: 'permessage-deflate' },
  ],
] as const)('with %s', (_, assumptions, expected) => {
  let shared: Awaited<ReturnType<typeof startStack>>;
  let webSocketUrl: string;
  beforeAll(async () => {
    shared = await startStack({ limits: { assumptions } });
    webSocketUrl = shared.target.webSocketUrl;
  });
  afterAll(() => shared.stop());

  test(`other headers of $connect on the 101: ${expected.own}`, async () => {
    // Offered, so that the (invalid) subprotocol that $connect returns is checked.
    const socket = new WebSocket(webSocketUrl, ['one']);
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      socket.on('upgrade', (response) => resolve(response.headers));
      socket.on('error', reject);
    });
    expect(headers['x-own']).toBe(expected.own);
    expect(headers['x-injected']).toBeUndefined();
    expect(headers.upgrade).toBe('websocket');
    socket.terminate();
  });

  test(`extensions: "${expected.extensions}"; messages arrive either way`, async () => {
    const { socket, next } = await connect(webSocketUrl);
    expect(socket.extensions).toBe(expected.extensions);
    const body = JSON.stringify({ text: 'x'.repeat(5_000) });
    socket.send(body);
    expect(JSON.parse(await next()).body).toBe(body);
    socket.close();
  });

  test('an action that begins with $', async () => {
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{"action":"$connect"}');
    const answer = JSON.parse(await next());
    if ('dollarRouteKeys' in assumptions) expect(answer.message).toBe('Forbidden');
    else expect(answer.requestContext.routeKey).toBe('$default');
    socket.close();
  });

  test('the body of a two-way route is sent whatever its status', async () => {
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{"action":"teapot"}');
    expect(await next()).toBe('short and stout');
    socket.close();
  });
});

describe('the end of a connection', () => {
  test('by its lifetime, with code and reason as set', async () => {
    const lifetimeClose = { code: 4_000, reason: 'too old' };
    const { webSocketUrl } = await start({ limits: { webSocketLifetimeMs: 300, assumptions: { lifetimeClose } } });
    const { closed } = await connect(webSocketUrl);
    expect(await closed).toEqual(lifetimeClose);
    await vi.waitFor(async () => expect(await metricSum('4000 too old')).toBe(1), 30_000);
  });

  test('by a dropped TCP connection, as set', async () => {
    const dropClose = { code: 1_006, reason: 'gone' };
    const { webSocketUrl } = await start({ limits: { assumptions: { dropClose } } });
    const { socket } = await connect(webSocketUrl);
    socket.terminate();
    await vi.waitFor(async () => expect(await metricSum('1006 gone')).toBe(1), 30_000);
  });
});
