import { describe, expect, test } from 'vitest';
import { examplePlan } from '../example-stack.fixture.ts';
import { heartbeatRate, type Silence, turnoverOf } from './connection-turnover.ts';
import { loadOfPlan } from './load.ts';
import type { UsagePlan } from './plan.ts';

const people: Silence = {
  messageRatePerSecond: 0,
  gaps: 'exponential',
  heartbeatSeconds: null,
  returns: 'withNextMessage',
  idleSeconds: 600,
  lifetimeSeconds: 7_200,
};
/** A million connections whose users send so often a minute: new connections a second. */
const million = (perMinute: number, change: Partial<UsagePlan> = {}) =>
  loadOfPlan({
    ...examplePlan,
    ...{ users: 1e6, peakConcurrency: 1, tabsPerUser: 1, messageGaps: 'exponential' },
    messagesPerUserPerMinute: perMinute,
    ...change,
  }).connectRatePerSecond;

describe('silence: gaps between the messages of people are exponential', () => {
  // Mean gap = idle timeout: a message every 600 s, of which e^(−1) are followed by a longer silence: 1e6 / 600 / e.
  test.each([0.0998, 0.1, 0.1002])(
    '%f messages a minute: about 613 new connections/s, on both sides of 0.1',
    (rate) => {
      expect(million(rate)).toBeCloseTo(1e6 / 600 / Math.E, 1);
      expect(million(rate)).toBeCloseTo(613.1, 1);
    },
  );

  test('clients that come back at once: e − 1 timeouts is the mean time until a gap of one, 970/s', () => {
    expect(million(0.1, { afterSilence: 'atOnce' })).toBeCloseTo(1e6 / 600 / (Math.E - 1), 1);
  });

  test('clients who send often are closed by the lifetime only, who never send by the timeout', () => {
    expect(million(5)).toBeCloseTo(1e6 / 7_200, 6);
    expect(million(0)).toBeCloseTo(1e6 / 600, 6);
  });

  test('a heartbeat keeps connections open, and is a message after each silence', () => {
    expect(million(0.1, { heartbeatSeconds: 300 })).toBeCloseTo(1e6 / 7_200, 6);
    // μ / (e^(μh) − 1), μh = 1/2
    expect(heartbeatRate({ ...people, messageRatePerSecond: 1 / 600, heartbeatSeconds: 300 })).toBeCloseTo(
      1 / 600 / (Math.sqrt(Math.E) - 1),
      12,
    );
    expect(heartbeatRate({ ...people, heartbeatSeconds: 300 })).toBe(1 / 300);
    // A rate so small that its inverse is no number: as good as silent.
    for (const gaps of ['regular', 'exponential'] as const)
      expect(heartbeatRate({ gaps, messageRatePerSecond: 3e-322, heartbeatSeconds: 300 })).toBe(1 / 300);
    const load = loadOfPlan({ ...examplePlan, messagesPerUserPerMinute: 0, heartbeatSeconds: 300 });
    expect(load.heartbeatRatePerSecond).toBeCloseTo(432_000 / 300, 6);
  });

  test('a timer is never late: below the timeout it keeps the connection, above it closes it each time', () => {
    expect(million(0.1002, { messageGaps: 'regular' })).toBeCloseTo(138.9, 1);
    expect(million(0.05, { messageGaps: 'regular' })).toBeCloseTo(1e6 / 1_200, 6);
    expect(million(0.05, { messageGaps: 'regular', afterSilence: 'atOnce' })).toBeCloseTo(1e6 / 600, 6);
  });
});

/** Independent check: connections drawn one by one, from a generator with a fixed seed. */
function drawn(silence: Silence, connections: number): number {
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const { idleSeconds, lifetimeSeconds, returns, messageRatePerSecond } = silence;
  let seconds = 0;
  for (let n = 0; n < connections; n += 1) {
    let open = 0;
    for (;;) {
      const gap = -Math.log(random()) / messageRatePerSecond;
      if (open + Math.min(gap, idleSeconds) >= lifetimeSeconds) {
        seconds += lifetimeSeconds;
        break;
      }
      if (gap > idleSeconds) {
        seconds += open + (returns === 'atOnce' ? idleSeconds : gap);
        break;
      }
      open += gap;
    }
  }
  return connections / seconds;
}

test.each([
  [0.02, 'withNextMessage'],
  [0.1, 'atOnce'],
  [0.2, 'withNextMessage'],
  [0.5, 'withNextMessage'],
  [0.5, 'atOnce'],
] as const)('%f messages a minute, %s: as 20,000 connections drawn at random', (perMinute, returns) => {
  const silence = { ...people, messageRatePerSecond: perMinute / 60, returns };
  expect(turnoverOf(silence).connectsPerSecond / drawn(silence, 20_000)).toBeCloseTo(1, 1);
  expect(Math.abs(turnoverOf(silence).connectsPerSecond / drawn(silence, 20_000) - 1)).toBeLessThan(0.02);
});
