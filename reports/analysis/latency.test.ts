import { describe, expect, test } from 'vitest';
import { exampleObservation, histogramOfMs } from '../example-observation.fixture.ts';
import { latencyRows, percentileMs, summaryOf } from './latency.ts';

/** 1 to 100 ms, once each. */
const hundred = histogramOfMs(Array.from({ length: 100 }, (_, n) => [n + 1, 1]));
const shown = (failed: number) => {
  const { p50, p90, p99, max } = summaryOf(hundred, failed) ?? {};
  return [p50, p90, p99, max].map((each) => (each?.kind === 'value' ? Math.round(each.ms) : 'failed'));
};

describe('what failed is slower than everything else', () => {
  test.each([
    [0, [50, 90, 99, 100]],
    // Rank 100 of 101 is the slowest that was answered.
    [1, [51, 91, 100, 'failed']],
    // Rank 101 of 102 is one of the two that were not.
    [2, [51, 92, 'failed', 'failed']],
    [25, [63, 'failed', 'failed', 'failed']],
    [101, ['failed', 'failed', 'failed', 'failed']],
  ])('%d failed beside 100 of 1 to 100 ms', (failed, expected) => {
    expect(shown(failed)).toEqual(expected);
  });

  test('the share that failed stands in place of the percentile', () => {
    expect(summaryOf(hundred, 381)?.p99).toEqual({
      ...{ kind: 'failed', ms: null, failedShare: 381 / 481, tooFewSamples: false, interval95: null },
    });
  });

  test('also where nothing succeeded; without anything there is no summary', () => {
    expect(summaryOf(undefined, 5)).toMatchObject({ samples: 0, failed: 5, p50: { kind: 'failed', failedShare: 1 } });
    expect(summaryOf(undefined, 0)).toBeNull();
  });

  test('an interval whose upper end lies among them is not given', () => {
    const many = histogramOfMs([[10, 10_000]]);
    expect(summaryOf(many, 0)?.p99).toMatchObject({ kind: 'value', interval95: { upperMs: expect.closeTo(10, 1) } });
    // 0.95% failed: p99 itself is a value, the upper end of its interval is not.
    expect(summaryOf(many, 96)?.p99).toMatchObject({ kind: 'value', interval95: null });
  });

  test('a second of the timeline in which over 1% failed has no p99', () => {
    expect(percentileMs(hundred, 0.99, 1)).toBeCloseTo(100, 0);
    expect(percentileMs(hundred, 0.99, 2)).toBeNull();
  });
});

describe('each latency counts its own failures', () => {
  const rowsOf = (totals: Parameters<typeof exampleObservation>[0]) => latencyRows(exampleObservation(totals));
  test.each([
    ['connect', { connectsRefused: 1, connectsThrottled: 1, connectsTimedOut: 1, connectsFailed: 1 }, 4],
    ['roundTrip', { messagesTimedOut: 1, messagesErrorFrame: 1, messagesConnectionClosed: 1 }, 3],
    ['roundTrip', { messagesDroppedNoConnection: 2, messagesDroppedNotRead: 1 }, 3],
    // Sent, and still without an outcome at the end.
    ['roundTrip', { messagesAnswered: 593 }, 7],
    ['service', { messagesTimedOut: 2, messagesDroppedNoConnection: 2 }, 2],
    ['webhook', { webhooksThrottled: 1, webhooksRejected: 1, webhooksTimedOut: 1, webhooksFailed: 1 }, 4],
    ['webhook', { webhooksDroppedUnanswered: 3 }, 3],
    ['delivery', { pushesDelivered: 1_400, pushesLate: 3 }, 7],
  ] as const)('%s with %o: %d', (id, totals, failed) => {
    const row = rowsOf({ totals }).find((each) => each.id === id);
    expect([row?.run?.failed, row?.steady?.failed]).toEqual([failed, failed]);
  });

  test('where clients retry, those that gave up; a recovery is missing where it never came', () => {
    const totals = { closesUnexpected: 30, connectsThrottled: 20, connectionsRecovered: 27, connectionsAbandoned: 1 };
    const observation = exampleObservation({ totals });
    const { histograms } = observation.client;
    const rows = latencyRows({
      ...observation,
      client: { ...observation.client, histograms: { ...histograms, recoveryMicros: histogramOfMs([[900, 27]]) } },
    });
    const failedOf = (id: string) => rows.find((row) => row.id === id)?.run?.failed;
    expect([failedOf('connect'), failedOf('recovery')]).toEqual([1, 3]);
  });
});

test('what was due in the steady state and ended in the drain is among its samples', () => {
  const observation = exampleObservation();
  const seconds = observation.client.seconds.map((second, n) =>
    n === 67 ? { ...second, histograms: { roundTripMicros: histogramOfMs([[4_000, 20]]) } } : second,
  );
  const [, roundTrip] = latencyRows({ ...observation, client: { ...observation.client, seconds } });
  expect(roundTrip?.steady?.samples).toBe(620);
  expect((roundTrip?.steady?.p99.ms ?? 0) / 4_000).toBeCloseTo(1, 2);
});
