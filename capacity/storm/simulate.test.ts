import { describe, expect, test, vi } from 'vitest';
import { backlog } from '../demand/backlog.ts';
import { WaitingRoom } from './clients/waiting-room.ts';
import type { FunctionTimes } from './functions.ts';
import { simulateStorm } from './simulate.ts';
import { plentyOfQuota, pollers, quick, stormSpec } from './storm-spec.fixture.ts';
import { TimeWheel } from './time-wheel.ts';
import { World } from './world.ts';

describe('reconnects', () => {
  test('clients without jitter come in waves of the bucket: 30 clients, 10/s and a burst of 10 take three waves a second apart', () => {
    const { clients: result, limits } = simulateStorm(
      stormSpec({ clients: {}, quotas: { newConnections: { ratePerSecond: 10, burst: 10 } } }),
    );
    // Lost at 0, first wave at 1 s: 10 pass, 20 are refused; at 2 s 10 more; at 3 s the rest. Two functions of 1 ms each.
    expect(result).toMatchObject({
      reconnected: 30,
      attempts: 30 + 20 + 10,
      maxAttemptsOfAClient: 3,
      recovery: { p50Seconds: 2.002, maxSeconds: 3.002 },
      recoveredAtSeconds: { half: 2.002, all: 3.002 },
      floorSeconds: 2,
    });
    expect(limits).toEqual([{ limit: 'newConnections', refusals: 30, seconds: 2 }]);
  });

  test('the throttle of $connect is its own: messages of other routes take nothing of it', () => {
    const storm = (connect: number) =>
      simulateStorm(
        stormSpec({
          clients: { count: 40, messagesAfterConnect: 1 },
          quotas: {
            routes: {
              connect: { ratePerSecond: connect, burst: connect },
              messages: [
                { share: 0.5, throttle: { ratePerSecond: 1, burst: 1 } },
                { share: 0.5, throttle: null },
              ],
              webhooks: [],
            },
          },
        }),
      );
    const { clients, limits } = storm(10);
    // 40 clients, ten a second; about half of their messages come to a route that takes one a second.
    expect(clients).toMatchObject({ reconnected: 40 });
    expect(clients?.recoveredAtSeconds.all).toBeGreaterThan(3);
    expect(clients?.messagesRefused).toBeGreaterThan(5);
    expect(clients?.messagesRefused).toBeLessThan(30);
    expect(limits.map(({ limit }) => limit)).toEqual(['webSocketApiThrottle']);
    expect(storm(40).clients?.attempts).toBe(40);
  });

  test('with full jitter the recovery is that of the bucket, and the same seed gives the same storm', () => {
    const jittered = stormSpec({
      clients: { count: 6_000, backOff: { jitter: 'full', baseMs: 100, capMs: 2_000, maxAttempts: Infinity } },
      quotas: { newConnections: { ratePerSecond: 100, burst: 100 } },
    });
    const first = simulateStorm(jittered);
    expect(first).toEqual(simulateStorm(jittered));
    // (6,000 − 100) / 100 = 59 s at the least; the last ones lose one more delay of 2 s.
    expect(first.clients?.floorSeconds).toBe(59);
    expect(first.clients?.recoveredAtSeconds.all).toBeGreaterThan(59);
    expect(first.clients?.recoveredAtSeconds.all).toBeLessThan(62);
    expect(simulateStorm({ ...jittered, seed: 2 }).clients).not.toEqual(first.clients);
  });

  test('an attempt costs no event, once back-off is at its cap, and a millisecond without any costs nothing', () => {
    const [events, waits] = [vi.spyOn(World.prototype, 'at'), vi.spyOn(WaitingRoom.prototype, 'add')];
    const milliseconds = vi.spyOn(TimeWheel.prototype, 'drain');
    const of = (jitter: 'full' | 'none') =>
      simulateStorm(
        stormSpec({
          clients: { count: 10_000, backOff: { jitter, baseMs: 1_000, capMs: 30_000, maxAttempts: Infinity } },
          quotas: { newConnections: { ratePerSecond: 20, burst: 20 } },
          rest: { horizonSeconds: 14_400 },
        }),
      );
    const { clients: full } = of('full');
    expect(full?.attempts).toBeGreaterThan(200_000);
    // $disconnect, two functions of each handshake, and the attempts until the delay is 30 s: five of most.
    expect(events.mock.calls.length + waits.mock.calls.length).toBeLessThan(100_000);
    milliseconds.mockClear();
    // Waves half a minute apart, for four hours.
    expect(of('none').clients?.pending).toBeGreaterThan(0);
    expect(milliseconds.mock.calls.length).toBeLessThan(100_000);
    vi.restoreAllMocks();
  });

  test.each([
    // Divided among milliseconds, 20 clients each: and drawn one by one, less than one each.
    [20_000, 'full', [0.502, 0.902, 0.992]],
    [20_000, 'equal', [0.752, 0.952, 0.997]],
    [900, 'full', [0.502, 0.902, 0.992]],
  ] as const)(
    '%d clients, %s jitter: the first attempts are spread evenly over their delay of 1 s',
    (count, jitter, expected) => {
      const { clients: result } = simulateStorm(
        stormSpec({ clients: { count, backOff: { jitter, baseMs: 1_000, capMs: 1_000, maxAttempts: 1 } } }),
      );
      const { p50Seconds, p90Seconds, p99Seconds, maxSeconds } = result?.recovery ?? {};
      // Three standard errors of a quantile: 3 √(p(1 − p) / count).
      const allowed = (p: number) => 3 * Math.sqrt((p * (1 - p)) / count);
      expect(Math.abs((p50Seconds ?? 0) - expected[0])).toBeLessThan(allowed(0.5));
      expect(Math.abs((p90Seconds ?? 0) - expected[1])).toBeLessThan(allowed(0.9));
      expect(Math.abs((p99Seconds ?? 0) - expected[2])).toBeLessThan(allowed(0.99));
      expect(maxSeconds).toBeLessThanOrEqual(1.002);
      expect(result?.attempts).toBe(count);
    },
  );

  test('a client gives up after its last attempt', () => {
    const { clients: result, finished } = simulateStorm(
      stormSpec({
        clients: { backOff: { jitter: 'none', baseMs: 1_000, capMs: 1_000, maxAttempts: 2 } },
        quotas: { newConnections: { ratePerSecond: 10, burst: 10 } },
      }),
    );
    expect(finished).toBe(true);
    expect(result).toMatchObject({ reconnected: 20, gaveUp: 10, pending: 0, attempts: 50 });
  });

  test('concurrency: 100 simultaneous handshakes, 10 executions of 100 ms at a time', () => {
    const slow: Omit<FunctionTimes, 'id'> = { ...quick, meanMs: 100 };
    const result = simulateStorm(
      stormSpec({
        clients: { count: 100 },
        functions: { connect: slow, disconnect: { ...quick, reservedConcurrency: 1_000 } },
        quotas: { lambda: { ...plentyOfQuota.lambda, accountConcurrency: 1_010 } },
      }),
    );
    // Each wave of a second: 10 pass the authorizer, the others find all ten executions taken.
    expect(result.functions.connect).toMatchObject({ invocations: 100, peakConcurrency: 10 });
    expect(result.clients).toMatchObject({ reconnected: 100, attempts: 550, recoveredAtSeconds: { all: 10.101 } });
    expect(result.limits[0]).toEqual({ limit: 'accountConcurrency', refusals: 450, seconds: 9 });
  });

  test('growth: without warm environments a function starts with 1,000 at most, then 100 a second', () => {
    const cold: Omit<FunctionTimes, 'id'> = { ...quick, meanMs: 60_000, warm: 0, coldStartMs: 500 };
    const result = simulateStorm(
      stormSpec({
        clients: { count: 1_500, timeoutMs: 100_000 },
        functions: { authorize: cold },
        rest: { horizonSeconds: 4.5 },
      }),
    );
    // At 1 s 1,000 start; at 2, 3 and 4 s 100 each: none ends before 61 s.
    expect(result.functions.authorize).toMatchObject({ coldStarts: 1_300, invocations: 1_300, peakConcurrency: 1_300 });
    expect(result.limits).toEqual([{ limit: 'environmentScaling', refusals: 500 + 400 + 300 + 200, seconds: 4 }]);
    expect(result.finished).toBe(false);
  });

  test('a throttled $disconnect is lost: AWS does not retry it', () => {
    const result = simulateStorm(
      stormSpec({
        clients: { count: 50 },
        functions: { disconnect: { ...quick, meanMs: 5_000, reservedConcurrency: 20 } },
      }),
    );
    expect(result.clients).toMatchObject({ disconnectsLost: 30, reconnected: 50 });
  });

  test('a handshake that outlasts its client’s timeout is one more attempt, and wasted work', () => {
    const slowStart: Omit<FunctionTimes, 'id'> = { ...quick, warm: 0, coldStartMs: 3_000 };
    const result = simulateStorm(
      stormSpec({ clients: { count: 5, timeoutMs: 2_000 }, functions: { authorize: slowStart } }),
    );
    // The first five start five environments, 3 s each; the second attempts, a second after the timeout, find them running, and
    // start again; the third find them warm.
    expect(result.clients).toMatchObject({ reconnected: 5, timedOut: 5, attempts: 10 });
  });

  test('writes that the table refuses for too long fail the handshake', () => {
    const result = simulateStorm(
      stormSpec({
        clients: { count: 300 },
        quotas: { dynamodbOnDemandWrite: { ratePerSecond: 100, burst: 100 } },
        rest: { writeUnits: { perConnect: 1, perDisconnect: 0, perWebhook: 0 } },
      }),
    );
    // First wave: 100 from the bucket and 30 that wait up to 0.3 s; the others fail after 0.3 s, and come again a second later.
    // By then the debt of 30 is paid and the bucket full: 130 more; 40 are left.
    expect(result.clients?.attempts).toBe(300 + 170 + 40);
    expect(result.limits.map(({ limit }) => limit)).toEqual(['dynamodbOnDemandWrite']);
  });
});

describe('webhook bursts', () => {
  test('a burst over constant pollers is the fluid backlog', () => {
    // 50 batches of 10 that last 1 s: 500/s. 2,000/s for 60 s leave 90,000, empty 180 s later (no arrivals after the burst).
    const result = simulateStorm(
      stormSpec({
        webhooks: { count: 120_000, overMs: 60_000 },
        functions: { deliver: { ...quick, meanMs: 100 } },
        quotas: { poller: pollers(50, 0, 50) },
      }),
    );
    const fluid = backlog({
      ...{ burstRatePerSecond: 2_000, burstSeconds: 60, restRatePerSecond: 0 },
      service: { startPerSecond: 500, rampPerSecond2: 0, maxPerSecond: 500 },
    });
    if (fluid.kind !== 'drains') throw new Error(fluid.reason);
    expect(fluid.peakMessages).toBe(90_000);
    expect(fluid.emptyAtSeconds).toBeCloseTo(240, 3);
    expect(fluid.oldestAgeSeconds).toBeCloseTo(180, 3);
    expect(result.webhooks?.peakQueued).toBeGreaterThan(89_000);
    expect(result.webhooks?.peakQueued).toBeLessThan(90_100);
    expect(result.webhooks?.drainedAtSeconds).toBeCloseTo(240, -0.5);
    expect(result.webhooks?.peakAgeSeconds).toBeCloseTo(180, -0.5);
    expect(result.webhooks).toMatchObject({ delivered: 120_000, lost: 0, pending: 0 });
  });

  test('pollers grow by 5 a second: the queue drains as the fluid with a ramp', () => {
    // A batch of 10 lasts 1 s: 50/s at the start and 50/s more each second. 1,000/s for 30 s.
    const result = simulateStorm(
      stormSpec({ webhooks: { count: 30_000, overMs: 30_000 }, functions: { deliver: { ...quick, meanMs: 100 } } }),
    );
    const fluid = backlog({
      ...{ burstRatePerSecond: 1_000, burstSeconds: 30, restRatePerSecond: 0 },
      service: { startPerSecond: 50, rampPerSecond2: 50, maxPerSecond: 12_500 },
    });
    if (fluid.kind !== 'drains') throw new Error(fluid.reason);
    expect((result.webhooks?.peakQueued ?? 0) / fluid.peakMessages).toBeCloseTo(1, 0.9);
    expect((result.webhooks?.drainedAtSeconds ?? 0) / fluid.emptyAtSeconds).toBeCloseTo(1, 1);
  });

  test('the provider retries what the stage throttles; a webhook throttled on its last attempt is lost', () => {
    const result = simulateStorm(
      stormSpec({
        webhooks: { count: 100, overMs: 0, providerRetries: [{ fromMs: 300_000, toMs: 300_000 }] },
        quotas: { httpApiThrottle: { ratePerSecond: 0.1, burst: 40 } },
      }),
    );
    // 40 immediately; 60 come back 5 min later and find 30 tokens; 30 are lost.
    expect(result.webhooks).toMatchObject({ delivered: 70, lost: 30, retries: 60 });
    expect(result.webhooks?.delivery?.maxSeconds).toBeGreaterThan(300);
  });

  test('a provider that spreads its retries loses nothing where one that sends them together does', () => {
    const { webhooks: spread } = simulateStorm(
      stormSpec({
        webhooks: { count: 100, overMs: 0, providerRetries: [{ fromMs: 200_000, toMs: 400_000 }] },
        quotas: { httpApiThrottle: { ratePerSecond: 1, burst: 40 } },
      }),
    );
    const { webhooks: together } = simulateStorm(
      stormSpec({
        webhooks: { count: 100, overMs: 0, providerRetries: [{ fromMs: 300_000, toMs: 300_000 }] },
        quotas: { httpApiThrottle: { ratePerSecond: 1, burst: 40 } },
      }),
    );
    // 60 come back: over 200 s they are 0.3/s, below the quota of 1/s; together they are 20 more than the burst of 40.
    expect(spread).toMatchObject({ delivered: 100, lost: 0, retries: 60 });
    expect(spread?.delivery?.maxSeconds).toBeGreaterThan(380);
    expect(spread?.delivery?.maxSeconds).toBeLessThan(400.1);
    expect(together).toMatchObject({ delivered: 80, lost: 20, retries: 60 });
  });

  test('pushes wait for the account throttle that they share with everything else', () => {
    const result = simulateStorm(
      stormSpec({
        webhooks: { count: 1_000, overMs: 0, pushesPerWebhook: 2 },
        quotas: {
          accountThrottle: { ratePerSecond: 100, burst: 1_000 },
          poller: pollers(100, 0, 100),
        },
      }),
    );
    // 1,000 tokens go to the posts; 2,000 pushes at 100/s take 20 s.
    expect(result.webhooks?.drainedAtSeconds).toBeCloseTo(20, 0);
    expect(result.limits[0]?.limit).toBe('accountThrottle');
  });
});

test('durations are log-normal with the mean that was given', () => {
  const result = simulateStorm(
    stormSpec({
      clients: { count: 20_000, lostOverMs: 60_000, timeoutMs: 1e6 },
      functions: { connect: { ...quick, meanMs: 200, p99Ms: 900 } },
    }),
  );
  // Little: 20,000 connects in 60 s, 0.2 s each, are 66.7 at a time; the recovery's p99 is 1 s of back-off and 0.9 s.
  expect(result.clients?.recovery?.p99Seconds).toBeGreaterThan(1.83);
  expect(result.clients?.recovery?.p99Seconds).toBeLessThan(1.97);
  const middle = result.seconds.slice(10, 50).map(({ concurrency }) => concurrency);
  expect(middle.reduce((sum, each) => sum + each, 0) / middle.length).toBeGreaterThan(60);
  expect(middle.reduce((sum, each) => sum + each, 0) / middle.length).toBeLessThan(75);
});
