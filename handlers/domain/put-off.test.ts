import { expect, it } from 'vitest';
import { putOffSeconds } from './put-off.ts';

it('waits up to 8, 16 and 32 s, half of it at random, and then for the visibility timeout', () => {
  const between = (receipts: number) => [putOffSeconds(receipts, () => 0), putOffSeconds(receipts, () => 0.999_999)];
  expect([1, 2, 3].map(between)).toEqual([
    [4, 8],
    [8, 16],
    [16, 32],
  ]);
  // What is not a number of receipts is none.
  for (const receipts of [0, 4, 5, Number.NaN]) expect(putOffSeconds(receipts, () => 0)).toBeNull();
});
