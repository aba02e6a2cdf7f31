import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { readAccountQuotas } from './account-quotas.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadline-account-quotas-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, 'quotas.json');
function read(...quotas: [code: string, value: number, unit?: string][]): Record<string, number> {
  const Quotas = quotas.map(([QuotaCode, Value, Unit]) => ({ QuotaCode, Value, ...(Unit !== undefined && { Unit }) }));
  writeFileSync(file, JSON.stringify({ Quotas }));
  return readAccountQuotas(file);
}

test.each([
  // 32 KB are 32,768 bytes: not 800% of 32 used by a message of 256.
  ['L-E11F7D5D', 32, 'Kilobytes', 32_768],
  ['L-FD0EB744', 128, 'Kilobytes', 131_072],
  ['L-FD0EB744', 131_072, 'Bytes', 131_072],
  ['L-5C4B2C97', 6, 'Megabytes', 6_291_456],
  ['L-7C0F49F9', 1 / 1_024, 'Gigabytes', 1_048_576],
  ['L-A6CCE716', 7_200, 'Seconds', 7_200],
  ['L-A6CCE716', 120, 'Minutes', 7_200],
  ['L-A6CCE716', 2, 'Hours', 7_200],
  ['L-60AC41CD', 600_000, 'Milliseconds', 600],
  ['L-8A5B8E43', 10_000, 'None', 10_000],
  ['L-8A5B8E43', 10_000, 'Count/Second', 10_000],
  ['L-E1465507', 500, 'None', 500],
  ['L-B99A9384', 3_000, 'Count', 3_000],
])('%s: %d %s is %d', (code, value, unit, converted) => {
  expect(read([code, value, unit])).toEqual({ [code]: converted });
});

test.each([
  // Per account, for as long as its period says.
  ['L-8A5B8E43', 600_000, { PeriodValue: 1, PeriodUnit: 'MINUTE' }, 10_000],
  ['L-8A5B8E43', 10_000, { PeriodValue: 1, PeriodUnit: 'SECOND' }, 10_000],
  ['L-9ED1E49A', 150_000, { PeriodValue: 5, PeriodUnit: 'MINUTE' }, 500],
  ['L-9ED1E49A', 5, { PeriodValue: 10, PeriodUnit: 'MILLISECOND' }, 500],
  // No rates: a bucket's size, executions at a time.
  ['L-E1465507', 500, { PeriodValue: 1, PeriodUnit: 'MINUTE' }, 500],
  ['L-B99A9384', 1_000, { PeriodValue: 1, PeriodUnit: 'MINUTE' }, 1_000],
])('%s: %d in %o is %d', (code, value, period, converted) => {
  writeFileSync(file, JSON.stringify({ Quotas: [{ QuotaCode: code, Value: value, Unit: 'None', Period: period }] }));
  expect(readAccountQuotas(file)).toEqual({ [code]: expect.closeTo(converted) });
});

test('a period that does not exist is an error that names the code', () => {
  const Period = { PeriodValue: 1, PeriodUnit: 'FORTNIGHT' };
  writeFileSync(file, JSON.stringify({ Quotas: [{ QuotaCode: 'L-8A5B8E43', Value: 5, Unit: 'None', Period }] }));
  expect(() => readAccountQuotas(file)).toThrow('L-8A5B8E43 has the unit "None per 1 FORTNIGHT"');
});

test('without a unit a count is what it is', () => {
  expect(read(['L-B99A9384', 50])).toEqual({ 'L-B99A9384': 50 });
});

test('quotas that the stack does not meet are left out, whatever their unit', () => {
  expect(read(['L-00000000', 5, 'Furlongs'])).toEqual({});
});

test.each([
  ['an unknown one', 'L-E11F7D5D', 'Furlongs'],
  ['a time for a count', 'L-B99A9384', 'Seconds'],
  ['none for a size', 'L-E11F7D5D', 'None'],
  ['a size for a time', 'L-A6CCE716', 'Kilobytes'],
])('a unit that does not fit, %s, is an error that names the code', (_what, code, unit) => {
  expect(() => read([code, 1, unit])).toThrow(UsageError);
  expect(() => read([code, 1, unit])).toThrow(`${code} has the unit "${unit}"`);
});
