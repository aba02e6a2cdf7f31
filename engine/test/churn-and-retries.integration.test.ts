import { afterEach, expect, test } from 'vitest';
import { runFleet } from '../src/core/fleet/fleet.ts';
import type { FleetLoad } from '../src/core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../src/records.ts';
import { type FakeTarget, type Faults, startFakeTarget } from './fake-target.ts';
import { addUp, balance, balanced, fleetSpec } from './totals.ts';

let target: FakeTarget | null = null;
afterEach(async () => {
  await target?.stop();
  target = null;
});

async function run(faults: Faults, load: Partial<FleetLoad>) {
  target = await startFakeTarget(faults);
  const records: ClientRecord[] = [];
  const result = await runFleet(fleetSpec(target, load), {
    onRecord: (record) => records.push(record),
    signal: new AbortController().signal,
  });
  expect(result).toEqual({ kind: 'completed' });
  return { totals: addUp(records), seen: target.seen };
}

test('churn closes 30 connections a second, each of which is open again at the end', async () => {
  const { totals, seen } = await run({}, { churnRatePerSecond: 30 });
  expect(totals.counters).toMatchObject({
    connectionsChurned: 30,
    connectsOpened: 50,
    // The 20 of the end are closed as well.
    closesRequested: 50,
    closesUnexpected: 0,
    reconnectsAttempted: 0,
  });
  expect(totals.closeCodes).toEqual({ '1000': 50 });
  expect(seen.upgrades).toBe(50);
  expect(balance(totals)).toEqual(balanced);
});

test('a quarter of the connections is idle: the others alone ping to stay open', async () => {
  const { totals } = await run({}, { keepAliveSeconds: 0.6, idleShare: 0.25, connectRatePerSecond: 2_000 });
  // 15 of 20, once each within the second of the steady state.
  expect(totals.counters.keepAlivesSent).toBe(15);
});

test('a refused post comes again up to twice, and its event is accepted once', async () => {
  // The first ten posts are refused, of the second attempts every other; what is left succeeds with its third.
  const post = (n: number) => (n < 10 ? 503 : n < 20 && n % 2 === 0 ? 429 : 200);
  const { totals, seen } = await run(
    { post },
    {
      webhookPhases: [{ kind: 'burst', arrivals: 10, lastsSeconds: 0.05 }],
      webhookRetries: { attempts: 3, baseSeconds: 0.3 },
    },
  );
  expect(totals.counters).toMatchObject({
    webhooksIntended: 25,
    webhooksRejected: 10,
    webhooksThrottled: 5,
    webhooksAccepted: 10,
    retriesPosted: 15,
    eventsAccepted: 10,
    eventsDelivered: 10,
    eventsUnaccepted: 0,
  });
  expect(seen).toMatchObject({ posts: 25, events: 10 });
  expect(balance(totals)).toEqual(balanced);
});

test('what the provider does not retry, or refuses a third time, is an event that was not accepted', async () => {
  const burst = [{ kind: 'burst' as const, arrivals: 4, lastsSeconds: 0.02 }];
  const { totals } = await run(
    { post: (n) => (n === 0 ? 500 : 503) },
    { webhookPhases: burst, webhookRetries: { attempts: 3, baseSeconds: 0.1 } },
  );
  expect(totals.counters).toMatchObject({ webhooksRejected: 10, retriesPosted: 6, eventsUnaccepted: 4 });
});

test('a duplicate is posted at once; the stack is asked twice and delivers the event once', async () => {
  const { totals, seen } = await run({}, { webhookRatePerSecond: 40, duplicateShare: 0.25 });
  expect(totals.counters).toMatchObject({
    webhooksIntended: 50,
    webhooksAccepted: 50,
    duplicatesPosted: 10,
    eventsAccepted: 40,
    eventsDelivered: 40,
    pushesDuplicate: 0,
  });
  expect(seen).toMatchObject({ events: 40, replays: 10 });
});
