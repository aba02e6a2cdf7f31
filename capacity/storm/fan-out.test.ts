import { describe, expect, test } from 'vitest';
import { simulateStorm } from './simulate.ts';
import type { FanOutStorm } from './spec.ts';
import { stormSpec } from './storm-spec.fixture.ts';

/** AWS's default for the account. */
const accountThrottle = { ratePerSecond: 10_000, burst: 5_000 };
const fanOut = (change: Partial<FanOutStorm>): FanOutStorm => ({
  tabs: 1_000_000,
  deadlineMs: 5_000,
  callMs: 10,
  callsAtOnce: null,
  ...change,
});

describe('fan-out storms', () => {
  test('a goal to a million tabs is 100 s of the whole account’s throttle', () => {
    const { fanOut: result, limits } = simulateStorm(
      stormSpec({ quotas: { accountThrottle }, rest: { fanOut: fanOut({}) } }),
    );
    expect(result).toMatchObject({
      sent: 1_000_000,
      throttleSeconds: 100,
      floorSeconds: 99.5,
      neededPerSecond: 200_000,
    });
    // 5,000 from the full bucket immediately, then 10,000/s; each call takes 10 ms more.
    expect(result?.pushedAtSeconds.half).toBeCloseTo(49.51, 3);
    expect(result?.pushedAtSeconds.all).toBeCloseTo(99.51, 3);
    // Calls that started until 4.99 s: 5,000 + 49,900.
    expect(result?.late).toBe(1_000_000 - 54_900);
    expect(limits).toEqual([{ limit: 'accountThrottle', refusals: 0, seconds: 100 }]);
  });

  test('100,000 tabs within 5 s are 20,000 calls a second, twice the throttle: 45% are late', () => {
    const { fanOut: result } = simulateStorm(
      stormSpec({ quotas: { accountThrottle }, rest: { fanOut: fanOut({ tabs: 100_000, callMs: 1 }) } }),
    );
    expect(result).toMatchObject({ neededPerSecond: 20_000, late: 100_000 - 5_000 - 49_990 });
    expect(result?.pushedAtSeconds.all).toBeCloseTo(9.501, 3);
  });

  test('20,000/s carry it, in time and without waiting for the throttle', () => {
    const quota = { ratePerSecond: 20_000, burst: 10_000 };
    const { fanOut: result } = simulateStorm(
      stormSpec({ quotas: { accountThrottle: quota }, rest: { fanOut: fanOut({ tabs: 100_000 }) } }),
    );
    expect(result).toMatchObject({ late: 0, floorSeconds: 4.5 });
  });

  test('senders that make 50 calls of 10 ms at a time push 5,000/s, whatever the throttle', () => {
    const { fanOut: result, limits } = simulateStorm(
      stormSpec({ quotas: { accountThrottle }, rest: { fanOut: fanOut({ tabs: 100_000, callsAtOnce: 50 }) } }),
    );
    expect(result?.pushedAtSeconds.all).toBeCloseTo(20, 1);
    expect(limits).toEqual([]);
  });

  test('handshakes of a reconnect storm take their part of the same throttle', () => {
    const { fanOut: result } = simulateStorm(
      stormSpec({
        clients: { count: 100_000, backOff: { jitter: 'full', baseMs: 1_000, capMs: 30_000, maxAttempts: 1e6 } },
        quotas: { accountThrottle, newConnections: { ratePerSecond: 2_000, burst: 2_000 } },
        rest: { fanOut: fanOut({ tabs: 300_000 }) },
      }),
    );
    // 10,000/s less 2,000/s: (300,000 − 5,000 + 2,000) / 8,000 = 37 s, rather than 29.5 s alone.
    expect(result?.pushedAtSeconds.all).toBeGreaterThan(36.5);
    expect(result?.pushedAtSeconds.all).toBeLessThan(37.6);
  });
});
