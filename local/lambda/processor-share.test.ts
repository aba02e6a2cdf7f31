import { expect, test } from 'vitest';
import { pausePerCpuMs, threadCpuMs } from './processor-share.ts';

test.each([
  [1_769, 0],
  [10_240, 0],
  [884.5, 1],
  [128, 1_769 / 128 - 1],
])('with %d MB, a millisecond of processor time is followed by a pause of %d ms', (memoryMb, pauseMs) => {
  expect(pausePerCpuMs(memoryMb)).toBeCloseTo(pauseMs, 9);
});

test('processor time grows with what this thread computes', () => {
  const before = threadCpuMs();
  const until = before + 20;
  for (let index = 0; threadCpuMs() < until && index < 1e9; index++);
  expect(threadCpuMs() - before).toBeGreaterThanOrEqual(20);
});
