import { expect, test } from 'vitest';
import { firstUnbindable } from './local-address.ts';

test('addresses of this machine can be used; any other cannot and is named', async () => {
  expect(await firstUnbindable([])).toBeNull();
  expect(await firstUnbindable(['127.0.0.1'])).toBeNull();
  // TEST-NET-2 (RFC 5737), not assigned to any machine.
  expect(await firstUnbindable(['127.0.0.1', '198.51.100.7'])).toEqual({
    address: '198.51.100.7',
    code: 'EADDRNOTAVAIL',
  });
});
