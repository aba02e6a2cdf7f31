import { expect, test } from 'vitest';
import type { QueueDepth } from '../../metrics/queues.ts';
import { restUntilEmpty } from './rest.ts';

const deep = (visible: number, notVisible = 0): QueueDepth => ({ visible, notVisible, delayed: 0 });

/** Rests while the queue has these depths, one after another, ending with the last. Returns the time that took, and the messages. */
async function rest(depths: QueueDepth[], signal = new AbortController().signal) {
  const said: string[] = [];
  let milliseconds = 0;
  let asked = 0;
  await restUntilEmpty({
    depth: async () => depths[Math.min(asked++, depths.length - 1)] ?? deep(0),
    say: (line) => said.push(line),
    signal,
    wait: async (ms) => {
      milliseconds += ms;
    },
  });
  return { said, seconds: milliseconds / 1_000 };
}

test('does not wait for an empty queue', async () => {
  expect(await rest([deep(0)])).toEqual({ said: [], seconds: 0 });
});

test('waits for a backlog until it is gone', async () => {
  expect(await rest([deep(900), deep(400, 10), deep(0, 3), deep(0)])).toEqual({
    said: ['Waiting until 900 messages of the last load have left the queue …'],
    seconds: 6,
  });
});

test('waits 10 s for messages that are only in flight: they may wait out their visibility timeout', async () => {
  const { said, seconds } = await rest([deep(20), deep(0, 2)]);
  expect(seconds).toBe(12);
  expect(said.at(-1)).toBe(
    '2 messages of the last trial are still in the queue after 12 s: starting the next trial anyway.',
  );
});

test('gives up on a queue that does not empty after 15 minutes', async () => {
  expect((await rest([deep(5)])).seconds).toBe(900);
});

test('an interruption ends the wait', async () => {
  await expect(rest([deep(5)], AbortSignal.abort(new Error('SIGINT')))).rejects.toThrow('SIGINT');
});
