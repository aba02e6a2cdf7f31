import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '../../records.ts';
import { type Device, newDevice } from '../connections/device.ts';
import { Tally } from '../measure/tally.ts';
import { mixedRoutes } from '../schedule/mixed-routes.ts';
import { Messages } from './messages.ts';
import { PingWriter, sequenceOf } from './ping.ts';

let nowMicros: number;
let sent: string[];
let tally: Tally;
let messages: Messages;
let takesMore: boolean;

beforeEach(() => {
  nowMicros = 0;
  sent = [];
  tally = new Tally();
  const clock = { nowMicros: () => nowMicros };
  const pings = new PingWriter(64);
  const routes = mixedRoutes(tally, { kind: 'message', mix: undefined, fleet: 'f0' });
  const payloadOf = (sequence: number) => pings.payload(sequence);
  messages = new Messages({ clock, tally, timeoutSeconds: 10, payloadOf, routes });
  takesMore = true;
});

function openDevice(): Device {
  const device = newDevice({ id: 'u', index: 0, devices: [] }, 0);
  device.state = 'open';
  const sendText = (payload: Uint8Array) => {
    if (takesMore) sent.push(Buffer.from(payload).toString());
    return takesMore;
  };
  device.socket = { isOpen: true, sendText, close: () => {}, destroy: () => {} };
  return device;
}
function take(): ClientRecord {
  return tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 1 });
}
const idOf = (n: number): number => sequenceOf((JSON.parse(sent[n] ?? '{}') as { id: string }).id);

test('latency runs from when a message was due, service time from when it was sent', () => {
  const device = openDevice();
  nowMicros = 1_700;
  messages.send(device, 1_000);
  messages.answered(device, idOf(0), 2_000);
  const { counters, histograms } = take();
  expect(counters).toEqual({ messagesIntended: 1, messagesSent: 1, messagesAnswered: 1, bytesSent: 64 });
  expect(histograms).toEqual({
    roundTripMicros: { '1000': 1 },
    serviceMicros: { '300': 1 },
    sendLagMicros: { '700': 1 },
  });
});

describe('a message ends exactly once', () => {
  test('dropped, without an open connection', () => {
    const closed = openDevice();
    closed.state = 'ended';
    messages.send(undefined, 0);
    messages.send(closed, 0);
    expect(take().counters).toEqual({ messagesIntended: 2, messagesDropped: 2, messagesDroppedNoConnection: 2 });
  });

  test('dropped likewise on a connection that the target is closing, and as not read on one that takes no more', () => {
    const closing = openDevice();
    closing.socket = { isOpen: false, sendText: () => false, close: () => {}, destroy: () => {} };
    const full = openDevice();
    full.socket = { isOpen: true, sendText: () => false, close: () => {}, destroy: () => {} };
    messages.send(closing, 0);
    messages.send(full, 0);
    expect(take().counters).toEqual({
      ...{ messagesIntended: 2, messagesDropped: 2 },
      ...{ messagesDroppedNoConnection: 1, messagesDroppedNotRead: 1 },
    });
  });

  test('dropped, on a connection whose peer has stopped reading', () => {
    takesMore = false;
    messages.send(openDevice(), 0);
    expect(take()).toMatchObject({
      counters: { messagesIntended: 1, messagesDropped: 1 },
      failures: { 'message not sent: the target does not read': 1 },
    });
    expect(messages.outstanding).toBe(0);
  });

  test('timed out, and a later answer does not count', () => {
    const device = openDevice();
    messages.send(device, 0);
    messages.sweep(10_000_000);
    expect(messages.outstanding).toBe(1);
    messages.sweep(10_000_001);
    messages.answered(device, idOf(0), 11_000_000);
    expect(take()).toMatchObject({
      counters: { messagesSent: 1, messagesTimedOut: 1 },
      failures: { 'answer late, repeated or unknown': 1 },
    });
    expect(messages.outstanding).toBe(0);
  });

  test('timed out as well if the late answer arrives before the sweep', () => {
    const device = openDevice();
    messages.send(device, 0);
    messages.answered(device, idOf(0), 10_500_000);
    messages.sweep(11_000_000);
    expect(take().counters).toEqual({ messagesIntended: 1, messagesSent: 1, messagesTimedOut: 1, bytesSent: 64 });
  });

  test('when its connection closes, and no other', () => {
    const [one, other] = [openDevice(), openDevice()];
    for (const device of [one, one, other]) messages.send(device, 0);
    messages.connectionLost(one);
    expect(messages.outstanding).toBe(1);
    messages.answered(other, idOf(2), 100);
    expect(take().counters).toMatchObject({ messagesConnectionClosed: 2, messagesAnswered: 1 });
  });

  test('not by an answer on another connection', () => {
    const [one, other] = [openDevice(), openDevice()];
    messages.send(one, 0);
    messages.answered(other, idOf(0), 100);
    expect(messages.outstanding).toBe(1);
  });

  test("by the gateway's error frame without an id, only if it is unambiguous", () => {
    const device = openDevice();
    messages.send(device, 0);
    messages.send(device, 0);
    messages.failed(device, null, 'Internal server error');
    expect(messages.outstanding).toBe(2);
    messages.answered(device, idOf(1), 100);
    messages.failed(device, null, 'Internal server error');
    expect(messages.outstanding).toBe(0);
    expect(take()).toMatchObject({
      counters: { messagesErrorFrame: 1, messagesAnswered: 1 },
      failures: { 'message Internal server error': 2 },
    });
  });
});

test('an answer without an id belongs to the oldest message of its connection', () => {
  const [one, other] = [openDevice(), openDevice()];
  messages.send(one, 100);
  messages.send(other, 200);
  messages.send(one, 300);
  messages.answeredOldest(one, 1_100);
  messages.answeredOldest(one, 1_300);
  messages.answeredOldest(one, 1_400);
  const { counters, histograms, failures } = take();
  expect(counters.messagesAnswered).toBe(2);
  expect(histograms.roundTripMicros).toEqual({ '1000': 2 });
  expect(failures).toEqual({ 'answer late, repeated or unknown': 1 });
  expect(messages.outstanding).toBe(1);
});

test('5,000 messages in flight are each matched to their answer, in any order', () => {
  const device = openDevice();
  for (let n = 0; n < 5_000; n++) messages.send(device, n);
  for (let n = 4_999; n >= 0; n--) messages.answered(device, n, n + 10);
  expect(messages.outstanding).toBe(0);
  expect(device.outstanding).toBe(0);
  expect(take().histograms.roundTripMicros).toEqual({ '10': 5_000 });
});
