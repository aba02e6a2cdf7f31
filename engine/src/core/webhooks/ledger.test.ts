import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '../../records.ts';
import type { Device, User } from '../connections/device.ts';
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
  for (const device of [...ada.devices, ...grace.devices]) device.state = 'open';
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
    ledger.posted('e', ada, 0);
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
    ledger.posted('e', ada, 1_000);
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
    ledger.posted('e', ada, 0);
    ledger.pushed(tabs[0], 'e', 1);
    ledger.pushed(tabs[0], 'e', 2);
    ledger.accepted('e');
    ledger.pushed(tabs[0], 'e', 3);
    expect(counts()).toMatchObject({ pushesDelivered: 1, pushesDuplicate: 2, eventsDelivered: 1 });
  });

  test('whose tab closes before the push is not waited for, and the push is missing', () => {
    ledger.posted('e', ada, 0);
    ledger.accepted('e');
    ledger.pushed(tabs[0], 'e', 1);
    tabs[1].state = 'ended';
    expect(ledger.hasPushesUnderWay).toBe(false);
    expect(counts()).toEqual({ eventsAccepted: 1, eventsDelivered: 1, pushesExpected: 2, pushesDelivered: 1 });
  });

  test('that reaches a tab opened after the post raises the expected pushes by one', () => {
    tabs[1].state = 'connecting';
    ledger.posted('e', ada, 0);
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

  test('of an owner without a connection is offline, and a push that arrives anyway is unexpected', () => {
    for (const tab of tabs) tab.state = 'ended';
    ledger.posted('e', ada, 0);
    ledger.accepted('e');
    expect(counts()).toEqual({ eventsAccepted: 1, eventsOwnerOffline: 1 });
    ledger.pushed(tabs[0], 'e', 1);
    expect(counts()).toEqual({ pushesUnexpected: 1 });
  });

  test('accepted again, as a replay, is counted once', () => {
    ledger.posted('e', ada, 0);
    ledger.accepted('e');
    ledger.accepted('e');
    expect(counts()).toMatchObject({ eventsAccepted: 1, pushesExpected: 2 });
  });
});

test('pushes of an event that was not accepted are counted separately, before and after that is known', () => {
  ledger.posted('e', ada, 0);
  ledger.pushed(tabs[0], 'e', 1);
  ledger.unaccepted('e');
  ledger.pushed(tabs[1], 'e', 2);
  expect(counts()).toEqual({ pushesOfUnaccepted: 2 });
});

test('a push of an unknown event, or to another user, is unexpected', () => {
  ledger.posted('e', ada, 0);
  ledger.accepted('e');
  counts();
  ledger.pushed(tabs[0], 'unknown', 1);
  ledger.pushed(graces, 'e', 1);
  expect(counts()).toEqual({ pushesUnexpected: 2 });
});

test('an event is forgotten after 30 minutes', () => {
  ledger.posted('e', grace, 0);
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
  ledger.posted('e', grace, 1_000_000);
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
    ledger.posted(event, grace, 0);
    ledger.accepted(event);
  }
  for (const event of ['e1', 'e3', 'e2']) for (const device of grace.devices) ledger.pushed(device, event, 1);
  expect(counts()).toMatchObject({ pushesDelivered: 6, pushesReordered: 2 });
});
