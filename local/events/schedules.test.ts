import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cronFieldsOf } from '../template/events/cron.ts';
import type { RuleModel } from '../template/events/rule.ts';
import { startSchedules } from './schedules.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const rule = (schedule: RuleModel['schedule'], isEnabled = true): RuleModel => ({
  ...{ logicalId: 'R', name: 'R', arn: 'arn:aws:events:us-east-1:000000000000:rule/R', busName: 'default' },
  ...{ isEnabled, pattern: null, schedule, targets: [] },
});

function started(model: RuleModel) {
  const firedAt: string[] = [];
  const stop = startSchedules([model], {
    fire: () => firedAt.push(new Date(Date.now()).toISOString().slice(0, 16)),
    nowMs: Date.now,
  });
  return { firedAt, stop };
}

test.each([
  ['1 minute', minuteMs, 10 * minuteMs, 10],
  ['24 days, the longest that a timer waits', 24 * dayMs, 50 * dayMs, 2],
  ['30 days', 30 * dayMs, 30 * dayMs - 1, 0],
  ['30 days, three times', 30 * dayMs, 90 * dayMs, 3],
  ['a year', 365 * dayMs, 366 * dayMs, 1],
])('fires at its rate: %s', (_name, everyMs, afterMs, times) => {
  const { firedAt, stop } = started(rule({ kind: 'rate', everyMs, expression: '' }));
  vi.advanceTimersByTime(afterMs);
  expect(firedAt.length).toBe(times);
  stop();
  vi.advanceTimersByTime(2 * everyMs);
  expect(firedAt.length).toBe(times);
});

test('fires when its cron expression is due', () => {
  const fields = cronFieldsOf('cron(0 10 ? * MON *)');
  if (fields === null) throw new Error('not understood');
  const { firedAt, stop } = started(rule({ kind: 'cron', fields, expression: '' }));
  vi.advanceTimersByTime(14 * dayMs);
  stop();
  expect(firedAt).toEqual(['1970-01-05T10:00', '1970-01-12T10:00']);
});

test('a rule that is disabled does not', () => {
  const { firedAt } = started(rule({ kind: 'rate', everyMs: minuteMs, expression: '' }, false));
  vi.advanceTimersByTime(dayMs);
  expect(firedAt).toEqual([]);
});
