import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { boundSockets, connectionRoom } from './socket-room.ts';

test('a process holds the configured number; by default its descriptors, less a thousand', () => {
  expect(connectionRoom(7)).toBe(7);
  const { soft } = (process.report.getReport() as unknown as { userLimits: { open_files: { soft: unknown } } })
    .userLimits.open_files;
  expect(connectionRoom(null)).toBe((typeof soft === 'number' ? soft : 1_000_000) - 1_000);
});

test('an upgrade beyond the limit gets 503 and is counted, until one closes', () => {
  const server = new EventEmitter();
  let refused = 0;
  const room = boundSockets(server as Server, 2, () => {
    refused += 1;
  });
  const sockets = Array.from({ length: 3 }, () => new PassThrough());
  const [first, second, third] = sockets;
  if (!first || !second || !third) throw new Error('three sockets');
  server.emit('connection', first);
  server.emit('connection', second);
  expect([room.admits(first), room.admits(second), refused]).toEqual([true, true, 0]);
  server.emit('connection', third);
  expect([room.admits(third), refused]).toEqual([false, 1]);
  expect(String(third.read())).toMatch(
    /^HTTP\/1\.1 503 Service Unavailable\r\n.*\{"message":"Service Unavailable"\}$/s,
  );
  first.emit('close');
  expect(room.admits(second)).toBe(true);
});
