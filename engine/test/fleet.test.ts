/** Whole fleets on virtual time against the fake stack: every count is exact. */
import { describe, expect, test } from 'vitest';
import type { Faults } from './fake-stack.ts';
import { balance, balanced, countOf, quantileMicros } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

describe('a target without faults', () => {
  test('everything that was due is sent, answered, delivered and balanced', async () => {
    const { result, records, totals, target } = await runVirtually({
      messageRatePerSecond: 200,
      webhookRatePerSecond: 100,
      replayShare: 0.1,
      offlineShare: 0.2,
    });
    expect(result).toEqual({ kind: 'completed' });
    expect(totals.counters).toMatchObject({
      connectsIntended: 20,
      connectsOpened: 20,
      closesRequested: 20,
      closesUnexpected: 0,
      messagesIntended: 200,
      messagesAnswered: 200,
      bytesSent: 200 * 128,
      webhooksAccepted: 100,
      replaysPosted: 10,
      eventsAccepted: 90,
      // A fifth of the 90 new events.
      eventsOwnerOffline: 18,
      eventsDelivered: 72,
      eventsDeliveredToAll: 72,
      pushesDuplicate: 0,
      pushesUnexpected: 0,
      pushesOfUnaccepted: 0,
    });
    expect(balance(totals)).toEqual(balanced);
    expect(totals.closeCodes).toEqual({ '1000': 20 });
    expect(totals.failures).toEqual({});
    expect(target.stack.seen).toEqual({
      pings: 200,
      upgrades: 20,
      posts: 100,
      events: 90,
      replays: 10,
      badSignatures: 0,
    });
    expect(countOf(totals.histograms.connectMicros)).toBe(20);
    expect(countOf(totals.histograms.webhookMicros)).toBe(100);
    expect(countOf(totals.histograms.sendLagMicros)).toBe(300);
    expect(records.at(-1)).toMatchObject({ last: true, phase: 'done', openConnections: 0 });
    expect(records.filter(({ last }) => last)).toHaveLength(1);
    // 0.2 s of connects, 1 s of load, the drain: one line a second, none left out.
    expect(records.map(({ second }) => second)).toEqual([0, 1]);
  });

  test('latency counts from the time at which a message was due, and service time from its send', async () => {
    const { totals } = await runVirtually({ messageRatePerSecond: 200 }, { network: { hopMs: 20 } });
    const { roundTripMicros, serviceMicros, sendLagMicros } = totals.histograms;
    // There and back; a timer is up to 1 ms late, which is send lag and part of the latency.
    expect(quantileMicros(serviceMicros, 1)).toBeCloseTo(40_000, -2);
    expect(quantileMicros(sendLagMicros, 1)).toBeLessThanOrEqual(1_000);
    expect(quantileMicros(roundTripMicros, 1)).toBeCloseTo(40_000 + quantileMicros(sendLagMicros, 1), -2);
  });

  test('the parts of a connect are timed, and add up to the whole', async () => {
    const { totals } = await runVirtually({}, { network: { hopMs: 10 } });
    const { connectMicros, connectTcpMicros, connectUpgradeMicros, connectTlsMicros } = totals.histograms;
    for (const part of [connectTcpMicros, connectUpgradeMicros]) {
      expect(countOf(part)).toBe(20);
      // One round trip each.
      expect(quantileMicros(part, 1)).toBeCloseTo(20_000, -2);
    }
    expect(quantileMicros(connectMicros, 1)).toBeGreaterThanOrEqual(40_000);
    expect(connectTlsMicros).toBeUndefined();
  });

  test('pushes that overtake the answer to their post are counted as well', async () => {
    const { totals } = await runVirtually({ webhookRatePerSecond: 50 }, { faults: { pushFirst: true } });
    expect(totals.counters).toMatchObject({ eventsAccepted: 50, eventsDeliveredToAll: 50, pushesUnexpected: 0 });
    expect(balance(totals)).toEqual(balanced);
  });

  test('local addresses are used in turn', async () => {
    const localAddresses = ['127.0.0.2', '127.0.0.3'];
    const { target } = await runVirtually({ connections: 4, steadySeconds: 0.1 }, { spec: { localAddresses } });
    expect(target.sourceAddresses).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.2', '127.0.0.3']);
  });
});

describe('messages', () => {
  test('with every tenth answer lost, doubled or an error frame, each is counted as such', async () => {
    const ping: Faults['ping'] = (n) =>
      (({ 3: 'drop', 5: 'twice', 7: 'error' }) as const)[(n % 10) as 3 | 5 | 7] ?? 'answer';
    const { totals } = await runVirtually({ messageRatePerSecond: 100 }, { faults: { ping } });
    expect(totals.counters).toMatchObject({
      messagesSent: 100,
      messagesAnswered: 80,
      messagesTimedOut: 10,
      messagesErrorFrame: 10,
      messagesConnectionClosed: 0,
    });
    expect(totals.failures).toEqual({ 'answer late, repeated or unknown': 10, 'message badRequest': 10 });
    expect(balance(totals)).toEqual(balanced);
  });

  test('a connection that the target closes ends its messages, and its code is counted', async () => {
    const ping: Faults['ping'] = (n) => (n === 30 ? 'close' : 'answer');
    const { totals } = await runVirtually({ messageRatePerSecond: 100 }, { faults: { ping } });
    expect(totals.counters).toMatchObject({
      closesUnexpected: 1,
      messagesConnectionClosed: 1,
      messagesAnswered: 99,
      closesRequested: 19,
    });
    expect(totals.closeCodes).toEqual({ '1000': 19, '1011': 1 });
    expect(balance(totals)).toEqual(balanced);
  });
});

describe('connects', () => {
  test('refused, throttled and unanswered upgrades are counted separately', async () => {
    const upgrade = (n: number) => (n < 3 ? 429 : n < 5 ? 403 : n < 6 ? 0 : 101);
    const { totals, result } = await runVirtually({ messageRatePerSecond: 20 }, { faults: { upgrade } });
    expect(result).toEqual({ kind: 'completed' });
    expect(totals.counters).toMatchObject({
      connectsAttempted: 20,
      connectsThrottled: 3,
      connectsRefused: 2,
      connectsTimedOut: 1,
      connectsOpened: 14,
      messagesAnswered: 20,
    });
    expect(totals.failures).toEqual({ 'connect 429': 3, 'connect 403': 2, 'connect timed out': 1 });
    expect(balance(totals)).toEqual(balanced);
  });

  test('a target that refuses every connect ends the run with a sentence', async () => {
    const { result, records, tookMs } = await runVirtually({ steadySeconds: 30 }, { faults: { upgrade: () => 401 } });
    expect(result).toEqual({
      kind: 'failed',
      sentence: expect.stringMatching(/^No connection to ws:.* 20 of 20 failed, the last with HTTP 401\./),
    });
    expect(records.some(({ last }) => last)).toBe(false);
    expect(tookMs).toBe(1_000);
  });

  test('a load shorter than a second ends with that sentence as well', async () => {
    const { result, records } = await runVirtually({ steadySeconds: 0.1 }, { faults: { upgrade: () => 401 } });
    expect(result).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('20 of 20 failed') });
    expect(records.some(({ last }) => last)).toBe(false);
  });

  test('where nothing listens the sentence names the code', async () => {
    const { result } = await runVirtually({ steadySeconds: 30 }, { network: { refusedWith: 'ECONNREFUSED' } });
    expect(result).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('ECONNREFUSED') });
  });

  test('a target that closes every connection in mid-run is given up 3 s after it was noticed', async () => {
    const { result, tookMs } = await runVirtually(
      { steadySeconds: 30, messageRatePerSecond: 100 },
      {
        prepare: (target) => target.time.after(1_500, () => target.closeAll(1001)),
      },
    );
    expect(result).toEqual({ kind: 'failed', sentence: expect.stringContaining('all 20 connections') });
    // Detected at the end of the second in which it happened.
    expect(tookMs).toBe(5_000);
  });
});

describe('webhooks', () => {
  test('throttled, rejected and unanswered posts are counted separately, and pushes of an unanswered one are not delivered events', async () => {
    const post = (n: number) => (({ 1: 429, 2: 503, 3: 0 }) as Record<number, number>)[n % 10] ?? 200;
    const { totals, target } = await runVirtually(
      { webhookRatePerSecond: 50, tabsPerUser: 1 },
      { faults: { post, pushFirst: true } },
    );
    expect(totals.counters).toMatchObject({
      webhooksPosted: 50,
      webhooksAccepted: 35,
      webhooksThrottled: 5,
      webhooksRejected: 5,
      webhooksTimedOut: 5,
      eventsAccepted: 35,
      eventsDelivered: 35,
      pushesOfUnaccepted: 5,
      pushesUnexpected: 0,
    });
    expect(totals.failures).toEqual({ 'webhook 429': 5, 'webhook 503': 5, 'webhook timed out': 5 });
    expect(target.stack.seen.events).toBe(40);
    expect(balance(totals)).toEqual(balanced);
  });

  test('events pushed twice, never, or to the wrong users show in the ledger', async () => {
    const pushes = (n: number) => (n % 10 === 0 ? 2 : n % 10 === 1 ? 0 : 1);
    const odd = await runVirtually({ webhookRatePerSecond: 50, tabsPerUser: 1 }, { faults: { pushes } });
    expect(odd.totals.counters).toMatchObject({
      eventsAccepted: 50,
      eventsUnreached: 5,
      eventsDelivered: 45,
      pushesExpected: 50,
      pushesDelivered: 45,
      pushesDuplicate: 5,
    });
    // Every tenth from the second on; its owner's tab was open from the post to the end of the drain.
    const listed = odd.records.flatMap(({ events = [] }) => events);
    expect(listed.map(({ id }) => id)).toEqual(['1', 'b', 'l', 'v', '15'].map((n) => `e-test-f0-${n}`));
    expect(new Set(listed.map(({ state }) => state))).toEqual(new Set(['unreached']));
    const wrong = await runVirtually({ webhookRatePerSecond: 10, tabsPerUser: 1 }, { faults: { pushToAll: true } });
    expect(wrong.totals.counters).toMatchObject({ eventsDelivered: 10, pushesDelivered: 10 });
    expect(wrong.totals.counters).toMatchObject({ pushesMisdelivered: 190, pushesUnexpected: 0 });
    const [stray] = wrong.records.flatMap(({ misdeliveries = [] }) => misdeliveries);
    expect(stray).toMatchObject({ what: 'event', id: 'e-test-f0-0', of: expect.stringMatching(/^u-test-f0-/) });
    expect(stray?.to).not.toBe(stray?.of);
  });

  test('a wrong secret is a rejection and no event', async () => {
    const { totals } = await runVirtually({ webhookRatePerSecond: 10 }, { spec: { webhookSecret: 'another' } });
    expect(totals.counters).toMatchObject({ webhooksRejected: 10, eventsAccepted: 0 });
  });
});

test('an abort leaves no connection open, and what was measured is reported without a last line', async () => {
  const abort = new AbortController();
  const { result, records, totals, target } = await runVirtually(
    { steadySeconds: 30, messageRatePerSecond: 100 },
    { signal: abort.signal, prepare: ({ time }) => time.after(1_200, () => abort.abort()) },
  );
  expect(result).toEqual({ kind: 'aborted' });
  // From 0.2 s on, 100 a second; the last answers are still on their way.
  expect(totals.counters.messagesAnswered).toBeGreaterThan(90);
  expect(records.some(({ last }) => last)).toBe(false);
  while (target.time.step());
  expect(target.stack.peers).toEqual([]);
});
