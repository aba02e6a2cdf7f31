import { describe, expect, test } from 'vitest';
import type { MetricValue } from '../cloudwatch/store/metric-sink.ts';
import { type Decision, Decisions } from './decisions.ts';
import { Refusals } from './refusals.ts';

const parse = (text: string): Decision[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('decisions', () => {
  test('refusals are added up by second, quota and scope', () => {
    const decisions = new Decisions(10_000);
    decisions.add('accountThrottle', 5_000, 2);
    decisions.add('accountThrottle', 5_999, 3);
    decisions.add('webSocketApiThrottle api1 $connect', 5_100, 1);
    decisions.add('reservedConcurrency Stack-Message', 6_000, 7);
    decisions.add('accountThrottle', 6_000, 0);
    expect(parse(decisions.takeBefore(6))).toEqual([
      { second: 5, quota: 'accountThrottle', scope: null, refusals: 5 },
      { second: 5, quota: 'webSocketApiThrottle', scope: 'api1 $connect', refusals: 1 },
    ]);
    expect(parse(decisions.takeAll())).toEqual([
      { second: 6, quota: 'reservedConcurrency', scope: 'Stack-Message', refusals: 7 },
    ]);
    expect(decisions.takeAll()).toBe('');
  });

  test('a late refusal for a second already written adds another line', () => {
    const decisions = new Decisions(10_000);
    decisions.add('q', 1_000, 1);
    expect(parse(decisions.takeBefore(2))).toHaveLength(1);
    decisions.add('q', 1_500, 4);
    expect(parse(decisions.takeBefore(2))).toEqual([{ second: 1, quota: 'q', scope: null, refusals: 4 }]);
  });

  test('beyond its size only sums are kept, and no refusal is lost', () => {
    const line = `${JSON.stringify({ second: 1, quota: 'q', scope: null, refusals: 1 })}\n`;
    const decisions = new Decisions(2 * line.length);
    for (const second of [1, 2, 3, 4, 5]) decisions.add('q', second * 1_000, 1);
    const text = decisions.takeBefore(5);
    expect(text).toHaveLength(2 * line.length);
    expect(parse(text).map(({ second }) => second)).toEqual([1, 2]);
    expect(parse(decisions.takeAll())).toEqual([{ second: 3, lastSecond: 5, quota: 'q', scope: null, refusals: 3 }]);
  });
});

test('refusals are published with the second in which they happened, and with 0 where there were none since', () => {
  let nowMs = 1_990;
  const refusals = new Refusals(() => nowMs);
  refusals.count('newConnections');
  refusals.count('newConnections');
  nowMs = 2_010;
  refusals.count('newConnections');
  refusals.count('accountConcurrency', 'f');
  const published = () => {
    const values: MetricValue[] = [];
    refusals.publish({ put: (value) => values.push(value) });
    return values.map(({ dimensions, timestampMs, value }) => [dimensions.Quota, timestampMs, value]);
  };
  expect(published()).toEqual([
    ['newConnections', 1_000, 2],
    ['newConnections', 2_000, 1],
    ['accountConcurrency f', 2_000, 1],
  ]);
  nowMs = 3_500;
  expect(published()).toEqual([
    ['newConnections', 3_500, 0],
    ['accountConcurrency f', 3_500, 0],
  ]);
});
