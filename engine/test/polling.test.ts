/** Tabs that ask over HTTP, on virtual time: as the published client does (docs/reference/protocol.md), and accounted for. */
import { describe, expect, test } from 'vitest';
import type { FleetLoad } from '../src/core/fleet/fleet-spec.ts';
import type { Faults } from './fake-stack.ts';
import { balance, balanced, countOf, meanMicros, quantileMicros } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

const run = (load: Partial<FleetLoad>, faults: Faults = {}) =>
  runVirtually(
    { tabsPerUser: 1, timeoutSeconds: 10, drainSeconds: 20, ...load },
    { faults, spec: { fallbackUrl: 'http://virtual.test' } },
  );

describe('tabs of users who are not in the stage', () => {
  test('have no connection, and every event with their next poll: 5 s later on average, 15 s at most', async () => {
    const { totals, records } = await run({
      ...{ connections: 40, pollingShare: 1, steadySeconds: 300, webhookRatePerSecond: 20 },
    });
    const { counters, histograms } = totals;
    expect(balance(totals)).toEqual(balanced);
    expect(counters).toMatchObject({
      connectsAttempted: 0,
      pushesExpected: 0,
      polledExpected: 6_000,
      polledDelivered: 6_000,
    });
    expect(counters.eventsDeliveredToAll).toBe(6_000);
    expect(records.flatMap(({ events = [] }) => events)).toEqual([]);
    // Between two polls lie 5 to 15 s, 10 on average; what comes at a random moment waits longer than half of that: E[w²] / 2E[w] = 5.4 s.
    expect(meanMicros(histograms.polledMicros) / 1e6).toBeCloseTo(5.4, 0);
    expect(quantileMicros(histograms.polledMicros, 1) / 1e6).toBeLessThan(15.1);
    // 40 tabs, each 10 s: 4/s over some 305 s. A minute of its events is read again with each.
    expect(counters.pollsSent / 305).toBeCloseTo(4, 0);
    expect(counters.polledRepeated).toBeGreaterThan(6_000 * 4);
    expect(countOf(histograms.pollMicros)).toBe(counters.pollsAnswered);
  });

  test('are as many as the share says, beside those with a connection, who are pushed to', async () => {
    const { totals } = await run({ connections: 40, pollingShare: 0.25, steadySeconds: 60, webhookRatePerSecond: 10 });
    expect(balance(totals)).toEqual(balanced);
    const { connectsOpened, polledExpected, pushesExpected, eventsAccepted, eventsDeliveredToAll } = totals.counters;
    expect(connectsOpened).toBe(30);
    expect(polledExpected + pushesExpected).toBe(eventsAccepted);
    expect(polledExpected / eventsAccepted).toBeCloseTo(0.25, 1);
    expect(eventsDeliveredToAll).toBe(eventsAccepted);
  });

  test('read on where there are more than one answer holds', async () => {
    const { totals, target } = await run({
      connections: 1,
      pollingShare: 1,
      steadySeconds: 30,
      webhookRatePerSecond: 50,
    });
    expect(balance(totals)).toEqual(balanced);
    expect(totals.counters.polledDelivered).toBe(1_500);
    // Five polls or so, whose answers hold a hundred events each.
    expect(target.stack.fallback.askedMs.events.length).toBeGreaterThan(15);
  });
});

test('the stage is read at the interval, at different moments of it; and events once after each connect', async () => {
  const { totals, target } = await run({ connections: 30, stageSeconds: 30, steadySeconds: 300 });
  expect(balance(totals)).toEqual(balanced);
  const { stageReadsSent, pollsSent, connectsOpened } = totals.counters;
  // One as each opens, one at a random moment of the first interval, and each 30 s from then on.
  expect(stageReadsSent).toBeGreaterThanOrEqual(30 * 10);
  expect(stageReadsSent).toBeLessThanOrEqual(30 * 12);
  expect([pollsSent, connectsOpened]).toEqual([30, 30]);
  const later = target.stack.fallback.askedMs.config.filter((atMs) => atMs > 30_000 && atMs < 60_000);
  // Not all together: the busiest second of an interval has a few of 30.
  const bySecond = Object.values(Object.groupBy(later, (atMs) => Math.floor(atMs / 1_000)));
  expect(Math.max(...bySecond.map((all = []) => all.length))).toBeLessThan(7);
});

describe('a stage that is rolled back for a minute', () => {
  const rolledBack = {
    ...{ connections: 60, stageSeconds: 30, steadySeconds: 200, webhookRatePerSecond: 20 },
    ...{ rollbackStartSeconds: 40, rollbackSeconds: 60, reconnectAttempts: 100 },
  };

  test('ends every connection within an interval, and they are back within one; no event is missed', async () => {
    const { totals, records } = await run(rolledBack);
    const { counters } = totals;
    expect(balance(totals)).toEqual(balanced);
    expect(counters).toMatchObject({ connectionsRolledBack: 60, connectsOpened: 120, closesUnexpected: 0 });
    expect(counters.eventsDeliveredToAll).toBe(counters.eventsAccepted);
    expect(records.flatMap(({ events = [] }) => events)).toEqual([]);
    const open = records.map(({ openConnections }) => openConnections);
    // Steady from 0.6 s on: gone between 40 and 70 s, back between 100 and 130 s.
    expect([open[39], open[75], open[95], open[135]]).toEqual([60, 0, 0, 60]);
    // Halfway through the interval half of them have noticed.
    expect(open[56]).toBeGreaterThan(15);
    expect(open[56]).toBeLessThan(45);
  });

  test('takes the share of users out of it that it names', async () => {
    const { totals } = await run({ ...rolledBack, rollbackShare: 0.5 });
    expect(totals.counters).toMatchObject({ connectionsRolledBack: 30, connectsOpened: 90 });
  });
});

describe('a tab whose connects do not open', () => {
  test('polls from the third on, beside its further attempts, until one opens', async () => {
    const { totals, target } = await run(
      { connections: 1, stageSeconds: 30, steadySeconds: 100, reconnectAttempts: 1_000, webhookRatePerSecond: 1 },
      // Opens at once, is ended after 20 s, and cannot be had for 12 attempts.
      { upgrade: (n) => (n > 0 && n < 12 ? 503 : 101), lifetimeMs: 20_000 },
    );
    expect(balance(totals)).toEqual(balanced);
    expect(totals.counters.eventsDeliveredToAll).toBe(totals.counters.eventsAccepted);
    expect(totals.counters.polledDelivered).toBeGreaterThan(0);
    expect(target.stack.fallback.askedMs.events.length).toBeGreaterThan(4);
  });
});

describe('answers that are none', () => {
  test('are counted by what they were, and asked again after a back-off, or when Retry-After says', async () => {
    const answers = [
      { status: 429, body: '', retryAfter: '20' },
      { status: 503, body: '' },
      { status: 200, body: '<html>Sign in</html>' },
    ];
    const { totals, target } = await run(
      { connections: 1, pollingShare: 1, steadySeconds: 100 },
      { asked: (path, n) => (path === 'events' ? (answers[n] ?? null) : null) },
    );
    expect(balance(totals)).toEqual(balanced);
    expect(totals.counters).toMatchObject({ pollsThrottled: 1, pollsRejected: 2, pollsFailed: 0 });
    expect(totals.failures).toMatchObject({ 'poll 429': 1, 'poll 503': 1, 'poll another answer': 1 });
    const [first = 0, second = 0] = target.stack.fallback.askedMs.events;
    expect(second - first).toBeGreaterThanOrEqual(20_000);
  });

  test('a stage that cannot be read is as it was', async () => {
    const { totals } = await run(
      { connections: 10, stageSeconds: 5, steadySeconds: 100, rollbackStartSeconds: 20, rollbackSeconds: 30 },
      { asked: (path) => (path === 'config' ? { status: 500, body: '' } : null) },
    );
    expect(totals.counters).toMatchObject({ connectionsRolledBack: 0, stageReadsAnswered: 0 });
    expect(totals.counters.stageReadsRejected).toBe(totals.counters.stageReadsSent);
  });
});

test('a stack that holds reads answers them with the event: within a second, and the tab asks again at once', async () => {
  const { totals, target } = await run(
    { connections: 20, pollingShare: 1, steadySeconds: 120, webhookRatePerSecond: 2 },
    { holdMs: 20_000 },
  );
  expect(balance(totals)).toEqual(balanced);
  expect(totals.counters.eventsDeliveredToAll).toBe(totals.counters.eventsAccepted);
  expect(quantileMicros(totals.histograms.polledMicros, 0.99) / 1e6).toBeLessThan(1.1);
  // 2 events/s, and 20 tabs whose reads end after 20 s at most.
  expect(target.stack.fallback.askedMs.events.length).toBeLessThan(120 * 2 + 20 * 8 + 20);
});

test('a tab that never asks over HTTP is as it always was', async () => {
  const { totals } = await run({ connections: 5, steadySeconds: 5 });
  expect(totals.counters).toMatchObject({ pollsSent: 0, stageReadsSent: 0, connectsOpened: 5 });
});
