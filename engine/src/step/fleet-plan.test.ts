import { describe, expect, test } from 'vitest';
import type { Ports } from '../core/machine/ports.ts';
import { type Machine, planFleets } from './fleet-plan.ts';

const machine: Machine = { cores: 4, maxDescriptors: 65_536 };
const wanted = {
  connections: 1_000,
  fleets: null,
  fleetsIn: 'auto',
  localAddresses: [],
  targetHost: 'a.example',
  targetPort: 443,
} as const;
const plan = (of: Partial<Parameters<typeof planFleets>[0]>, on = machine) => planFleets({ ...wanted, ...of }, on);

describe('by default', () => {
  test('one core is reserved and each other core runs a thread', () => {
    expect(plan({})).toEqual({ kind: 'ok', plan: { fleets: 3, isolation: 'threads', localAddresses: [] } });
    expect(plan({}, { ...machine, cores: 1 })).toMatchObject({ plan: { fleets: 1 } });
  });
  test('every fleet has a connection', () => {
    expect(plan({ connections: 2 })).toMatchObject({ plan: { fleets: 2 } });
  });
  test('above 19,000 connections fleets are processes, with loopback addresses if the target is local', () => {
    // At most 6,350 each: beyond a quarter of an address's ports binding becomes slow.
    expect(plan({ connections: 50_000, targetHost: '127.0.0.1' }, { ...machine, cores: 2 })).toEqual({
      kind: 'ok',
      plan: { fleets: 3, isolation: 'processes', localAddresses: [2, 3, 4, 5, 6, 7, 8, 9].map((n) => `127.0.0.${n}`) },
    });
  });
});

test('a given number and kind of fleets is used', () => {
  expect(plan({ fleets: 7, fleetsIn: 'processes' })).toMatchObject({ plan: { fleets: 7, isolation: 'processes' } });
});

describe('a problem is detected before the start', () => {
  test('a remote target needs more local addresses', () => {
    expect(plan({ connections: 19_001 })).toEqual({
      kind: 'invalid',
      problem: expect.stringMatching(
        /^fleet\.connections: 19001 are more than the 19000 that can be opened from one local/,
      ),
    });
    expect(plan({ connections: 38_000, localAddresses: ['10.0.0.1', '10.0.0.2'] }).kind).toBe('ok');
  });
  test('a process has too few descriptors, and the error says how many it needs', () => {
    expect(plan({ connections: 1_000 }, { ...machine, maxDescriptors: 1_024 })).toEqual({
      kind: 'invalid',
      problem: expect.stringContaining('ulimit -n 1256'),
    });
    expect(
      plan({ connections: 1_000, fleets: 2, fleetsIn: 'processes' }, { ...machine, maxDescriptors: 1_024 }).kind,
    ).toBe('ok');
  });
  test('there are more fleets than connections', () => {
    expect(plan({ connections: 2, fleets: 3 })).toMatchObject({
      problem: expect.stringContaining('more than the 2 connections'),
    });
  });
});

describe('the ports of the machine', () => {
  const range = { low: 32_768, high: 60_999 };
  const holdersOf = (address: string, count: number, remotePort: number) =>
    Array.from({ length: count }, (_, n) => ({ address, port: range.low + n, remotePort }));
  const withPorts = (ports: Ports): Machine => ({ ...machine, readPorts: () => ports });

  test('if existing connections to the target leave too few, the error names the range', () => {
    const on = withPorts({ ...range, holders: holdersOf('10.0.0.5', 20_000, 443) });
    // 28,232 less 20,000 that are taken and 256 that are left alone.
    expect(plan({ connections: 7_976 }, on).kind).toBe('ok');
    expect(plan({ connections: 7_977 }, on)).toEqual({
      kind: 'invalid',
      problem:
        'fleet.connections: 7977 are more than the 7976 that can be opened from one local address: only that many of the ports 32768 to 60999 (net.ipv4.ip_local_port_range) are free. Add localAddresses, or use more machines.',
    });
  });
  test('in use towards another target are free if the system chooses, but not on an address of ours', () => {
    const on = withPorts({ ...range, holders: holdersOf('10.0.0.5', 20_000, 8_080) });
    expect(plan({ connections: 19_000 }, on).kind).toBe('ok');
    expect(plan({ connections: 7_977, localAddresses: ['10.0.0.5'] }, on).kind).toBe('invalid');
  });
  test('in a small range use more loopback addresses, and skip those in use', () => {
    const small = { low: 40_000, high: 45_255 };
    const on = withPorts({
      ...small,
      holders: holdersOf('127.0.0.3', 3_000, 80).map((of) => ({ ...of, port: of.port + 7_232 })),
    });
    // 5,256 ports, 256 of them left alone: 5,000 connections an address.
    expect(plan({ connections: 12_000, targetHost: '127.0.0.1' }, on)).toMatchObject({
      plan: { localAddresses: ['127.0.0.2', '127.0.0.4', '127.0.0.5'] },
    });
    expect(plan({ connections: 12_000 }, on)).toMatchObject({
      problem: expect.stringContaining('ports 40000 to 45255'),
    });
  });
  test('IPv6 has a single loopback address', () => {
    expect(plan({ connections: 19_001, targetHost: '[::1]' })).toMatchObject({ kind: 'invalid' });
  });
  test('are not checked for a virtual user', () => {
    const readPorts = () => {
      throw new Error('looked');
    };
    expect(plan({ connections: 1 }, { ...machine, readPorts }).kind).toBe('ok');
  });
});
