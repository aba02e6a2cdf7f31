import { describe, expect, it } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { HeldConnections } from './held-connections.ts';

const gone = { kind: 'gone', isCertain: true };

function held(attemptMs = 10_000) {
  const connections = new HeldConnections(attemptMs);
  const socket = new FakeSocket();
  connections.add('c1', socket.asWebSocket);
  return { connections, socket };
}

describe('pushes to the connections of a task', () => {
  it('are sent once the system has the frame', async () => {
    const { connections, socket } = held();
    expect(await connections.push('c1', 'frame')).toEqual({ kind: 'sent' });
    expect(socket.sent).toEqual(['frame']);
  });

  it('wait for a client that reads slowly', async () => {
    const { connections, socket } = held();
    socket.bufferedAmount = 10;
    const push = connections.push('c1', 'frame');
    socket.drain();
    expect(await push).toEqual({ kind: 'sent' });
  });

  it('have no answer from a client that does not read', async () => {
    const { connections, socket } = held(1);
    socket.bufferedAmount = 10;
    expect(await connections.push('c1', 'frame')).toMatchObject({ kind: 'unanswered' });
  });

  it('end a client that leaves more than a megabyte unread', async () => {
    const { connections, socket } = held();
    socket.bufferedAmount = 1_048_577;
    expect(await connections.push('c1', 'frame')).toEqual(gone);
    expect(socket.isTerminated).toBe(true);
  });

  it('find for certain what has ended, and what never was', async () => {
    const { connections, socket } = held();
    socket.readyState = socket.CLOSED;
    expect(await connections.push('c1', 'frame')).toEqual(gone);
    connections.remove('c1');
    expect(await connections.push('c1', 'frame')).toEqual(gone);
    expect(await connections.push('c2', 'frame')).toEqual(gone);
  });

  it('wait for a handshake that is under way', async () => {
    const { connections } = held();
    const opened = new FakeSocket();
    const settle = connections.expect('c2');
    const push = connections.push('c2', 'frame');
    connections.add('c2', opened.asWebSocket);
    settle();
    expect(await push).toEqual({ kind: 'sent' });
    const settleFailed = connections.expect('c3');
    const failed = connections.push('c3', 'frame');
    settleFailed();
    expect(await failed).toEqual(gone);
  });
});
