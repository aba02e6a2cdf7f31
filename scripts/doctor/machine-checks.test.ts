import { expect, test } from 'vitest';
import { type Machine, machineChecks } from './machine-checks.ts';

const gib = 1_073_741_824;
const good: Machine = {
  node: '24.21.0',
  maxDescriptors: 20_000,
  ports: { ofAddress: 28_232, inUse: 100 },
  cores: 8,
  busyShare: 0.1,
  memoryBytes: 16 * gib,
  freeMemoryBytes: 8 * gib,
  isClockSynchronised: true,
  nowMs: Date.UTC(2026, 10, 26),
  loopbackProblem: null,
  folders: [{ name: 'run folders', path: '/home/u', problem: null, freeBytes: 50 * gib }],
  artillery: { version: '2.0.34' },
  programs: { git: 'git version 2', python: 'Python 3.11' },
};

test('a machine that has everything: every line is ok, and says what was found', () => {
  const checks = machineChecks(good);
  expect(checks.filter(({ status, next, found }) => status !== 'ok' || next !== null || found === '')).toEqual([]);
  expect(checks.find(({ name }) => name === 'open files')?.found).toContain('about 19,000 connections');
});

test.each<[what: string, change: Partial<Machine>, name: string, status: string, next: string]>([
  ['an older Node', { node: '22.18.0' }, 'Node', 'warning', 'Use Node 24'],
  ['few open files', { maxDescriptors: 1_024 }, 'open files', 'warning', 'ulimit -n 20000'],
  ['hardly any', { maxDescriptors: 256 }, 'open files', 'error', 'ulimit -n 20000'],
  ['ports in use', { ports: { ofAddress: 28_232, inUse: 25_000 } }, 'ports', 'warning', 'ip_local_port_range'],
  ['one core', { cores: 1 }, 'cores', 'warning', 'share one core'],
  ['a busy machine', { busyShare: 1.4 }, 'cores', 'warning', 'Other programs'],
  ['little memory', { memoryBytes: gib / 2 }, 'memory', 'error', 'larger machine'],
  ['little of it free', { freeMemoryBytes: gib / 2 }, 'memory', 'warning', 'lower --connections'],
  ['a clock of the past', { nowMs: 0 }, 'clock', 'error', 'Set the clock'],
  ['one that drifts', { isClockSynchronised: false }, 'clock', 'warning', 'set-ntp'],
  ['no loopback', { loopbackProblem: 'EACCES' }, 'loopback', 'error', 'Allow it'],
  [
    'a folder that cannot be written',
    { folders: [{ name: 'run folders', path: '/proc', problem: 'it does not exist', freeBytes: null }] },
    'run folders',
    'error',
    '--runs',
  ],
  [
    'a full disk',
    { folders: [{ name: 'temporary', path: '/tmp', problem: null, freeBytes: 1e6 }] },
    'temporary',
    'warning',
    'make room',
  ],
  ['no Artillery', { artillery: { problem: 'Artillery is not installed' } }, 'Artillery', 'error', 'npm ci'],
  ['no git', { programs: { git: null, python: null } }, 'git', 'warning', 'commit'],
])('%s', (_what, change, name, status, next) => {
  const others = machineChecks({ ...good, ...change }).filter((check) => check.status !== 'ok');
  expect(others).toEqual([expect.objectContaining({ name, status, next: expect.stringContaining(next) })]);
});
