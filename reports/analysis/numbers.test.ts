import { expect, test } from 'vitest';
import { approx, dollars, percent, plural, quantity, utc } from './numbers.ts';

test('numbers have three digits, separators and a unit', () => {
  expect([approx(12_345), quantity(92.59, 'webhooks/s'), percent(0.1234), percent(1.44), percent(0.00001)]).toEqual([
    '12,300',
    '92.6 webhooks/s',
    '12.3%',
    '144%',
    'under 0.01%',
  ]);
  expect([dollars(15_442.4), dollars(0.0356), utc('2026-11-21T18:24:03.123Z')]).toEqual([
    '$15,442',
    '$0.0356',
    '2026-11-21 18:24:03 UTC',
  ]);
});

test('one of a unit is singular, also where it is rounded to one', () => {
  expect([plural(1, 'message'), plural(0, 'message'), plural(1_200, 'push', 'pushes')]).toEqual([
    '1 message',
    '0 messages',
    '1,200 pushes',
  ]);
  const units = ['1/s', 'stages', 'requests/s', 'executions/10 s', 's', 'ms', 'MB', 'WRU/s'];
  expect(units.map((unit) => quantity(1.0001, unit))).toEqual([
    '1/s',
    '1 stage',
    '1 request/s',
    '1 execution/10 s',
    '1 s',
    '1 ms',
    '1 MB',
    '1 WRU/s',
  ]);
});
