/** Devices whose connections are refused, lost, dropped or churned, on virtual time. */
import { describe, expect, test } from 'vitest';
import { balance, balanced, countOf, quantileMicros } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

const backOff = { reconnectAttempts: 5, reconnectBaseSeconds: 0.2, reconnectCapSeconds: 1 };

test('after a simultaneous drop all have reconnected by the end, spread out by jitter, and the recovery is timed', async () => {
  const { totals, result } = await runVirtually({
    connections: 400,
    connectRatePerSecond: 2_000,
    ...backOff,
    dropAllAtSeconds: 0.5,
    steadySeconds: 1.5,
    messageRatePerSecond: 100,
  });
  expect(result).toEqual({ kind: 'completed' });
  expect(totals.counters).toMatchObject({
    connectionsDropped: 400,
    reconnectsAttempted: 400,
    connectionsRecovered: 400,
    connectionsAbandoned: 0,
    connectsOpened: 800,
    closesRequested: 400,
  });
  expect(balance(totals)).toEqual(balanced);
  const { recoveryMicros } = totals.histograms;
  expect(countOf(recoveryMicros)).toBe(400);
  // Uniform in 0 to 200 ms, and then the connect itself: two round trips of 2 ms, begun up to 1 ms late.
  for (const share of [0.25, 0.5, 0.75]) {
    expect(quantileMicros(recoveryMicros, share)).toBeGreaterThan(share * 200_000 + 4_000 - 20_000);
    expect(quantileMicros(recoveryMicros, share)).toBeLessThan(share * 200_000 + 5_000 + 20_000);
  }
  expect(quantileMicros(recoveryMicros, 1)).toBeLessThan(205_500);
});

test('after a target closes every connection, the load resumes as soon as they have reconnected', async () => {
  const { totals, result } = await runVirtually(
    { ...backOff, steadySeconds: 5, messageRatePerSecond: 100 },
    { prepare: (target) => target.time.after(2_000, () => target.closeAll(1001)) },
  );
  expect(result).toEqual({ kind: 'completed' });
  expect(totals.counters).toMatchObject({ closesUnexpected: 20, connectionsRecovered: 20, connectsOpened: 40 });
  expect(totals.closeCodes).toEqual({ '1000': 20, '1001': 20 });
  expect(balance(totals)).toEqual(balanced);
});

describe('after refusals', () => {
  test('devices retry until they are accepted', async () => {
    const { totals } = await runVirtually(
      { connections: 10, ...backOff },
      { faults: { upgrade: (n) => (n < 15 ? 429 : 101) } },
    );
    expect(totals.counters).toMatchObject({ connectsThrottled: 15, connectsOpened: 10, reconnectsAttempted: 15 });
  });

  test('they are abandoned after their last attempt, and the run ends with the last of them', async () => {
    const few = { ...backOff, reconnectAttempts: 2, reconnectBaseSeconds: 0.05 };
    const { totals, result } = await runVirtually(
      { connections: 4, ...few, steadySeconds: 30 },
      { faults: { upgrade: () => 503 } },
    );
    expect(result).toMatchObject({ kind: 'failed' });
    expect(totals.counters).toMatchObject({ connectsRefused: 12, connectionsAbandoned: 4 });
  });
});

test('churn closes 30 connections a second, all of which are open again at the end', async () => {
  const { totals, target } = await runVirtually({ churnRatePerSecond: 30 });
  expect(totals.counters).toMatchObject({
    connectionsChurned: 30,
    connectsOpened: 50,
    // Plus the 20 closed at the end.
    closesRequested: 50,
    closesUnexpected: 0,
    reconnectsAttempted: 0,
  });
  expect(totals.closeCodes).toEqual({ '1000': 50 });
  expect(target.stack.seen.upgrades).toBe(50);
  expect(balance(totals)).toEqual(balanced);
});

describe('pings that keep connections open', () => {
  test('are counted separately from messages: one per connection and interval, counted from its opening', async () => {
    // Open after 5 ms at the latest: 4 intervals of 250 ms end within the 1.1 s before the close begins.
    const { totals } = await runVirtually({
      connections: 10,
      connectRatePerSecond: 10_000,
      keepAliveSeconds: 0.25,
      steadySeconds: 1.1,
    });
    expect(totals.counters).toMatchObject({ keepAlivesSent: 40, keepAlivesAnswered: 40, messagesIntended: 0 });
    expect(totals.failures).toEqual({});
  });

  test('are not sent by the idle quarter of the connections', async () => {
    const { totals } = await runVirtually({ keepAliveSeconds: 0.6, idleShare: 0.25, connectRatePerSecond: 2_000 });
    // 15 of 20, once each within the second of the steady state.
    expect(totals.counters.keepAlivesSent).toBe(15);
  });

  test('keep all but the idle quarter open until the lifetime limit', async () => {
    const { totals, records } = await runVirtually(
      {
        connections: 12,
        connectRatePerSecond: 200,
        steadySeconds: 11,
        keepAliveSeconds: 0.5,
        idleShare: 0.25,
        messageRatePerSecond: 0,
        webhookRatePerSecond: 0,
      },
      { faults: { idleMs: 4_000, lifetimeMs: 8_000 } },
    );
    const endedIn = (from: number, to: number) =>
      records
        .filter(({ second }) => second >= from && second < to)
        .reduce((sum, { counters }) => sum + (counters.closesUnexpected ?? 0), 0);
    // The three idle ones first, and the other nine in one wave at the end of their lifetime.
    expect([endedIn(0, 4), endedIn(4, 5), endedIn(5, 8), endedIn(8, 20)]).toEqual([0, 3, 0, 9]);
    expect(totals.closeCodes).toEqual({ '1001': 12 });
  });
});
