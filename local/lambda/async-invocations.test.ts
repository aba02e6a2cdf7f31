import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MetricValue } from '../cloudwatch/store/metric-sink.ts';
import { AsyncInvocations, type DroppedEvent } from './async-invocations.ts';
import type { InvokeOutcome } from './lambda-service.ts';

const ok: InvokeOutcome = { kind: 'ok', payload: 'null' };
const failed: InvokeOutcome = {
  kind: 'functionError',
  cause: 'thrown',
  error: { errorType: 'Error', errorMessage: 'no' },
};
const throttled: InvokeOutcome = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };

describe('asynchronous invocations', () => {
  let attemptsAtMs: number[];
  let metrics: MetricValue[];
  let dropped: DroppedEvent[];
  let invocations: AsyncInvocations;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
    attemptsAtMs = [];
    metrics = [];
    dropped = [];
  });
  afterEach(() => {
    invocations.close();
    vi.useRealTimers();
  });
  function start(outcomes: (attempt: number) => InvokeOutcome): void {
    invocations = new AsyncInvocations({
      lambda: {
        invoke: async () => {
          attemptsAtMs.push(Date.now());
          return outcomes(attemptsAtMs.length);
        },
      },
      limits: { asyncRetries: 2, asyncRetryDelayMs: 60_000, asyncMaxAgeMs: 21_600_000 },
      metrics: { put: (metric) => metrics.push(metric) },
      nowMs: Date.now,
      onDropped: (event) => dropped.push(event),
    });
  }
  const sums = () => Object.fromEntries(metrics.map(({ name, value }) => [name, value]));

  test('a failure is retried after one minute and after two more, and then dropped', async () => {
    start(() => failed);
    expect(invocations.accept('f', '{}')).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(attemptsAtMs).toEqual([0, 60_000, 180_000]);
    expect(sums()).toEqual({ AsyncEventsReceived: 1, AsyncEventsDropped: 1 });
    expect(dropped).toEqual([{ functionName: 'f', payload: '{}', reason: { kind: 'functionError', message: 'no' } }]);
  });

  test('a throttle is retried with growing delays for six hours, and uses up no retry', async () => {
    start(() => throttled);
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect(attemptsAtMs.slice(0, 5)).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
    expect(attemptsAtMs.at(-1)).toBeGreaterThan(21_600_000 - 300_000);
    expect(attemptsAtMs.at(-1)).toBeLessThanOrEqual(21_600_000);
    expect(sums()).toEqual({ AsyncEventsReceived: 1, AsyncEventsDropped: 1 });
  });

  test('an event that runs after a throttle reports its age', async () => {
    start((attempt) => (attempt < 3 ? throttled : ok));
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sums()).toEqual({ AsyncEventsReceived: 1, AsyncEventAge: 3_000 });
  });

  test('stopping drops waiting events', async () => {
    start(() => failed);
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(1_000);
    invocations.close();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(attemptsAtMs).toEqual([0]);
    expect(invocations.accept('f', '{}')).toBe(false);
  });

  test("events beyond this machine's limit are not accepted", () => {
    start(() => throttled);
    const megabyte = 'x'.repeat(1_048_576);
    const accepted = Array.from({ length: 70 }, () => invocations.accept('f', megabyte)).filter(Boolean);
    // 64 MB, plus a kilobyte for each event.
    expect(accepted).toHaveLength(63);
  });

  test('small events are bounded in number', () => {
    invocations = new AsyncInvocations({
      lambda: { invoke: () => new Promise(() => undefined) },
      limits: { asyncRetries: 2, asyncRetryDelayMs: 60_000, asyncMaxAgeMs: 21_600_000 },
      metrics: { put: () => undefined },
      nowMs: Date.now,
    });
    const accepted = Array.from({ length: 70_000 }, () => invocations.accept('f', '{}')).filter(Boolean);
    expect(accepted).toHaveLength(Math.floor((64 * 1_048_576) / 1_026));
  });
});
