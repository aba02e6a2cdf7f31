import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '../../records.ts';
import { type Device, leave, type User } from '../connections/device.ts';
import { populate } from '../connections/population.ts';
import { Tally } from '../measure/tally.ts';
import { Ledger } from './ledger.ts';

let tally: Tally;
let ledger: Ledger;
let ada: User;
let grace: User;
/** Ada's two tabs and Grace's one. */
let tabs: [Device, Device];
let graces: Device;

beforeEach(() => {
  tally = new Tally();
  ledger = new Ledger(tally, 30);
  const { users } = populate({ prefix: 'u', connections: 4, tabsPerUser: 2, offlineShare: 0 });
  const [a, b] = users;
  if (!a || !b) throw new Error('two users');
  [ada, grace] = [a, b];
  for (const device of [...ada.devices, ...grace.devices]) Object.assign(device, { state: 'open', openedAtMicros: 0 });
  const [first, second] = ada.devices;
  const [own] = grace.devices;
  if (!first || !second || !own) throw new Error('two tabs each');
  tabs = [first, second];
  graces = own;
});

function counts(): ClientRecord['counters'] {
  return tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 }).counters;
}

describe('an accepted event', () => {
  test('is delivered with its first push and delivered to all with its last', () => {
    ledger.posted('e', ada, { intendedAtMicros: 0 });
    ledger.accepted('e');
    expect(counts()).toEqual({ eventsAccepted: 1, pushesExpected: 2 });
    ledger.pushed(tabs[0], 'e', 5_000);
    expect(counts()).toEqual({ eventsDelivered: 1, pushesDelivered: 1 });
    expect(ledger.hasPushesUnderWay).toBe(true);
    ledger.pushed(tabs[1], 'e', 9_000);
    expect(counts()).toEqual({ eventsDeliveredToAll: 1, pushesDelivered: 1 });
    expect(ledger.hasPushesUnderWay).toBe(false);
  });

  test('whose pushes overtake the answer is counted when the answer arrives, with the latency of the push', () => {
    ledger.posted('e', ada, { intendedAtMicros: 1_000 });
    ledger.pushed(tabs[0], 'e', 1_500);
    ledger.pushed(tabs[1], 'e', 1_700);
    expect(counts()).toEqual({});
    ledger.accepted('e');
    const { counters, histograms } = tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 });
    expect(counters).toEqual({
      eventsAccepted: 1,
      eventsDelivered: 1,
      eventsDeliveredToAll: 1,
      pushesExpected: 2,
      pushesDelivered: 2,
    });
    expect(histograms.deliveryMicros).toEqual({ '500': 1, '700': 1 });
  });

  test('pushed again to the same tab is a duplicate, even before the answer', () => {
    ledger.posted('e', ada, { intendedAtMicros: 0 });
    ledger.pushed(tabs[0], 'e', 1);
    ledger.pushed(tabs[0], 'e', 2);
    ledger.accepted('e');
    ledger.pushed(tabs[0], 'e', 3);
    expect(counts()).toMatchObject({ pushesDelivered: 1, pushesDuplicate: 2, eventsDelivered: 1 });
  });

  test('whose tab closes before the push is not waited for, and the push is missing', () => {
    ledger.posted('e', ada, { intendedAtMicros: 0 });
    ledger.accepted('e');
    ledger.pushed(tabs[0], 'e', 1);
    tabs[1].state = 'ended';
    expect(ledger.hasPushesUnderWay).toBe(false);
    expect(counts()).toEqual({ eventsAccepted: 1, eventsDelivered: 1, pushesExpected: 2, pushesDelivered: 1 });
  });

  test('that reaches a tab opened after the post raises the expected pushes by one', () => {
    tabs[1].state = 'connecting';
    ledger.posted('e', ada, { intendedAtMicros: 0 });
    ledger.accepted('e');
    tabs[1].state = 'open';
    ledger.pushed(tabs[1], 'e', 1);
    ledger.pushed(tabs[0], 'e', 2);
    expect(counts()).toEqual({
      eventsAccepted: 1,
      eventsDelivered: 1,
      eventsDeliveredToAll: 1,
      pushesExpected: 2,
      pushesDelivered: 2,
    });
  });

  test('that reaches an owner who came after the answer is delivered', () => {
    for (const tab of tabs) tab.state = 'ended';
    ledger.posted('e', ada, { intendedAtMicros: 0 });
    ledger.accepted('e');
    expect(counts()).toEqual({ eventsAccepted: 1 });
    tabs[0].state = 'open';
    ledger.pushed(tabs[0], 'e', 1);
    expect(counts()).toEqual({ eventsDelivered: 1, eventsDeliveredToAll: 1, pushesExpected: 1, pushesDelivered: 1 });
  });

  test('accepted again, as a replay, is counted once', () => {
    ledger.posted('e', ada, { intendedAtMicros: 0 });
    ledger.accepted('e');
    ledger.accepted('e');
    expect(counts()).toMatchObject({ eventsAccepted: 1, pushesExpected: 2 });
  });
});

test('pushes of an event that was not accepted are counted separately, before and after that is known', () => {
  ledger.posted('e', ada, { intendedAtMicros: 0 });
  ledger.pushed(tabs[0], 'e', 1);
  ledger.unaccepted('e');
  ledger.pushed(tabs[1], 'e', 2);
  expect(counts()).toEqual({ pushesOfUnaccepted: 2 });
});

test('a push of an unknown event is unexpected; one to another user is misdelivered, and named', () => {
  ledger.posted('e', ada, { intendedAtMicros: 0 });
  ledger.accepted('e');
  counts();
  ledger.pushed(tabs[0], 'unknown', 1);
  ledger.pushed(graces, 'e', 1);
  const { counters, misdeliveries } = tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 });
  expect(counters).toEqual({ pushesUnexpected: 1, pushesMisdelivered: 1 });
  expect(misdeliveries).toEqual([{ what: 'event', id: 'e', of: ada.id, to: grace.id }]);
});

test('an event is forgotten after 30 minutes', () => {
  ledger.posted('e', grace, { intendedAtMicros: 0 });
  ledger.accepted('e');
  ledger.sweep(29 * 60e6);
  ledger.pushed(graces, 'e', 1);
  ledger.sweep(31 * 60e6);
  expect(ledger.hasPushesUnderWay).toBe(false);
  counts();
  ledger.pushed(graces, 'e', 2);
  expect(counts()).toEqual({ pushesUnexpected: 1 });
});

test('a push after the deadline is late, not delivered, and its latency is kept', () => {
  ledger.posted('e', grace, { intendedAtMicros: 1_000_000 });
  ledger.accepted('e');
  graces.state = 'open';
  ledger.pushed(graces, 'e', 31_000_001);
  const { counters, histograms } = tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 });
  expect(counters).toMatchObject({ pushesLate: 1, eventsDelivered: 1 });
  expect(counters.pushesDelivered).toBeUndefined();
  expect(Object.values(histograms.deliveryMicros ?? {})).toEqual([1]);
});

test('pushes that arrive out of order on a connection are delivered, and counted as reordered', () => {
  for (const event of ['e1', 'e2', 'e3']) {
    ledger.posted(event, grace, { intendedAtMicros: 0 });
    ledger.accepted(event);
  }
  for (const event of ['e1', 'e3', 'e2']) for (const device of grace.devices) ledger.pushed(device, event, 1);
  expect(counts()).toMatchObject({ pushesDelivered: 6, pushesReordered: 2 });
});

describe('at the end an accepted event that was not delivered to all is listed', () => {
  const seconds = (n: number) => n * 1_000_000;
  /** Posted at 10 s; the fleet begins to close its connections at 20 s. */
  function endOf(change: () => void): { counters: ClientRecord['counters']; events: ClientRecord['events'] } {
    ledger.posted('e', ada, { intendedAtMicros: seconds(10) });
    ledger.accepted('e');
    counts();
    change();
    ledger.closing(seconds(20));
    for (const tab of tabs) if (tab.state === 'open') close(tab, 21);
    ledger.finish(seconds(22));
    const { counters, events } = tally.take({ second: 0, fleet: 'f', phase: 'done', openConnections: 0 });
    return { counters, events };
  }
  function close(tab: Device, atSeconds: number): void {
    leave(tab, seconds(atSeconds));
    Object.assign(tab, { state: 'ended', socketEndedAtMicros: seconds(atSeconds) });
  }
  const open = (tab: Device, atSeconds: number) =>
    Object.assign(tab, { state: 'open', openedAtMicros: seconds(atSeconds) });

  test('as unreached, if a connection was open from before the post until the fleet closed it', () => {
    expect(endOf(() => close(tabs[1], 15))).toEqual({
      counters: { eventsUnreached: 1 },
      events: [
        {
          id: 'e',
          state: 'unreached',
          postedMs: 10_000,
          open: [
            [10_000, 20_000],
            [10_000, 15_000],
          ],
        },
      ],
    });
  });

  test('as of an owner who came or went, if each connection was open for a part of that time', () => {
    const { events } = endOf(() => {
      close(tabs[0], 12);
      open(tabs[0], 18);
      close(tabs[1], 15);
    });
    const spans = [
      [10_000, 12_000],
      [18_000, 20_000],
      [10_000, 15_000],
    ];
    expect(events).toEqual([{ id: 'e', state: 'ownerChanged', postedMs: 10_000, open: spans }]);
  });

  test('as offline, if there was no connection since the post, not even one that was being closed', () => {
    for (const tab of tabs) close(tab, 9);
    expect(endOf(() => {})).toEqual({
      counters: { eventsOwnerOffline: 1 },
      events: [{ id: 'e', state: 'ownerOffline' }],
    });
  });

  test('as of an owner who came or went, if a connection was still closing when it was posted, or opening', () => {
    for (const tab of tabs) close(tab, 9);
    tabs[1].socketEndedAtMicros = seconds(10.001);
    expect(endOf(() => {}).events?.[0]?.state).toBe('ownerChanged');
    tabs[1].state = 'connecting';
    expect(endOf(() => {}).events?.[0]?.state).toBe('ownerChanged');
  });

  test('as delivered to some, if it reached one of the two that were open all that time', () => {
    expect(endOf(() => ledger.pushed(tabs[0], 'e', seconds(11)))).toMatchObject({
      counters: { eventsDelivered: 1, eventsDeliveredToSome: 1 },
      events: [{ id: 'e', state: 'deliveredToSome' }],
    });
  });

  test('and not at all, if the other one had closed before its push, or its push came while the fleet closed', () => {
    const closed = endOf(() => {
      ledger.pushed(tabs[0], 'e', seconds(11));
      close(tabs[1], 12);
    });
    expect(closed.counters).toMatchObject({ eventsDelivered: 1, eventsDeliveredToAll: 1 });
    expect(closed.events).toBeUndefined();
  });
});

test('the fleet’s last pushes come while it closes: they count', () => {
  ledger.posted('e', grace, { intendedAtMicros: 0 });
  ledger.accepted('e');
  ledger.closing(1);
  for (const device of grace.devices) ledger.pushed(device, 'e', 2);
  ledger.finish(3);
  expect(counts()).toMatchObject({ eventsDelivered: 1, eventsDeliveredToAll: 1 });
});

test('an event that is forgotten is listed then, and once', () => {
  ledger.posted('e', grace, { intendedAtMicros: 0 });
  ledger.accepted('e');
  ledger.sweep(31 * 60e6);
  ledger.finish(32 * 60e6);
  expect(counts()).toMatchObject({ eventsUnreached: 1 });
});

test('the list of a fleet ends at 50,000, its counters do not', () => {
  for (let n = 0; n < 50_002; n++) tally.countEvent({ id: `e-${n}`, state: 'ownerOffline' });
  const { counters, events } = tally.take({ second: 0, fleet: 'f', phase: 'done', openConnections: 0 });
  expect([counters.eventsOwnerOffline, events?.length]).toEqual([50_002, 50_000]);
});
