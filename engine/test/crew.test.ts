/** Small fleets that come and go in one thread, as virtual users with one connection each do, on virtual time. */
import { expect, test } from 'vitest';
import { Crew } from '../src/core/fleet/crew.ts';
import type { FleetLoad } from '../src/core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../src/records.ts';
import type { Faults } from './fake-stack.ts';
import { addUp, balance, balanced, fleetSpec } from './totals.ts';
import { VirtualTarget } from './virtual-target.ts';
import { VirtualTime } from './virtual-time.ts';

const member = { connections: 1, tabsPerUser: 1, steadySeconds: 0.5, messageRatePerSecond: 20 };

function newCrew(faults: Faults = {}) {
  const time = new VirtualTime();
  // Tokens are signed outside of virtual time, which goes on as soon as there is a crew.
  const target = new VirtualTarget(time, { isOpen: true, ...faults });
  const records: ClientRecord[] = [];
  const crew = new Crew({ name: 'crew', onRecord: (record) => records.push(record), platform: target.platform });
  const join = (id: number, load: Partial<FleetLoad> = {}) =>
    crew.join(id, { ...fleetSpec(target, { ...member, ...load }), fleet: `v${id}`, tokenSecret: null });
  return { time, target, records, crew, join };
}

test('members that join one after another are one fleet in the records, and each ends on its own', async () => {
  const { time, records, crew, join, target } = newCrew();
  const ends: [number, number][] = [];
  const joined = Array.from({ length: 10 }, (_, n) => n).map(
    (n) =>
      new Promise((resolve) =>
        time.after(n * 300, () =>
          resolve(
            join(n).then((result) => {
              ends.push([n, Math.floor(time.nowMs / 300)]);
              return result;
            }),
          ),
        ),
      ),
  );
  const results = await time.settle(Promise.all(joined));
  crew.finish(true);
  expect(results).toEqual(Array.from({ length: 10 }, () => ({ kind: 'completed' })));
  // Each lasts half a second and one joins every 300 ms: two at a time.
  expect(ends.map(([n]) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const totals = addUp(records);
  expect(totals.counters).toMatchObject({ connectsOpened: 10, messagesAnswered: 100, closesRequested: 10 });
  expect(balance(totals)).toEqual(balanced);
  expect(new Set(records.map(({ fleet }) => fleet))).toEqual(new Set(['crew']));
  expect(Math.max(...records.map(({ openConnections }) => openConnections))).toBeLessThanOrEqual(3);
  expect(records.filter(({ last }) => last)).toHaveLength(1);
  expect(target.stack.peers).toEqual([]);
});

test('a member that is refused fails alone', async () => {
  const { time, records, crew, join } = newCrew({ upgrade: (n) => (n === 1 ? 403 : 101) });
  const results = await time.settle(Promise.all([join(0), join(1), join(2)]));
  crew.finish(true);
  expect(results.map(({ kind }) => kind).toSorted()).toEqual(['completed', 'completed', 'failed']);
  expect(addUp(records).counters).toMatchObject({ connectsOpened: 2, connectsRefused: 1 });
});

test('a crew that is ended early leaves no connection open', async () => {
  const { time, records, crew, join, target } = newCrew();
  void join(0, { steadySeconds: 30 });
  const opened = new Promise<void>((resolve) => {
    const look = () => (target.stack.peers.length === 1 ? resolve() : void time.after(10, look));
    look();
  });
  await time.settle(opened);
  crew.finish(false);
  while (time.step());
  expect(target.stack.peers).toEqual([]);
  expect(records.some(({ last }) => last)).toBe(false);
});
