import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fanOut } from './fan-out.ts';

describe('fanOut', () => {
  it('runs as many concurrently as the limit allows, and never more', async () => {
    let running = 0;
    let most = 0;
    const results = await fanOut([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      await setImmediate();
      running--;
      return item * 10;
    });
    expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(most).toBe(3);
  });

  it('returns results in the order of the items, regardless of completion order', async () => {
    const order: number[] = [];
    const turns = [3, 1, 2];
    const results = await fanOut(turns, 3, async (item) => {
      for (let turn = 0; turn < item; turn++) await setImmediate();
      order.push(item);
      return item;
    });
    expect(order).toEqual([1, 2, 3]);
    expect(results).toEqual([3, 1, 2]);
  });

  it('rejects with the first failure once the running tasks have ended, and starts no more', async () => {
    const ended: number[] = [];
    const task = async (item: number) => {
      if (item === 1) throw new Error('first');
      await setImmediate();
      ended.push(item);
    };
    await expect(fanOut([0, 1, 2, 3, 4], 2, task)).rejects.toThrow('first');
    expect(ended).toEqual([0]);
  });

  it('does nothing for no items', async () => {
    expect(await fanOut([], 4, async () => 1)).toEqual([]);
  });
});
