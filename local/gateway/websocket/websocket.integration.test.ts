import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, handshakeStatus } from '../../testing/web-socket-client.ts';
import { startExampleStack } from '../example-stack.fixture.ts';

let stack: Awaited<ReturnType<typeof startExampleStack>>;
let url: string;
beforeAll(async () => {
  stack = await startExampleStack();
  url = `${stack.target.webSocketUrl}?token=me`;
});
afterAll(() => stack.stop());

describe('handshake', () => {
  test.each([
    ['', 401],
    ['?token=unauthorized', 401],
    ['?token=deny', 403],
    ['?token=broken', 500],
    ['?token=me&status=403', 403],
    ['?token=me&status=418', 418],
    ['?token=me&crash=1', 502],
    ['?token=me&status=201', 101],
  ])('%s is answered %d', async (query, status) => {
    expect((await handshakeStatus(stack.target.webSocketUrl + query)).status).toBe(status);
  });

  test('an unknown stage is 403', async () => {
    const unknown = stack.target.webSocketUrl.replace('/test', '/other');
    expect(await handshakeStatus(unknown)).toEqual({ status: 403, body: '{"message":"Forbidden"}' });
  });

  test('a subprotocol is echoed when the function returns it, and only then', async () => {
    const client = await connect(`${url}&protocol=b`, ['a', 'b']);
    expect(client.socket.protocol).toBe('b');
    client.socket.close();
    await expect(connect(url, ['a'])).rejects.toThrow('Server sent no subprotocol');
  });
});

describe('messages', () => {
  test('the event of a two-way route is what AWS sends, with the authorizer context as texts', async () => {
    const client = await connect(url);
    client.socket.send('{"action":"echo","x":1}');
    const event = JSON.parse(await client.next());
    expect(event).toMatchObject({ body: '{"action":"echo","x":1}', isBase64Encoded: false });
    expect(event.headers).toBeUndefined();
    expect(event.requestContext).toMatchObject({
      routeKey: 'echo',
      eventType: 'MESSAGE',
      stage: 'test',
      authorizer: { principalId: 'me', n: '1' },
    });
    expect(event.requestContext.connectionId).toMatch(/^[\w-]{15}=$/);
    client.socket.close();
  });

  test('a one-way route sends no answer, and without a matching route the frame is Forbidden', async () => {
    const client = await connect(url);
    client.socket.send('{"action":"oneWay"}');
    client.socket.send('{"action":"unknown"}');
    client.socket.send('not json');
    const forbidden = /^\{"message": "Forbidden", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/;
    expect(await client.next()).toMatch(forbidden);
    expect(await client.next()).toMatch(forbidden);
    client.socket.close();
  });

  test.each([['throw'], ['exit'], ['broken'], ['forever'], ['reserved']])(
    'a handler that fails (%s) is an Internal server error, and the next message is served',
    async (action) => {
      const client = await connect(url);
      client.socket.send(JSON.stringify({ action }));
      expect(await client.next()).toMatch(/^\{"message": "Internal server error", /);
      client.socket.send('{"action":"echo"}');
      expect(JSON.parse(await client.next()).body).toBe('{"action":"echo"}');
      client.socket.close();
    },
  );

  test('an environment is reused', async () => {
    const client = await connect(url);
    for (const count of ['1', '2', '3']) {
      client.socket.send('{"action":"counter"}');
      expect(await client.next()).toBe(count);
    }
    client.socket.close();
  });

  test('an answer over 32 KB arrives in frames of at most 32 KB', async () => {
    const client = await connect(url);
    const receiver = Reflect.get(client.socket, '_receiver');
    const frames: number[] = [];
    const getData = receiver.getData;
    receiver.getData = (callback: unknown) => {
      if (receiver._opcode < 8 && !frames.includes(receiver._payloadLength)) frames.push(receiver._payloadLength);
      return getData.call(receiver, callback);
    };
    client.socket.send('{"action":"large"}');
    expect(await client.next()).toHaveLength(70_000);
    expect(Math.max(...frames)).toBeLessThanOrEqual(32_768);
    client.socket.close();
  });
});

describe('frames', () => {
  test('a binary message closes with 1003', async () => {
    const client = await connect(url);
    client.socket.send(Buffer.from([1, 2, 3]));
    expect((await client.closed).code).toBe(1003);
  });

  test('a frame over 32 KB closes with 1009', async () => {
    const client = await connect(url);
    client.socket.send('x'.repeat(32_769));
    expect((await client.closed).code).toBe(1009);
  });

  test('a message of 128 KB in frames of 32 KB is served, one more byte closes with 1009', async () => {
    const frame = Buffer.alloc(32_768, 0x78);
    const client = await connect(url);
    for (let index = 0; index < 4; index++) client.socket.send(frame, { binary: false, fin: index === 3 });
    expect(await client.next()).toContain('Forbidden');
    for (let index = 0; index < 4; index++) client.socket.send(frame, { binary: false, fin: false });
    client.socket.send('x', { binary: false, fin: true });
    expect((await client.closed).code).toBe(1009);
  });
});
