import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { listen } from '../../process/listen.ts';
import { resolveLimits } from '../../quota/resolve-limits.ts';
import { SocketHolder } from './socket-holder.ts';

const facts = {
  ...{ connectionId: 'c', apiId: 'a', stage: 's', stageVariables: {}, domainName: 'd' },
  ...{ connectedAtMs: 0, identity: { sourceIp: '127.0.0.1' }, authorizer: null },
};

test('a message that comes after this side has closed goes nowhere', async () => {
  const messages: string[] = [];
  const closed = Promise.withResolvers<{ code: number }>();
  const holder = new SocketHolder(resolveLimits({ webSocketIdleMs: 1e9, webSocketLifetimeMs: 1e13 }), {
    upgrade: (_number, _request, decide) => decide({ kind: 'accepted', facts, subprotocol: null, headers: {} }),
    opened: () => undefined,
    message: (_connection, body) => messages.push(body.toString()),
    closed: (_number, _facts, cause) => closed.resolve(cause),
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => holder.upgrade(request, socket, head));
  const socket = new WebSocket(`ws://127.0.0.1:${await listen(server, 0, 'gateway')}`);
  socket.on('open', () => {
    socket.send('before');
    // Closes with 1003; what follows it is sent before the client can know.
    socket.send(Buffer.of(1));
    socket.send('after');
  });
  expect(await closed.promise).toMatchObject({ code: 1003 });
  expect(messages).toEqual(['before']);
  holder.close();
  server.close();
});
