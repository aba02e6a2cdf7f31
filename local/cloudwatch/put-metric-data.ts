/** PutMetricData. */
import { CloudWatchError } from './cloudwatch-error.ts';
import { type MetricDatumInput, type PutMetricDataInput, toDimensions } from './inputs.ts';
import type { MetricStore } from './store/metric-store.ts';

/** Stores nothing unless the whole request is valid, as CloudWatch does. `nowMs` stamps data without a time. */
export function putMetricData(store: MetricStore, input: PutMetricDataInput, nowMs: number): Record<string, never> {
  const data = input.MetricData ?? [];
  data.forEach((datum, index) => {
    checkDatum(datum, index, nowMs);
  });
  for (const datum of data) {
    const series = store.series(
      input.Namespace,
      datum.MetricName,
      toDimensions(datum.Dimensions),
      datum.Unit ?? 'None',
    );
    const timestampMs = datum.Timestamp === undefined ? nowMs : datum.Timestamp * 1_000;
    if (datum.Value !== undefined) series.add(datum.Value, timestampMs);
    datum.Values?.forEach((value, index) => {
      const count = datum.Counts?.[index] ?? 1;
      if (count > 0) series.add(value, timestampMs, count);
    });
    if (datum.StatisticValues !== undefined) {
      const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = datum.StatisticValues;
      series.addStatistics({ count, sum, min, max }, timestampMs);
    }
  }
  return {};
}

/** From two weeks ago to two hours ahead. Source: CloudWatch API reference, MetricDatum, Timestamp, read 2026-11. */
const oldestMs = 14 * 86_400_000;
const aheadMs = 2 * 3_600_000;

function checkDatum(datum: MetricDatumInput, index: number, nowMs: number): void {
  const given = [datum.Value, datum.Values, datum.StatisticValues].filter((field) => field !== undefined).length;
  const where = `MetricData.member.${index + 1}`;
  if (given === 0) {
    throw new CloudWatchError('missingParameter', `${where}: Value, Values or StatisticValues is required.`);
  }
  if (given > 1) {
    throw new CloudWatchError(
      'invalidCombination',
      `The parameters ${where}.Value, Values and StatisticValues are mutually exclusive.`,
    );
  }
  const timestampMs = (datum.Timestamp ?? nowMs / 1_000) * 1_000;
  if (!(timestampMs >= nowMs - oldestMs && timestampMs <= nowMs + aheadMs)) {
    throw new CloudWatchError(
      'invalidValue',
      `The parameter ${where}.Timestamp must be at most two weeks in the past and two hours in the future.`,
    );
  }
  if (datum.Counts !== undefined && datum.Counts.length !== datum.Values?.length) {
    throw new CloudWatchError('invalidValue', `The parameters ${where}.Values and Counts must be of the same size.`);
  }
}
