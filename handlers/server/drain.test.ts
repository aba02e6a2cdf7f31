import { describe, expect, it, vi } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { closeAll, closeTimes } from './drain.ts';

describe('the end of a task', () => {
  it('spreads the closing of its connections over the time', () => {
    const draws = [0.9, 0.1, 0.5];
    expect(closeTimes(3, 60_000, () => draws.shift() ?? 0)).toEqual([6_000, 30_000, 54_000]);
  });

  it('closes each with 1012, cuts off those that do not answer, and whoever came meanwhile', async () => {
    vi.useFakeTimers();
    try {
      const [polite, deaf, late] = [new FakeSocket(), new FakeSocket(), new FakeSocket()];
      deaf.isDeaf = true;
      const open = [polite, deaf];
      const closing = closeAll({ sockets: () => open.map((one) => one.asWebSocket), overMs: 100, random: () => 0.5 });
      await vi.advanceTimersByTimeAsync(49);
      expect(polite.closedWith).toBeNull();
      open.push(late);
      await vi.advanceTimersByTimeAsync(1);
      expect([polite.closedWith, deaf.closedWith]).toEqual([1_012, 1_012]);
      expect(deaf.isTerminated).toBe(false);
      await vi.advanceTimersByTimeAsync(2_000);
      await closing;
      expect(deaf.isTerminated).toBe(true);
      expect(late.closedWith).toBe(1_012);
      expect(polite.isTerminated).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });
});
