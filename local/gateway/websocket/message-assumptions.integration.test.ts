/** Settings for what AWS does not document of messages: each has the effect that its name says. */
import { describe, expect, test, vi } from 'vitest';
import { connect } from '../../testing/web-socket-client.ts';
import { localCredentials } from '../connections-api/sigv4.ts';
import { stackOfEachTest } from './assumptions.fixture.ts';

const { start, metricSum } = stackOfEachTest();

describe('messages', () => {
  test('the frames of a throttled message and of a throttled function, and the answer of a failed two-way route', async () => {
    const { webSocketUrl } = await start({
      stageProperties: {
        RouteSettings: { $default: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 } },
      },
      limits: {
        assumptions: {
          throttledFrame: 'Slow "down"',
          throttledFunctionFrame: 'Busy',
          twoWayErrorAnswer: 'internalServerError',
        },
      },
    });
    const { socket, next } = await connect(webSocketUrl);
    const answerTo = async (action: string) => {
      socket.send(JSON.stringify({ action }));
      return JSON.parse(await next());
    };
    expect((await answerTo('any')).body).toBe('{"action":"any"}');
    expect((await answerTo('any')).message).toBe('Slow "down"');
    expect((await answerTo('reserved')).message).toBe('Busy');
    expect((await answerTo('teapot')).message).toBe('Internal server error');
    socket.close();
  });

  test('without a frame for a throttled function, a one-way route is silent, and its message counts as failed', async () => {
    const target = await start({
      webSocketRoutes: { '$default (two-way)': 'Echo', reserved: 'Reserved', 'asks (two-way)': 'Reserved' },
      limits: { assumptions: { throttledFunctionFrame: null } },
    });
    const { socket, next } = await connect(target.webSocketUrl);
    socket.send('{"action":"reserved"}');
    socket.send('{"action":"asks"}');
    // A two-way route answers all the same.
    expect(JSON.parse(await next()).message).toBe('Internal server error');
    socket.send('{"action":"last"}');
    expect(JSON.parse(await next()).body).toBe('{"action":"last"}');
    const failed = () => metricSum('IntegrationError', { ApiId: target.webSocketApiId }, 'AWS/ApiGateway');
    await vi.waitFor(async () => expect(await failed()).toBe(2), 20_000);
    socket.close();
  });

  test('a post that is not UTF-8 is refused, where it is set so', async () => {
    const target = await start({ limits: { assumptions: { nonUtf8Posts: 'refuse' } } });
    const { socket, next } = await connect(target.webSocketUrl);
    socket.send('{}');
    const { connectionId } = JSON.parse(await next()).requestContext;
    const { ApiGatewayManagementApiClient, PostToConnectionCommand } = await import(
      '@aws-sdk/client-apigatewaymanagementapi'
    );
    const endpoint = target.endpoints.apiGatewayManagementApi ?? '';
    const client = new ApiGatewayManagementApiClient({ region: 'us-east-1', endpoint, credentials: localCredentials });
    const post = (Data: Uint8Array) => client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
    await expect(post(Uint8Array.of(0xc3, 0x28))).rejects.toThrow('The message is not UTF-8 text.');
    await post(Buffer.from('ä'));
    expect(await next()).toBe('ä');
    client.destroy();
    socket.close();
  });

  test.each([
    ['internalServerError', 131_073, /^{"message": "Internal server error"/],
    ['internalServerError', 131_072, /^x{131072}$/],
    ['send', 131_073, /^x{131073}$/],
  ] as const)('an answer over 128 KB, set to %s, %d bytes: %s', async (oversizedAnswer, bytes, expected) => {
    const Large = `export const handler = async () => ({ statusCode: 200, body: 'x'.repeat(${bytes}) });`;
    const { webSocketUrl } = await start({
      functions: { Large },
      functionProperties: {},
      webSocketRoutes: { '$default (two-way)': 'Large' },
      limits: { assumptions: { oversizedAnswer } },
    });
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{}');
    expect(await next()).toMatch(expected);
    socket.close();
  });
});

test('with DetailedMetricsEnabled there are metrics by route as well', async () => {
  const { webSocketUrl, webSocketApiId } = await start({
    stageProperties: {
      DefaultRouteSettings: { DetailedMetricsEnabled: true },
      RouteSettings: { teapot: { DetailedMetricsEnabled: false } },
    },
  });
  const { socket, next } = await connect(webSocketUrl);
  for (const action of ['any', 'any', 'teapot']) {
    socket.send(JSON.stringify({ action }));
    await next();
  }
  socket.close();
  const api = { ApiId: webSocketApiId, Stage: 'test' };
  const count = (name: string, dimensions: Record<string, string>) => metricSum(name, dimensions, 'AWS/ApiGateway');
  // Every message and every answer.
  expect(await count('MessageCount', { ...api, Route: '$default' })).toBe(4);
  expect(await count('MessageCount', { ...api, Route: 'teapot' })).toBe(0);
  expect(await count('ConnectCount', { ...api, Route: '$connect' })).toBe(1);
  expect(await count('MessageCount', api)).toBe(6);
});
