import { describe, expect, it, vi } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { MemoryBus } from '../testing/memory-bus.ts';
import { HeldConnections } from './held-connections.ts';
import { channelOf, TaskPusher } from './task-pusher.ts';

const at = { ms: 0 };

async function onVirtualTime(test: (advanceMs: (ms: number) => Promise<void>) => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    await test(async (ms) => {
      for (let left = ms; left > 0; ) {
        const step = Math.min(left, 500);
        at.ms += step;
        left -= step;
        await vi.advanceTimersByTimeAsync(step);
      }
    });
  } finally {
    vi.useRealTimers();
  }
}

async function task(taskId: string, bus: MemoryBus, answerMs = 10_000) {
  const held = new HeldConnections(1_000);
  const errors: unknown[] = [];
  const pusher = new TaskPusher({
    ...{ taskId, bus, held, answerMs, monotonicMs: () => at.ms, onError: (error: unknown) => errors.push(error) },
  });
  await pusher.start();
  const open = (connectionId: string) => {
    const socket = new FakeSocket();
    held.add(connectionId, socket.asWebSocket);
    return socket;
  };
  return { pusher, open, errors };
}

async function twoTasks() {
  const bus = new MemoryBus();
  return { bus, a: await task('a', bus), b: await task('b', bus) };
}

describe('a push', () => {
  it('to a connection of its own task does not leave it', async () => {
    const { bus, a } = await twoTasks();
    const socket = a.open('a.1');
    expect(await a.pusher.push('a.1', 'frame')).toEqual({ kind: 'sent' });
    expect(socket.sent).toEqual(['frame']);
    expect(bus.messages).toEqual([]);
  });

  it('to connections of another task is one message with each frame once, and its answer says what became of each', async () => {
    const { bus, a, b } = await twoTasks();
    const [one, two] = [b.open('b.1'), b.open('b.2')];
    const pushes = [
      a.pusher.push('b.1', 'x'),
      a.pusher.push('b.1', 'y'),
      a.pusher.push('b.2', 'x'),
      a.pusher.push('b.3', 'x'),
    ];
    expect(await Promise.all(pushes)).toEqual([
      { kind: 'sent' },
      { kind: 'sent' },
      { kind: 'sent' },
      { kind: 'gone', isCertain: true },
    ]);
    expect(one.sent).toEqual(['x', 'y']);
    expect(two.sent).toEqual(['x']);
    expect(bus.messages.map(([channel]) => channel)).toEqual(['task:b', 'task:a']);
    const frames = [
      ['x', ['b.1', 'b.2', 'b.3']],
      ['y', ['b.1']],
    ];
    expect(JSON.parse(bus.messages[0]?.[1] ?? '')).toEqual({ kind: 'push', from: 'a', batch: 1, frames });
  });

  it('to 1,001 connections is three messages', async () => {
    const { bus, a, b } = await twoTasks();
    const ids = Array.from({ length: 1_001 }, (_, index) => `b.${index}`);
    for (const id of ids) b.open(id);
    await Promise.all(ids.map((id) => a.pusher.push(id, 'frame')));
    expect(bus.messages.filter(([channel]) => channel === 'task:b')).toHaveLength(3);
  });

  it('to a task that does not listen may succeed later, and is gone for certain once it was away for 15 s', async () => {
    await onVirtualTime(async (advanceMs) => {
      const { bus, a } = await twoTasks();
      bus.unsubscribe(channelOf('b'));
      expect(await a.pusher.push('b.1', 'frame')).toMatchObject({ kind: 'unavailable' });
      await advanceMs(14_999);
      expect(await a.pusher.push('b.1', 'frame')).toMatchObject({ kind: 'unavailable' });
      await advanceMs(1);
      // Looked for all the time, though nobody pushed.
      expect(await a.pusher.push('b.1', 'frame')).toEqual({ kind: 'gone', isCertain: true });
      expect(await a.pusher.push('b.2', 'frame')).toEqual({ kind: 'gone', isCertain: true });
    });
  });

  it('to a task that was away twice for a moment is never gone for certain', async () => {
    await onVirtualTime(async (advanceMs) => {
      const { bus, a, b } = await twoTasks();
      b.open('b.1');
      bus.unsubscribe(channelOf('b'));
      expect(await a.pusher.push('b.1', 'frame')).toMatchObject({ kind: 'unavailable' });
      await b.pusher.start();
      // Nobody pushes to it while it is there.
      await advanceMs(20_000);
      bus.unsubscribe(channelOf('b'));
      expect(await a.pusher.push('b.1', 'frame')).toMatchObject({ kind: 'unavailable' });
      await b.pusher.start();
      expect(await a.pusher.push('b.1', 'frame')).toEqual({ kind: 'sent' });
    });
  });

  it('without an answer may have been made', async () => {
    const bus = new MemoryBus();
    const a = await task('a', bus, 1);
    await bus.subscribe(channelOf('b'), () => {});
    expect(await a.pusher.push('b.1', 'frame')).toMatchObject({ kind: 'unanswered' });
  });

  it('fails for a while without the bus', async () => {
    const { bus, a } = await twoTasks();
    bus.isDown = true;
    expect(await a.pusher.push('b.1', 'frame')).toMatchObject({ kind: 'unavailable' });
  });

  it('is not disturbed by what else is on the bus', async () => {
    const { bus, a, b } = await twoTasks();
    b.open('b.1');
    for (const text of ['no JSON', '{"kind":"push","batch":1}', '{"kind":"reply","batch":9,"kinds":[]}'])
      await bus.publish(channelOf('a'), text);
    expect(await a.pusher.push('b.1', 'frame')).toEqual({ kind: 'sent' });
    expect(a.errors).toHaveLength(2);
  });
});
