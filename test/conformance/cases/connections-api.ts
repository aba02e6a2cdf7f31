/** A2 and B6: @connections, as the AWS SDK sees it. */
import assert from 'node:assert/strict';
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { localCredentials } from '../../../local/gateway/connections-api/sigv4.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { idOf } from './frames.ts';

const unknownConnection = 'R0oXAdfD0kwCH6w=';
const post = (ConnectionId: string, Data: string | Buffer) => new PostToConnectionCommand({ ConnectionId, Data });
const wrongKey = { accessKeyId: 'AKIAWRONGWRONGWRONG1', secretAccessKey: 'wrong' };

export const connectionsApiCases: readonly ConformanceCase[] = [
  {
    row: 'A2.post-size',
    check: async (subject) => {
      const socket = await subject.connect();
      const id = await idOf(socket);
      await subject.management.send(post(id, 'x'.repeat(131_072)));
      assert.equal((await socket.next()).length, 131_072);
      await assert.rejects(subject.management.send(post(id, 'x'.repeat(131_073))), {
        name: 'PayloadTooLargeException',
      });
    },
  },
  {
    row: 'A2.connections-api-rate',
    target: { variant: 'main', limits: { accountThrottle: { ratePerSecond: 0.01, burst: 4 } } },
    check: async (subject) => {
      // One token for the handshake, one for the message, two for posts.
      const socket = await subject.connect();
      const id = await idOf(socket);
      for (const _ of [1, 2]) await subject.management.send(post(id, 'x'));
      await assert.rejects(subject.management.send(post(id, 'x')), { name: 'LimitExceededException' });
    },
  },
  {
    row: 'B6.post',
    check: async (subject) => {
      const socket = await subject.connect();
      const { $metadata } = await subject.management.send(post(await idOf(socket), 'hello'));
      assert.equal($metadata.httpStatusCode, 200);
      assert.equal(await socket.next(), 'hello');
    },
  },
  {
    row: 'B6.get',
    check: async (subject) => {
      const socket = await subject.connect();
      const ConnectionId = await idOf(socket);
      const found = await subject.management.send(new GetConnectionCommand({ ConnectionId }));
      for (const time of [found.ConnectedAt, found.LastActiveAt]) {
        assert.ok(time !== undefined && Math.abs(time.getTime() - Date.now()) < 60_000, `${time} is not close to now`);
      }
      assert.ok((found.Identity?.SourceIp ?? '') !== '');
    },
  },
  {
    row: 'B6.delete',
    check: async (subject) => {
      const socket = await subject.connect();
      const ConnectionId = await idOf(socket);
      const { $metadata } = await subject.management.send(new DeleteConnectionCommand({ ConnectionId }));
      assert.equal($metadata.httpStatusCode, 204);
      await socket.closed();
    },
  },
  {
    row: 'B6.gone',
    check: async (subject) => {
      const socket = await subject.connect();
      const closed = await idOf(socket);
      await socket.close(1000);
      for (const ConnectionId of [closed, unknownConnection]) {
        for (const call of [
          () => subject.management.send(post(ConnectionId, 'x')),
          () => subject.management.send(new GetConnectionCommand({ ConnectionId })),
          () => subject.management.send(new DeleteConnectionCommand({ ConnectionId })),
        ]) {
          await assert.rejects(call, { name: 'GoneException' });
        }
      }
    },
  },
  {
    row: 'B6.malformed',
    check: async (subject) => {
      await assert.rejects(subject.management.send(post('nonsense', 'x')), {
        name: 'BadRequestException',
        message: 'Invalid connectionId: nonsense',
      });
    },
  },
  {
    row: 'B6.limit-exceeded',
    slow: true,
    alone: true,
    check: async (subject) => {
      const socket = await subject.connect();
      const id = await idOf(socket);
      socket.client.socket.pause();
      const data = 'x'.repeat(131_072);
      // The network's own buffers absorb several megabytes first.
      const posts = async () => {
        for (let index = 0; index < 300; index++) await subject.management.send(post(id, data));
      };
      await assert.rejects(posts, { name: 'LimitExceededException' });
      socket.client.socket.terminate();
    },
  },
  {
    row: 'B6.not-utf8',
    check: async (subject) => {
      const socket = await subject.connect();
      await subject.management.send(post(await idOf(socket), Buffer.from([0x61, 0xff, 0x62])));
      assert.equal(await socket.next(), 'a\ufffdb');
    },
  },
  {
    row: 'B6.too-large',
    check: async (subject) => {
      await assert.rejects(subject.management.send(post(unknownConnection, 'x'.repeat(131_073))), {
        name: 'PayloadTooLargeException',
      });
    },
  },
  {
    row: 'B6.forbidden',
    check: async (subject) => {
      const credentials = subject.onAws ? wrongKey : { ...localCredentials, secretAccessKey: 'wrong' };
      const forged = subject.connectionsApi(credentials);
      await assert.rejects(forged.send(post(unknownConnection, 'x')), { name: 'ForbiddenException' });
      const unsigned = await fetch(`${subject.callbackUrl}/@connections/${encodeURIComponent(unknownConnection)}`, {
        method: 'POST',
        body: 'x',
      });
      assert.equal(unsigned.status, 403);
    },
  },
  {
    row: 'B6.frames',
    check: async (subject) => {
      const socket = await subject.connect();
      const id = await idOf(socket);
      const sizes = socket.frameSizes();
      await subject.management.send(post(id, 'y'.repeat(70_000)));
      assert.equal((await socket.next()).length, 70_000);
      assert.ok(sizes.length >= 3, `${sizes.length} frames for 70,000 bytes`);
      assert.ok(Math.max(...sizes) <= 32_768, `a frame of ${Math.max(...sizes)} bytes`);
    },
  },
];
