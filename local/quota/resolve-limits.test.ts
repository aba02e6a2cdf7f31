import { describe, expect, test } from 'vitest';
import { explicitLimits, resolveLimits, scaleCount } from './resolve-limits.ts';

describe('limits', () => {
  test("without settings the limits are AWS's defaults", () => {
    expect(resolveLimits()).toMatchObject({
      accountThrottle: { ratePerSecond: 10_000, burst: 5_000 },
      newConnections: { ratePerSecond: 500, burst: 500 },
      accountConcurrency: 1_000,
      environmentScaling: { ratePerSecond: 100, burst: 1_000 },
      webSocketIdleMs: 600_000,
      webSocketLifetimeMs: 7_200_000,
    });
  });

  test('quotaScale scales rates, bursts and counts to a hundredth, but not sizes, durations and limits of the machine', () => {
    const full = resolveLimits();
    const limits = resolveLimits({ quotaScale: 0.01 });
    expect(limits).toMatchObject({
      accountThrottle: { ratePerSecond: 100, burst: 50 },
      newConnections: { ratePerSecond: 5, burst: 5 },
      accountConcurrency: 10,
      unreservedConcurrencyFloor: 1,
      environmentScaling: { ratePerSecond: 1, burst: 10 },
      // 5 × 0.01 is less than one.
      pollerInitialConcurrency: 1,
      pollerGrowthPerMinute: 3,
      pollerMaxConcurrency: 13,
      // A ratio to concurrency, which is scaled already.
      invocationsPerSecondPerConcurrency: 10,
    });
    const unscaled = [
      'webSocketIdleMs',
      'webSocketFrameBytes',
      'initLimitMs',
      'maxEnvironments',
      'asyncRetryDelayMs',
    ] as const;
    for (const name of unscaled) expect(limits[name]).toBe(full[name]);
  });

  test('an explicit setting is not scaled, its neighbours are', () => {
    const { newConnections } = resolveLimits({ quotaScale: 0.01, newConnections: { ratePerSecond: 50 } });
    expect(newConnections).toEqual({ ratePerSecond: 50, burst: 5 });
  });

  test('timeScale compresses idle timeout and lifetime of WebSockets and waits of asynchronous invocations, nothing else', () => {
    const full = resolveLimits();
    const limits = resolveLimits({ timeScale: 60 });
    expect(limits).toEqual({
      ...{ ...full, timeScale: 60, webSocketIdleMs: 10_000, webSocketLifetimeMs: 120_000 },
      ...{ asyncRetryDelayMs: 1_000, asyncMaxAgeMs: 360_000 },
    });
    expect(resolveLimits({ timeScale: 60, webSocketIdleMs: 5_000 }).webSocketIdleMs).toBe(5_000);
  });

  test('differences from the scaled defaults are listed as set', () => {
    expect(explicitLimits(resolveLimits({ quotaScale: 0.01 }))).toEqual([]);
    expect(explicitLimits(resolveLimits({ quotaScale: 0.01, newConnections: { ratePerSecond: 50 } }))).toEqual([
      { name: 'newConnections.ratePerSecond', value: 50, byDefault: 5 },
    ]);
  });

  test('a scaled count is rounded, at least 1, and 0 stays 0', () => {
    expect([scaleCount(250, 0.01), scaleCount(3, 0.01), scaleCount(0, 0.01), scaleCount(5, 2)]).toEqual([3, 1, 0, 10]);
  });
});
