import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Tally } from '../measure/tally.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import { type BackOff, backOffMicros } from './back-off.ts';
import { newDevice } from './device.ts';
import { Reconnects } from './reconnects.ts';

const policy: BackOff = { attempts: 3, baseSeconds: 1, capSeconds: 5, jitter: 'none' };
const seconds = (jitter: BackOff['jitter'], random: number) =>
  [0, 1, 2, 3, 100].map((attempt) => backOffMicros({ ...policy, jitter }, attempt, () => random) / 1e6);

describe('the back-off', () => {
  test('doubles up to its cap', () => expect(seconds('none', 0.9)).toEqual([1, 2, 4, 5, 5]));
  test('with full jitter is anywhere below that', () => {
    expect(seconds('full', 0)).toEqual([0, 0, 0, 0, 0]);
    expect(seconds('full', 0.5)).toEqual([0.5, 1, 2, 2.5, 2.5]);
  });
  test('with equal jitter is in the upper half', () => {
    expect(seconds('equal', 0)).toEqual([0.5, 1, 2, 2.5, 2.5]);
    expect(seconds('equal', 0.5)).toEqual([0.75, 1.5, 3, 3.75, 3.75]);
  });
});

test('a device tries again after 1, 2 and 4 s and is then abandoned', () => {
  const tally = new Tally();
  const device = newDevice({ id: 'u', index: 0, devices: [] }, 0);
  const tries: number[] = [];
  const reconnects = new Reconnects({
    policy,
    timeoutSeconds: 10,
    random: () => 0,
    tally,
    connect: (_device, due) => tries.push(due / 1e6),
  });
  let now = 0;
  for (let attempt = 0; attempt < 4; attempt++) {
    reconnects.lost(device, now);
    now = reconnects.nextDueMicros();
    if (now < Number.POSITIVE_INFINITY) reconnects.run(now);
  }
  expect(tries).toEqual([1, 3, 7]);
  const { counters } = tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 });
  expect(counters).toEqual({ reconnectsAttempted: 3, connectionsAbandoned: 1 });
});

test('when the load ends, only devices without a connection for longer than the timeout are abandoned', () => {
  const tally = new Tally();
  const lostAt = (seconds: number | null) => {
    const device = newDevice({ id: 'u', index: 0, devices: [] }, 0);
    device.lostAtMicros = seconds === null ? null : seconds * 1e6;
    return device;
  };
  const reconnects = new Reconnects({ policy, timeoutSeconds: 10, random: () => 0, tally, connect: () => {} });
  for (const seconds of [5, 9, 12, null]) reconnects.lost(lostAt(seconds), 14e6);
  reconnects.stop(20e6);
  expect(reconnects.waiting).toBe(0);
  const { counters } = tally.take({ second: 0, fleet: 'f', phase: 'closing', openConnections: 0 });
  expect(counters).toEqual({ connectionsAbandoned: 2 });
});

test('without attempts no device reconnects, and none is abandoned', () => {
  const tally = new Tally();
  const off = new Reconnects({
    policy: { ...policy, attempts: 0 },
    timeoutSeconds: 10,
    random: () => 0,
    tally,
    connect: () => {},
  });
  off.lost(newDevice({ id: 'u', index: 0, devices: [] }, 0), 0);
  expect(off.waiting).toBe(0);
  expect(tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 0 }).counters).toEqual({});
});

test('a heap returns its items in the order of their due times', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (dues) => {
      const heap = new DueHeap<number>();
      for (const due of dues) heap.push(due, due);
      const out = dues.map(() => heap.pop()?.dueMicros);
      expect(out).toEqual(dues.toSorted((a, b) => a - b));
      expect(heap.pop()).toBeUndefined();
    }),
  );
});
