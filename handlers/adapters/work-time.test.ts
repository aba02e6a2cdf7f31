import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sleepMs, WorkTime } from './work-time.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An invocation of 27 s. */
const invocation = () => {
  const endsAt = performance.now() + 27_000;
  return {
    get remainingMs() {
      return endsAt - performance.now();
    },
  };
};

it('ends before the time of the calls does, by what is kept', () => {
  const time = new WorkTime(invocation(), 3_000);
  time.begin();
  expect(time.leftMs()).toBe(24_000);
  vi.advanceTimersByTime(23_999);
  expect([time.leftMs(), time.signal.aborted]).toEqual([1, false]);
  vi.advanceTimersByTime(1);
  expect([time.leftMs(), time.signal.aborted]).toEqual([0, true]);
});

it('aborts nothing of the next invocation', () => {
  const time = new WorkTime(invocation(), 3_000);
  time.begin();
  const first = time.signal;
  time.end();
  vi.advanceTimersByTime(24_000);
  expect(first.aborted).toBe(false);
  const late = new WorkTime(invocation(), 3_000);
  late.begin();
  const second = late.signal;
  late.begin();
  vi.advanceTimersByTime(24_000);
  expect([second.aborted, late.signal.aborted]).toEqual([false, true]);
});

it('a wait ends early, without an error, when the time is over', async () => {
  vi.useRealTimers();
  const abort = new AbortController();
  const slept = sleepMs(60_000, abort.signal);
  abort.abort();
  await slept;
  await sleepMs(60_000, abort.signal);
  await sleepMs(1, new AbortController().signal);
});
