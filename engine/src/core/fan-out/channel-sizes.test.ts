import { expect, test } from 'vitest';
import { channelsOf } from './channel-sizes.ts';

test('with exponent 1 the channel of rank k has 1/k of the largest, and equal sizes are grouped', () => {
  // 100/1, 100/2, 33.3, 25, 20, 16.7, 14.3, 12.5, 11.1, 10
  expect(channelsOf({ channels: 10, largest: 100, exponent: 1 })).toEqual(
    [100, 50, 33, 25, 20, 17, 14, 13, 11, 10].map((subscribers) => ({ count: 1, subscribers })),
  );
  expect(channelsOf({ channels: 6, largest: 3, exponent: 1 })).toEqual([
    { count: 1, subscribers: 3 },
    { count: 1, subscribers: 2 },
    { count: 4, subscribers: 1 },
  ]);
});

test('exponent 0 makes all channels equal', () => {
  expect(channelsOf({ channels: 5, largest: 20, exponent: 0 })).toEqual([{ count: 5, subscribers: 20 }]);
});
