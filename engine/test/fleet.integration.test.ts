import { afterEach, describe, expect, test } from 'vitest';
import { runFleet } from '../src/core/fleet/fleet.ts';
import type { FleetLoad, FleetResult } from '../src/core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../src/records.ts';
import { type FakeTarget, type Faults, startFakeTarget } from './fake-target.ts';
import { addUp, balance, balanced, countOf, fleetSpec } from './totals.ts';

let target: FakeTarget | null = null;
afterEach(async () => {
  await target?.stop();
  target = null;
});

async function run(faults: Faults, load: Partial<FleetLoad>, meanwhile?: (target: FakeTarget) => void) {
  target = await startFakeTarget(faults);
  const records: ClientRecord[] = [];
  meanwhile?.(target);
  const result: FleetResult = await runFleet(fleetSpec(target, load), {
    onRecord: (record) => records.push(record),
    signal: new AbortController().signal,
  });
  return { result, records, totals: addUp(records), seen: target.seen };
}

describe('a target without faults', () => {
  test('everything that was due is sent, answered, delivered and balanced', async () => {
    const { result, records, totals, seen } = await run(
      {},
      { messageRatePerSecond: 200, webhookRatePerSecond: 100, replayShare: 0.1, offlineOwnerShare: 0.2 },
    );
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
    expect(seen).toEqual({ pings: 200, upgrades: 20, posts: 100, events: 90, replays: 10, badSignatures: 0 });
    expect(countOf(totals.histograms.connectMicros)).toBe(20);
    expect(countOf(totals.histograms.webhookMicros)).toBe(100);
    expect(countOf(totals.histograms.sendLagMicros)).toBe(300);
    expect(records.at(-1)).toMatchObject({ last: true, phase: 'done', openConnections: 0 });
    expect(records.filter(({ last }) => last)).toHaveLength(1);
    const seconds = records.map(({ second }) => second);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
  });

  test('pushes that overtake the answer to their post are counted all the same', async () => {
    const { totals } = await run({ pushFirst: true }, { webhookRatePerSecond: 50 });
    expect(totals.counters).toMatchObject({ eventsAccepted: 50, eventsDeliveredToAll: 50, pushesUnexpected: 0 });
    expect(balance(totals)).toEqual(balanced);
  });
});

describe('messages', () => {
  test('every tenth is lost, every tenth answered twice, every tenth an error frame: counted as such', async () => {
    const faults: Faults = {
      ping: (n) => (({ 3: 'drop', 5: 'twice', 7: 'error' }) as const)[(n % 10) as 3 | 5 | 7] ?? 'answer',
    };
    const { totals } = await run(faults, { messageRatePerSecond: 100 });
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
    const { totals } = await run({ ping: (n) => (n === 30 ? 'close' : 'answer') }, { messageRatePerSecond: 100 });
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
  test('refused, throttled and unanswered upgrades are told apart', async () => {
    const status = (n: number) => (n < 3 ? 429 : n < 5 ? 403 : n < 6 ? 0 : 101);
    const { totals, result } = await run({ upgrade: status }, { messageRatePerSecond: 20 });
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

  test('a target that refuses everybody ends the run with a sentence', async () => {
    const { result, records } = await run({ upgrade: () => 401 }, { steadySeconds: 30 });
    expect(result).toEqual({
      kind: 'failed',
      sentence: expect.stringMatching(/^No connection to ws:.* 20 of 20 failed, the last with 401\./),
    });
    expect(records.some(({ last }) => last)).toBe(false);
  });

  test('a target that closes everybody in mid-run ends it within 5 s', async () => {
    const startedAt = performance.now();
    const { result } = await run({}, { steadySeconds: 30 }, (fake) => {
      const timer = setInterval(() => {
        if (fake.openSockets() < 20) return;
        clearInterval(timer);
        fake.closeAll(1001);
      }, 20);
    });
    expect(result).toEqual({ kind: 'failed', sentence: expect.stringContaining('all 20 connections') });
    expect(performance.now() - startedAt).toBeLessThan(7_000);
  });
});

test('local addresses take turns', async () => {
  target = await startFakeTarget();
  const localAddresses = ['127.0.0.2', '127.0.0.3'];
  const spec = { ...fleetSpec(target, { connections: 4, steadySeconds: 0.1 }), localAddresses };
  await runFleet(spec, { onRecord: () => {}, signal: new AbortController().signal });
  expect(target.sourceAddresses).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.2', '127.0.0.3']);
});

describe('webhooks', () => {
  test('throttled, rejected and unanswered posts are told apart, and pushes of an unanswered one are not delivered events', async () => {
    const status = (n: number) => (({ 1: 429, 2: 503, 3: 0 }) as Record<number, number>)[n % 10] ?? 200;
    const { totals, seen } = await run({ post: status, pushFirst: true }, { webhookRatePerSecond: 50, tabsPerUser: 1 });
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
    expect(seen.events).toBe(40);
    expect(balance(totals)).toEqual(balanced);
  });

  test('events that are pushed twice, never, or to the wrong users show in the ledger', async () => {
    const twice = await run(
      { pushes: (n) => (n % 10 === 0 ? 2 : n % 10 === 1 ? 0 : 1) },
      { webhookRatePerSecond: 50, tabsPerUser: 1 },
    );
    expect(twice.totals.counters).toMatchObject({
      eventsAccepted: 50,
      eventsDelivered: 45,
      pushesExpected: 50,
      pushesDelivered: 45,
      pushesDuplicate: 5,
    });
    await target?.stop();
    const wrong = await run({ pushToAll: true }, { webhookRatePerSecond: 10, tabsPerUser: 1 });
    expect(wrong.totals.counters).toMatchObject({ eventsDelivered: 10, pushesDelivered: 10, pushesUnexpected: 190 });
  });

  test('a wrong secret is a rejection and no event', async () => {
    target = await startFakeTarget();
    const spec = { ...fleetSpec(target, { webhookRatePerSecond: 10 }), webhookSecret: 'another' };
    const records: ClientRecord[] = [];
    await runFleet(spec, { onRecord: (record) => records.push(record), signal: new AbortController().signal });
    expect(addUp(records).counters).toMatchObject({ webhooksRejected: 10, eventsAccepted: 0 });
  });
});

test('an abort leaves no socket open, and what was measured is told without a last line', async () => {
  target = await startFakeTarget();
  const records: ClientRecord[] = [];
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 700);
  const spec = fleetSpec(target, { steadySeconds: 30, messageRatePerSecond: 100 });
  const result = await runFleet(spec, { onRecord: (record) => records.push(record), signal: abort.signal });
  expect(result).toEqual({ kind: 'aborted' });
  expect(addUp(records).counters.messagesAnswered).toBeGreaterThan(10);
  expect(records.some(({ last }) => last)).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(target.openSockets()).toBe(0);
});
