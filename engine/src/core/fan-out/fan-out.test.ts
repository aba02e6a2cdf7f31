import { beforeEach, describe, expect, test } from 'vitest';
import { type Device, leave, newDevice } from '../connections/device.ts';
import type { FleetLoad } from '../fleet/fleet-spec.ts';
import { Tally } from '../measure/tally.ts';
import { FanOut } from './fan-out.ts';

let now: number;
let tally: Tally;
let fanOut: FanOut;
let devices: Device[];
let sent: { device: number; action: string; id: string; channel: string }[];

beforeEach(() => {
  now = 0;
  sent = [];
  tally = new Tally();
  devices = [0, 1, 2].map((index) => {
    const device = newDevice({ id: `u${index}`, index: 0, devices: [] }, index);
    device.state = 'open';
    device.openedAtMicros = 0;
    const sendText = (payload: Uint8Array) => {
      sent.push({ ...(JSON.parse(Buffer.from(payload).toString()) as (typeof sent)[number]), device: index });
      return true;
    };
    device.socket = { isOpen: true, sendText, close: () => {}, destroy: () => {} };
    return device;
  });
  const load = {
    channels: [{ count: 1, subscribers: 3 }],
    timeoutSeconds: 10,
    pushTimeoutSeconds: 30,
    publishBytes: 4,
  };
  fanOut = new FanOut({
    clock: { nowMicros: () => now },
    tally,
    load: load as unknown as FleetLoad,
    devices,
    prefix: 'c',
  });
});
const at = (index: number): Device => devices[index] ?? newDevice({ id: '', index: 0, devices: [] }, -1);
function subscribeAll(): void {
  for (const device of devices) fanOut.opened(device);
  for (const { device, id } of sent.splice(0)) fanOut.subscribed(at(device), id);
}
/** Publishes, and returns the id. */
function publish(due = now): string {
  fanOut.publish(due);
  return sent.at(-1)?.id ?? '';
}
const take = () => tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 });

test('a connection that opens subscribes to its channels, and is a subscriber once confirmed', () => {
  fanOut.publish(0);
  for (const device of devices) fanOut.opened(device);
  expect(sent.map(({ device, action, channel }) => [device, action, channel])).toEqual(
    [0, 1, 2].map((device) => [device, 'subscribe', 'c-0']),
  );
  expect(fanOut.subscribing).toBe(3);
  const [first] = sent;
  fanOut.subscribed(at(0), first?.id ?? '');
  expect(take().counters).toEqual({
    publishesIntended: 1,
    publishesDropped: 1,
    publishesDroppedNoConnection: 1,
    subscribesSent: 3,
    subscribesAnswered: 1,
  });
});

test('each subscriber is expected; first, last and spread run from when the publish was due', () => {
  subscribeAll();
  take();
  now = 1_000;
  const id = publish(500);
  fanOut.received(at(1), id, 1_200);
  fanOut.published(at(0), id, 1_300);
  fanOut.received(at(0), id, 1_400);
  expect(fanOut.hasUnderWay).toBe(true);
  fanOut.received(at(2), id, 1_500);
  expect(fanOut.hasUnderWay).toBe(false);
  const { counters, histograms } = take();
  expect(counters).toMatchObject({ publishesSent: 1, publishesAnswered: 1, fanOutExpected: 3, fanOutDelivered: 3 });
  expect(histograms).toMatchObject({
    publishMicros: { '800': 1 },
    fanOutMicros: { '700': 1, '900': 1, '1000': 1 },
    fanOutFirstMicros: { '700': 1 },
    fanOutLastMicros: { '1000': 1 },
    fanOutSpreadMicros: { '300': 1 },
    sendLagMicros: { '500': 1 },
  });
});

describe('the ledger knows', () => {
  beforeEach(() => {
    subscribeAll();
    take();
  });
  test('missing, duplicate, late and unexpected deliveries, and those to whom the channel is not', () => {
    const id = publish();
    fanOut.published(at(0), id, 1);
    fanOut.received(at(0), id, 2);
    fanOut.received(at(0), id, 3);
    fanOut.received(at(1), id, 30_000_001);
    fanOut.received(at(1), `${id}9`, 4);
    fanOut.received(at(1), 'p-other-f1-0', 4);
    const stranger = newDevice({ id: 'u9', index: 9, devices: [] }, 9);
    fanOut.received(stranger, id, 5);
    const { counters, misdeliveries } = take();
    expect(misdeliveries).toEqual([
      { what: 'publish', id: 'p-other-f1-0', of: null, to: 'u1' },
      { what: 'publish', id, of: 'c-0', to: 'u9' },
    ]);
    expect(counters).toMatchObject({
      fanOutExpected: 3,
      fanOutDelivered: 1,
      fanOutDuplicate: 1,
      fanOutLate: 1,
      fanOutUnexpected: 1,
      fanOutMisdelivered: 2,
    });
    expect(fanOut.hasUnderWay).toBe(true);
  });
  test('reordered messages', () => {
    const ids = [publish(), publish(), publish()];
    for (const id of ids) fanOut.published(at(0), id, 1);
    for (const n of [0, 2, 1]) fanOut.received(at(1), ids[n] ?? '', 2);
    for (const n of [0, 1, 2]) fanOut.received(at(2), ids[n] ?? '', 2);
    expect(take().counters).toMatchObject({ fanOutDelivered: 6, fanOutReordered: 1 });
  });
  test('deliveries of a failed publish, before and after it fails', () => {
    const id = publish();
    fanOut.received(at(1), id, 1);
    expect(fanOut.failed(at(0), id, 'internal')).toBe(true);
    fanOut.received(at(2), id, 2);
    const { counters, failures } = take();
    expect(counters).toMatchObject({ publishesErrorFrame: 1, fanOutOfUnanswered: 2 });
    expect(counters.fanOutExpected).toBeUndefined();
    expect(failures).toEqual({ 'publish internal': 1 });
  });
});

describe('missed is a confirmed publish', () => {
  beforeEach(() => {
    now = 1_000;
    subscribeAll();
    take();
  });
  test('that a subscriber never got whose connection was open until the fleet closed it', () => {
    const [all, some] = [publish(), publish()];
    for (const id of [all, some]) fanOut.published(at(0), id, now + 1);
    for (const n of [0, 1, 2]) fanOut.received(at(n), all, now + 2);
    fanOut.received(at(0), some, now + 2);
    fanOut.closing(now + 10);
    for (const device of devices) leave(device, now + 11);
    // It comes while the fleet closes: late, and not missed.
    fanOut.received(at(2), some, now + 12);
    fanOut.finish(now + 20);
    const { counters, missedPublishes } = take();
    expect(missedPublishes).toEqual([{ id: some, channel: 'c-0', subscribers: 1, users: ['u1'] }]);
    expect(counters).toMatchObject({ publishesMissed: 1, fanOutMissed: 1, fanOutExpected: 6, fanOutDelivered: 5 });
  });
  test('and not one whose other subscribers left, or that was not confirmed', () => {
    const id = publish();
    fanOut.published(at(0), id, now + 1);
    fanOut.received(at(0), id, now + 2);
    for (const n of [1, 2]) leave(at(n), now + 3);
    publish();
    fanOut.finish(now + 10);
    expect(take().missedPublishes).toBeUndefined();
  });
  test('when it is forgotten, but not before what had arrived by then has been read', () => {
    const [late, never] = [publish(), publish()];
    for (const id of [late, never]) fanOut.published(at(0), id, now + 1);
    for (const id of [late, never]) for (const n of [0, 1]) fanOut.received(at(n), id, now + 2);
    // This process stood still for 100 s; the last push has been waiting in the socket.
    fanOut.sweep(now + 1_000_000);
    fanOut.sweep(now + 101_000_000);
    fanOut.received(at(2), late, now + 101_000_001);
    fanOut.sweep(now + 102_000_000);
    expect(take().missedPublishes).toEqual([{ id: never, channel: 'c-0', subscribers: 1, users: ['u2'] }]);
  });
});

test('a publish ends when its publisher is lost, and later publishes no longer expect a lost subscriber', () => {
  subscribeAll();
  take();
  publish();
  at(0).state = 'ended';
  fanOut.lost(at(0));
  const id = publish();
  fanOut.published(at(1), id, 1);
  expect(take().counters).toMatchObject({ publishesConnectionClosed: 1, publishesAnswered: 1, fanOutExpected: 2 });
});

test('a publish or subscription that is not answered in time ends', () => {
  for (const device of devices) fanOut.opened(device);
  const [{ id } = { id: '' }] = sent;
  fanOut.subscribed(at(0), id);
  publish();
  fanOut.sweep(10_000_001);
  expect(take().counters).toMatchObject({ subscribesTimedOut: 2, publishesTimedOut: 1 });
  expect(fanOut.hasUnderWay).toBe(false);
});
