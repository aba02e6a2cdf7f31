import { describe, expect, it } from 'vitest';
import { parseEmf } from './emf.ts';

const now = 1_790_000_001_000;
const line = (over: Record<string, unknown> = {}, directive: Record<string, unknown> = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1_790_000_000_123,
      CloudWatchMetrics: [
        {
          Namespace: 'Loadline',
          Dimensions: [['Stack']],
          Metrics: [{ Name: 'PushesSent', Unit: 'Count' }, { Name: 'PushesGone' }],
          ...directive,
        },
      ],
    },
    Stack: 's',
    PushesSent: 3,
    PushesGone: 0,
    ...over,
  });

describe('parseEmf', () => {
  it('returns each metric with its dimensions, unit and time', () => {
    const common = { namespace: 'Loadline', dimensions: { Stack: 's' }, timestampMs: 1_790_000_000_123 };
    expect(parseEmf(line(), now)).toEqual([
      { ...common, name: 'PushesSent', unit: 'Count', value: 3 },
      { ...common, name: 'PushesGone', unit: 'None', value: 0 },
    ]);
  });

  it('has the same object for the same dimensions, by which the store finds their series', () => {
    const dimensionsIn = (text: string) => parseEmf(text, now).map(({ dimensions }) => dimensions);
    const [first, ...others] = [...dimensionsIn(line()), ...dimensionsIn(line({ PushesSent: 4 }))];
    expect(others.every((dimensions) => dimensions === first)).toBe(true);
    expect(dimensionsIn(line({ Stack: 't' }))[0]).toEqual({ Stack: 't' });
  });

  it('returns a value for each element of an array', () => {
    expect(parseEmf(line({ PushesSent: [1, 2, 2] }), now).map(({ value }) => value)).toEqual([1, 2, 2, 0]);
  });

  it('returns a value for each set of dimensions', () => {
    const metrics = parseEmf(line({ Route: 'ping' }, { Dimensions: [['Stack'], ['Stack', 'Route'], []] }), now);
    expect(metrics.filter(({ name }) => name === 'PushesSent').map(({ dimensions }) => dimensions)).toEqual([
      { Stack: 's' },
      { Stack: 's', Route: 'ping' },
      {},
    ]);
  });

  it('uses the ingestion time if the line has no timestamp', () => {
    const root = JSON.parse(line());
    delete root._aws.Timestamp;
    expect(parseEmf(JSON.stringify(root), now)[0]?.timestampMs).toBe(now);
  });

  it('reads an object behind a prefix of the runtime', () => {
    expect(parseEmf(`2026-11-21T18:00:00.000Z\t4c1d\tINFO\t${line()}`, now)).toHaveLength(2);
  });

  it.each([
    ['microseconds', now * 1_000],
    ['seconds', now / 1_000],
    ['a day ahead', now + 86_400_000],
    ['a month ago', now - 30 * 86_400_000],
  ])('returns nothing for a time that CloudWatch would reject: %s', (_, Timestamp) => {
    const root = JSON.parse(line());
    root._aws.Timestamp = Timestamp;
    expect(parseEmf(JSON.stringify(root), now)).toEqual([]);
  });

  it.each([
    ['plain text', 'START RequestId: 1'],
    ['other JSON', '{"level":"info"}'],
    ['text that mentions it', 'no "CloudWatchMetrics" here'],
    ['a cut-off line', line().slice(0, -5)],
    ['a wrong shape', '{"_aws":{"CloudWatchMetrics":"x"}}'],
    ['a missing dimension', line({ Stack: undefined })],
    ['a value that is text', line({ PushesSent: '3', PushesGone: null })],
  ])('returns nothing for %s', (_, text) => {
    expect(parseEmf(text, now)).toEqual([]);
  });
});
