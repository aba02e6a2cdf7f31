import { expect, test } from 'vitest';
import { firstUnusable } from './local-address.ts';

test('addresses of this machine can be used, another one cannot and is named', async () => {
  expect(await firstUnusable([])).toBeNull();
  expect(await firstUnusable(['127.0.0.1'])).toBeNull();
  // TEST-NET-2 (RFC 5737): nobody's.
  expect(await firstUnusable(['127.0.0.1', '198.51.100.7'])).toEqual({
    address: '198.51.100.7',
    code: 'EADDRNOTAVAIL',
  });
});
