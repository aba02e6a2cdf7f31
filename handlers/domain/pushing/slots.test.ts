import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

it('runs as many tasks as there are slots, and the others in the order in which they came', async () => {
  const slots = new Slots(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const results = [0, 1, 2, 3].map((task) =>
    slots.use(async () => {
      started.push(task);
      await new Promise<void>((resolve) => ends.push(resolve));
      return task;
    }),
  );
  expect(started).toEqual([0, 1]);
  for (let ended = 0; ended < 4; ended++) {
    ends[ended]?.();
    await results[ended];
    expect(started).toHaveLength(Math.min(4, ended + 3));
  }
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3]);
});

it('frees a slot when its task fails', async () => {
  const slots = new Slots(1);
  await expect(slots.use(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.use(async () => 1)).toBe(1);
});
