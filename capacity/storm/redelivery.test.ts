/** What comes back to the queue: failures behind the function, and messages that no invocation ever had. */
import { describe, expect, test } from 'vitest';
import { simulateStorm } from './simulate.ts';
import { quick, stormSpec } from './storm-spec.fixture.ts';

describe('retry amplification', () => {
  const burst = { count: 122, overMs: 0 };

  test('a downstream that refuses everything: 122 messages, received 56 times each, are 6,832 invocations without one success', () => {
    const { webhooks, functions, finished } = simulateStorm(
      stormSpec({
        webhooks: burst,
        queue: { visibilityTimeoutMs: 30_000, maxReceiveCount: 56 },
        rest: { batchSize: 1, downstream: { ratePerSecond: 0, burst: 0, refusedCallsCount: false } },
      }),
    );
    expect(functions.deliver?.invocations).toBe(6_832);
    expect(webhooks).toMatchObject({
      ...{ delivered: 0, deadLettered: 122, deadLetteredWithoutRun: 0, accepted: 122, receives: 6_832, delivery: null },
      downstream: { calls: 6_832, refused: 6_832 },
    });
    expect(finished).toBe(true);
  });

  test('failures that come back together fail together: a limit of 2/s takes 3,782 invocations for 122 messages', () => {
    const { webhooks, functions } = simulateStorm(
      stormSpec({
        webhooks: burst,
        rest: { batchSize: 1, downstream: { ratePerSecond: 2, burst: 2, refusedCallsCount: false } },
      }),
    );
    // A wave every 30 s, of which the two tokens let two through: 122 + 120 + … + 2 = 61 × 62.
    expect(functions.deliver?.invocations).toBe(3_782);
    expect(webhooks).toMatchObject({ delivered: 122, deadLettered: 0 });
    expect(webhooks?.drainedAtSeconds).toBeCloseTo(60 * 30, 0);
  });

  test('five receives: the same limit delivers 10 of 122, the rest is in the dead-letter queue', () => {
    const { webhooks, functions } = simulateStorm(
      stormSpec({
        webhooks: burst,
        queue: { maxReceiveCount: 5 },
        rest: { batchSize: 1, downstream: { ratePerSecond: 2, burst: 2, refusedCallsCount: false } },
      }),
    );
    expect(functions.deliver?.invocations).toBe(122 + 120 + 118 + 116 + 114);
    expect(webhooks).toMatchObject({ delivered: 10, deadLettered: 112, deadLetteredWithoutRun: 0, pending: 0 });
  });

  test('without partial batches one refused call fails its whole batch: 10 messages, 5 calls/s, never one delivered', () => {
    const { webhooks, functions } = simulateStorm(
      stormSpec({
        webhooks: { count: 10, overMs: 0 },
        queue: { partialBatches: false, maxReceiveCount: 4 },
        rest: { downstream: { ratePerSecond: 5, burst: 5, refusedCallsCount: false } },
      }),
    );
    expect(functions.deliver?.invocations).toBe(4);
    expect(webhooks).toMatchObject({ delivered: 0, deadLettered: 10, downstream: { calls: 40, refused: 20 } });
  });

  test.each([
    // 20 calls/s against 10/s with a burst of 10, for 50 s.
    [false, 10 + 10 * 50],
    // Where refused calls count, the bucket is empty after 1 s and stays so.
    [true, 20],
  ])('refused calls count: %j, so %d of 1,000 calls succeed', (refusedCallsCount, expected) => {
    const { webhooks } = simulateStorm(
      stormSpec({
        webhooks: { count: 1_000, overMs: 50_000 },
        queue: { visibilityTimeoutMs: 3_600_000 },
        rest: { horizonSeconds: 60, downstream: { ratePerSecond: 10, burst: 10, refusedCallsCount } },
      }),
    );
    expect(Math.abs((webhooks?.delivered ?? 0) - expected)).toBeLessThanOrEqual(1);
  });
});

describe('dead-lettering without a run', () => {
  test('a function that may not run at all: every message is received three times, and dead-lettered without an invocation', () => {
    const { webhooks, functions, finished } = simulateStorm(
      stormSpec({
        webhooks: { count: 100, overMs: 0 },
        queue: { maxReceiveCount: 3 },
        functions: { deliver: { ...quick, reservedConcurrency: 0 } },
      }),
    );
    expect(finished).toBe(true);
    expect(functions.deliver?.invocations).toBe(0);
    expect(webhooks).toMatchObject({ delivered: 0, receives: 300, deadLettered: 100, deadLetteredWithoutRun: 100 });
  });

  const low = {
    webhooks: { count: 1_000, overMs: 0 },
    // A batch of ten takes 20 s; two run at a time.
    functions: { deliver: { ...quick, meanMs: 2_000, reservedConcurrency: 2 } },
    rest: { horizonSeconds: 40_000 },
  };

  test('a low reserved concurrency and few receives: messages are dead-lettered without a run though nothing ever failed', () => {
    const { webhooks, functions } = simulateStorm(
      stormSpec({ ...low, queue: { visibilityTimeoutMs: 30_000, maxReceiveCount: 2 } }),
    );
    expect(functions.deliver?.throttles).toBeGreaterThan(0);
    expect(webhooks?.deadLetteredWithoutRun).toBeGreaterThan(100);
    expect(webhooks?.deadLettered).toBe(webhooks?.deadLetteredWithoutRun);
    expect((webhooks?.delivered ?? 0) + (webhooks?.deadLettered ?? 0)).toBe(1_000);
  });

  test('MaximumConcurrency at the reserved concurrency: the pollers ask for no more, and none is lost', () => {
    const { webhooks, functions } = simulateStorm(
      stormSpec({ ...low, queue: { visibilityTimeoutMs: 30_000, maxReceiveCount: 2, maximumConcurrency: 2 } }),
    );
    expect(functions.deliver).toMatchObject({ throttles: 0, invocations: 100 });
    expect(webhooks).toMatchObject({ delivered: 1_000, deadLettered: 0, receives: 1_000 });
  });
});
