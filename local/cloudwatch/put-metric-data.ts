/** PutMetricData. */
import { CloudWatchError } from './cloudwatch-error.ts';
import { type MetricDatumInput, type PutMetricDataInput, toDimensions } from './inputs.ts';
import type { MetricStore } from './metric-store.ts';

/** Stores nothing unless the whole request is valid, as CloudWatch does. `nowMs` stamps data without a time. */
export function putMetricData(store: MetricStore, input: PutMetricDataInput, nowMs: number): Record<string, never> {
  const data = input.MetricData ?? [];
  data.forEach(checkDatum);
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

function checkDatum(datum: MetricDatumInput, index: number): void {
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
  if (datum.Counts !== undefined && datum.Counts.length !== datum.Values?.length) {
    throw new CloudWatchError('invalidValue', `The parameters ${where}.Values and Counts must be of the same size.`);
  }
}
