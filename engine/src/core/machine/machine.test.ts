import { expect, test } from 'vitest';
import { parseDescriptorLimit, portsInUse } from './machine.ts';

test('the soft limit of descriptors', () => {
  const limits =
    'Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 524288               files\n';
  expect(parseDescriptorLimit(limits)).toBe(1_024);
  expect(parseDescriptorLimit('Max open files            unlimited            unlimited            files')).toBeNull();
});

test('ports in use are those of sockets in use and in TIME_WAIT', () => {
  expect(portsInUse('sockets: used 190\nTCP: inuse 27 orphan 1 tw 12 alloc 30 mem 3\n')).toBe(39);
  expect(portsInUse('')).toBeNull();
});
