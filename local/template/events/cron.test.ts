import { expect, test } from 'vitest';
import { cronFieldsOf, nextDueMs } from './cron.ts';

const after = (expression: string, from: string): string | null => {
  const fields = cronFieldsOf(expression);
  if (fields === null) throw new Error(`${expression} was not understood`);
  const due = nextDueMs(fields, Date.parse(from));
  return due === null ? null : new Date(due).toISOString().slice(0, 16);
};

test.each([
  // From the user guide's own table of examples.
  ['cron(0 10 * * ? *)', '2026-11-27T09:00Z', '2026-11-27T10:00'],
  ['cron(15 12 * * ? *)', '2026-11-27T12:15Z', '2026-11-28T12:15'],
  ['cron(0 18 ? * MON-FRI *)', '2026-11-27T18:00Z', '2026-11-30T18:00'],
  ['cron(0 8 1 * ? *)', '2026-11-27T00:00Z', '2026-12-01T08:00'],
  ['cron(0/15 * * * ? *)', '2026-11-27T10:46Z', '2026-11-27T11:00'],
  ['cron(0/5 8-17 ? * MON-FRI *)', '2026-11-27T17:55Z', '2026-11-30T08:00'],
  ['cron(0 0 L * ? *)', '2027-02-01T00:00Z', '2027-02-28T00:00'],
  ['cron(0 9 3W * ? *)', '2026-10-01T00:00Z', '2026-10-02T09:00'],
  ['cron(0 9 ? * 6#3 *)', '2026-11-01T00:00Z', '2026-11-20T09:00'],
  ['cron(0 9 ? * 6L *)', '2026-11-01T00:00Z', '2026-11-27T09:00'],
  ['cron(0 0 29 FEB ? *)', '2026-11-27T00:00Z', '2028-02-29T00:00'],
  ['cron(0 0 1 1 ? 2026)', '2026-11-27T00:00Z', null],
])('%s is due after %s at %s', (expression, from, due) => {
  expect(after(expression, from)).toBe(due);
});

test.each([
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(60 * * * ? *)',
  'cron(* * * *)',
  'rate(1 day)',
  'cron(0 10 * FOO ? *)',
])('EventBridge does not take %s', (expression) => {
  expect(cronFieldsOf(expression)).toBeNull();
});
