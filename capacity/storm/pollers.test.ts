import { expect, test } from 'vitest';
import { simulateStorm } from './simulate.ts';
import { quick, stormSpec } from './storm-spec.fixture.ts';

test('pollers stop one by one, after a long poll of 20 s without a message, and those that get some stay', () => {
  const { seconds } = simulateStorm(
    stormSpec({
      // 5,000 immediately, and 1,000 as a trickle of 5/s from 30 s to 230 s: refused first, and retried by the provider.
      webhooks: { count: 6_000, overMs: 0, providerRetries: [{ fromMs: 30_000, toMs: 230_000 }] },
      functions: { deliver: { ...quick, meanMs: 100 } },
      quotas: { httpApiThrottle: { ratePerSecond: 1_000, burst: 5_000 } },
    }),
  );
  const pollersAt = (second: number) => seconds[second]?.pollers ?? Number.NaN;
  // 5 more a second while there is a backlog: batches of ten that last 1 s, so 5,000 messages take 13 s.
  expect(pollersAt(3)).toBe(20);
  const most = pollersAt(15);
  expect(most).toBeGreaterThanOrEqual(65);
  // Idle from 14 s on: nobody stops before 34 s, though the queue is empty.
  expect(seconds.slice(16, 32).map(({ queued, pollers }) => ({ queued, pollers }))).toEqual(
    Array.from({ length: 16 }, () => ({ queued: 0, pollers: most })),
  );
  // From 30 s on 5 messages a second wake the ones that have waited longest: some 20 of them by 34 s.
  expect(pollersAt(36)).toBeGreaterThan(15);
  expect(pollersAt(36)).toBeLessThan(35);
  // They go round and stay: each has a message within 20 s.
  expect(Math.abs(pollersAt(200) - pollersAt(36))).toBeLessThanOrEqual(5);
});

test('five pollers stay without any message', () => {
  const { seconds } = simulateStorm(
    stormSpec({
      webhooks: { count: 200, overMs: 0, providerRetries: [{ fromMs: 100_000, toMs: 100_000 }] },
      functions: { deliver: { ...quick, meanMs: 1_000 } },
      quotas: { httpApiThrottle: { ratePerSecond: 1, burst: 199 } },
    }),
  );
  expect(Math.max(...seconds.map(({ pollers }) => pollers))).toBeGreaterThan(15);
  expect(seconds[99]?.pollers).toBe(5);
});
