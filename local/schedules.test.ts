import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSchedules } from './schedules.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const arn = 'arn:aws:events:us-east-1:000000000000:rule/R';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

function started(everyMs: number, targets: Parameters<typeof startSchedules>[0][number]['targets']) {
  const accepted: { functionName: string; input: string }[] = [];
  const stop = startSchedules([{ logicalId: 'R', arn, everyMs, targets }], {
    ...{ accountId: '000000000000', region: 'us-east-1' },
    asynchronous: { accept: (functionName, input) => accepted.push({ functionName, input: String(input) }) > 0 },
  });
  return { accepted, stop };
}

test.each([
  ['1 minute', minuteMs, 10 * minuteMs, 10],
  ['24 days, the longest that a timer waits', 24 * dayMs, 50 * dayMs, 2],
  ['30 days', 30 * dayMs, 30 * dayMs - 1, 0],
  ['30 days, three times', 30 * dayMs, 90 * dayMs, 3],
  ['a year', 365 * dayMs, 366 * dayMs, 1],
])('fires at its rate: %s', async (_name, everyMs, afterMs, times) => {
  const { accepted, stop } = started(everyMs, [{ functionName: 'F', input: null }]);
  vi.advanceTimersByTime(afterMs);
  expect(accepted.length).toBe(times);
  stop();
  vi.advanceTimersByTime(2 * everyMs);
  expect(accepted.length).toBe(times);
});

test('each function gets its own input, or the event of a schedule', () => {
  const { accepted, stop } = started(minuteMs, [
    { functionName: 'A', input: '{"a":1}' },
    { functionName: 'B', input: '{"b":2}' },
    { functionName: 'C', input: null },
  ]);
  vi.advanceTimersByTime(minuteMs);
  stop();
  expect(accepted.slice(0, 2)).toEqual([
    { functionName: 'A', input: '{"a":1}' },
    { functionName: 'B', input: '{"b":2}' },
  ]);
  expect(JSON.parse(accepted[2]?.input ?? '')).toMatchObject({
    ...{ 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [arn], time: '1970-01-01T00:01:00.000Z' },
  });
});
