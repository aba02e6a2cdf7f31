import { describe, expect, test } from 'vitest';
import { planFleets } from './fleet-plan.ts';

const machine = { cores: 4, maxDescriptors: 65_536 };
const wanted = {
  connections: 1_000,
  fleets: null,
  fleetsIn: 'auto',
  localAddresses: [],
  targetHost: 'a.example',
} as const;
const plan = (of: Partial<Parameters<typeof planFleets>[0]>, on = machine) => planFleets({ ...wanted, ...of }, on);

describe('by default', () => {
  test('one core is left and each other has a thread', () => {
    expect(plan({})).toEqual({ kind: 'ok', plan: { fleets: 3, isolation: 'threads', localAddresses: [] } });
    expect(plan({}, { ...machine, cores: 1 })).toMatchObject({ plan: { fleets: 1 } });
  });
  test('no fleet is without a connection', () => {
    expect(plan({ connections: 2 })).toMatchObject({ plan: { fleets: 2 } });
  });
  test('over 19,000 connections are processes, with loopback addresses where the target is local', () => {
    expect(plan({ connections: 50_000, targetHost: '127.0.0.1' }, { ...machine, cores: 2 })).toEqual({
      kind: 'ok',
      plan: { fleets: 3, isolation: 'processes', localAddresses: ['127.0.0.2', '127.0.0.3', '127.0.0.4'] },
    });
  });
});

test('what is asked for is done', () => {
  expect(plan({ fleets: 7, fleetsIn: 'processes' })).toMatchObject({ plan: { fleets: 7, isolation: 'processes' } });
});

describe('before the start it is said', () => {
  test('that a remote target needs more local addresses', () => {
    expect(plan({ connections: 19_001 })).toEqual({
      kind: 'invalid',
      problem: expect.stringMatching(
        /^fleet\.connections: 19001 are more than the 19000 that can be opened from 1 local/,
      ),
    });
    expect(plan({ connections: 38_000, localAddresses: ['10.0.0.1', '10.0.0.2'] }).kind).toBe('ok');
  });
  test('that a process has too few descriptors, and how many it takes', () => {
    expect(plan({ connections: 1_000 }, { ...machine, maxDescriptors: 1_024 })).toEqual({
      kind: 'invalid',
      problem: expect.stringContaining('ulimit -n 1256'),
    });
    expect(
      plan({ connections: 1_000, fleets: 2, fleetsIn: 'processes' }, { ...machine, maxDescriptors: 1_024 }).kind,
    ).toBe('ok');
  });
  test('that fleets are more than connections', () => {
    expect(plan({ connections: 2, fleets: 3 })).toMatchObject({ problem: expect.stringContaining('cannot share 2') });
  });
});
