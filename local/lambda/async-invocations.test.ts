import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MetricValue } from '../cloudwatch/store/metric-sink.ts';
import type { FunctionModel } from '../template/model.ts';
import { AsyncInvocations, type EndedInvocation } from './async-invocations.ts';
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
  let ended: EndedInvocation[];
  let invocations: AsyncInvocations;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
    attemptsAtMs = [];
    metrics = [];
    ended = [];
  });
  afterEach(() => {
    invocations.close();
    vi.useRealTimers();
  });
  const limits = { asyncRetries: 2, asyncRetryDelayMs: 60_000, asyncMaxAgeMs: 21_600_000, timeScale: 1 };
  function start(
    outcomes: (attempt: number) => InvokeOutcome,
    { own = {}, timeScale = 1 }: { own?: Partial<FunctionModel>; timeScale?: number } = {},
  ): void {
    invocations = new AsyncInvocations({
      functions: [{ functionName: 'f', reservedConcurrency: null, ...own }],
      lambda: {
        invoke: async () => {
          attemptsAtMs.push(Date.now());
          return outcomes(attemptsAtMs.length);
        },
      },
      limits: { ...limits, timeScale },
      metrics: { put: (metric) => metrics.push(metric) },
      nowMs: Date.now,
      onEnded: (event) => ended.push(event),
    });
  }
  const sums = () => Object.fromEntries(metrics.map(({ name, value }) => [name, value]));

  test('a failure is retried after one minute and after two more, and then dropped', async () => {
    start(() => failed);
    expect(invocations.accept('f', '{}')).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(attemptsAtMs).toEqual([0, 60_000, 180_000]);
    // The last age.
    expect(sums()).toEqual({ AsyncEventsReceived: 1, AsyncEventAge: 180_000, AsyncEventsDropped: 1 });
    expect(ended).toEqual([
      {
        ...{ functionName: 'f', payload: '{}', requestId: expect.any(String) },
        ...{ condition: 'RetriesExhausted', attempts: 3, outcome: failed },
      },
    ]);
  });

  test('a throttle is retried with growing delays for six hours, and uses up no retry', async () => {
    start(() => throttled);
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect(attemptsAtMs.slice(0, 5)).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
    expect(attemptsAtMs.at(-1)).toBeGreaterThan(21_600_000 - 300_000);
    expect(attemptsAtMs.at(-1)).toBeLessThanOrEqual(21_600_000);
    expect(sums()).toEqual({ AsyncEventsReceived: 1, AsyncEventsDropped: 1 });
    expect(ended).toMatchObject([{ condition: 'EventAgeExceeded', attempts: 0, outcome: throttled }]);
  });

  test('an event that runs after a throttle reports its age', async () => {
    start((attempt) => (attempt < 3 ? throttled : ok));
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sums()).toEqual({ AsyncEventsReceived: 1, AsyncEventAge: 3_000 });
    expect(ended).toMatchObject([{ condition: 'Success', attempts: 1, outcome: ok }]);
  });

  const configured = (own: { maximumRetries?: number; maximumAgeMs?: number }) => ({
    asynchronous: {
      invokeConfig: { maximumRetries: null, maximumAgeMs: null, onSuccess: null, onFailure: null, ...own },
      deadLetters: null,
    },
  });

  test.each([
    ['without retries', { maximumRetries: 0 }, [0], 'RetriesExhausted'],
    ['with one', { maximumRetries: 1 }, [0, 60_000], 'RetriesExhausted'],
    // The second retry would be at three minutes.
    ['at most two minutes old', { maximumAgeMs: 120_000 }, [0, 60_000], 'EventAgeExceeded'],
  ])('a function may say how: %s', async (_what, config, attempts, condition) => {
    start(() => failed, { own: configured(config) });
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(attemptsAtMs).toEqual(attempts);
    expect(ended).toMatchObject([{ condition, attempts: attempts.length }]);
  });

  test('what a function says of ages, and waits after throttles, are compressed as time is', async () => {
    start(() => throttled, { own: configured({ maximumAgeMs: 60_000 }), timeScale: 10 });
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(60_000);
    // 1, 2, 4, 8 and 16 s, and then 32 would be too late: a tenth of each.
    expect(attemptsAtMs).toEqual([0, 100, 300, 700, 1_500, 3_100]);
  });

  test('a function that may not run at all is not tried again', async () => {
    start(() => throttled, { own: { reservedConcurrency: 0 } });
    invocations.accept('f', '{}');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(attemptsAtMs).toEqual([0]);
    expect(ended).toMatchObject([{ condition: 'ZeroReservedConcurrency', attempts: 0 }]);
  });

  test('all attempts have the id with which the event was accepted', async () => {
    const ids: (string | undefined)[] = [];
    invocations = new AsyncInvocations({
      ...{ functions: [], limits, metrics: { put: () => undefined }, nowMs: Date.now },
      lambda: {
        invoke: async (_name, _payload, options) => {
          ids.push(options?.requestId);
          return failed;
        },
      },
    });
    invocations.accept('f', '{}', 'a-b-c');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(ids).toEqual(['a-b-c', 'a-b-c', 'a-b-c']);
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
      ...{ functions: [], limits },
      metrics: { put: () => undefined },
      nowMs: Date.now,
    });
    const accepted = Array.from({ length: 70_000 }, () => invocations.accept('f', '{}')).filter(Boolean);
    expect(accepted).toHaveLength(Math.floor((64 * 1_048_576) / 1_026));
  });
});
