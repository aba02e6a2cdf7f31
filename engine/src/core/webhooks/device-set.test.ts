import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownersOf, populate } from '../connections/population.ts';
import { Tally } from '../measure/tally.ts';
import { DeviceSet } from './device-set.ts';
import { Ledger } from './ledger.ts';

test('is a set, of any owner’s devices', () => {
  fc.assert(
    fc.property(
      fc.record({
        connections: fc.integer({ min: 1, max: 200 }),
        tabsPerUser: fc.integer({ min: 1, max: 100 }),
        owner: fc.constantFrom('user' as const, 'tab' as const, 'everyone' as const),
        steps: fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 300 }),
      }),
      ({ connections, tabsPerUser, owner, steps }) => {
        const population = populate({ prefix: 'u', connections, tabsPerUser, offlineShare: 0 });
        const { devices = [] } = ownersOf(population, owner).online.at(-1) ?? {};
        const [model, set] = [new Set(devices.slice(1)), new DeviceSet(devices, (device) => device !== devices[0])];
        for (const [isAdd, n] of steps) {
          const device = devices[n % devices.length];
          if (device === undefined) continue;
          expect(isAdd ? set.add(device) : set.delete(device)).toBe(isAdd ? !model.has(device) : model.has(device));
          model[isAdd ? 'add' : 'delete'](device);
        }
        expect(devices.filter((device) => set.has(device))).toEqual(devices.filter((device) => model.has(device)));
        expect(set.size).toBe(model.size);
        expect(devices.filter((one) => set.some((device) => device === one))).toHaveLength(model.size);
      },
    ),
    { numRuns: 60 },
  );
});

test('500 events for everyone, of 2,000 connections, are remembered in less than 4 MB', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const memory = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const population = populate({ prefix: 'u', connections: 2_000, tabsPerUser: 1, offlineShare: 0 });
  for (const device of population.devices) device.state = 'open';
  const [everyone] = ownersOf(population, 'everyone').online;
  if (everyone === undefined) throw new Error('no owner');
  const tally = new Tally();
  const ledger = new Ledger(tally, 30);
  const before = memory();
  for (let n = 0; n < 500; n++) {
    ledger.posted(`e-${n}`, everyone, { intendedAtMicros: n });
    ledger.accepted(`e-${n}`);
    for (const device of population.devices) ledger.pushed(device, `e-${n}`, n + 1);
  }
  expect(memory() - before).toBeLessThan(4 * 1024 * 1024);
  // The last still knows whom it has reached.
  for (const device of population.devices) ledger.pushed(device, 'e-0', 1_000);
  const { counters } = tally.take({ second: 0, fleet: 'f', phase: 'steady', openConnections: 2_000 });
  expect(counters).toMatchObject({ eventsDeliveredToAll: 500, pushesDelivered: 1_000_000, pushesDuplicate: 2_000 });
});
