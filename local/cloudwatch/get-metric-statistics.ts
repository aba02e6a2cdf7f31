/** GetMetricStatistics. */
import { CloudWatchError } from './cloudwatch-error.ts';
import { type GetMetricStatisticsInput, toDimensions } from './inputs.ts';
import { parseStatistic } from './statistic.ts';
import type { MetricStore } from './store/metric-store.ts';
import { checkPeriod, checkWindow, roundWindow } from './window.ts';

const maxPoints = 1_440;

export function getMetricStatistics(store: MetricStore, input: GetMetricStatisticsInput) {
  const { Statistics = [], ExtendedStatistics = [] } = input;
  if (Statistics.length + ExtendedStatistics.length === 0) {
    throw new CloudWatchError('missingParameter', 'Statistics or ExtendedStatistics is required.');
  }
  checkWindow(input.StartTime, input.EndTime);
  checkPeriod(input.Period);
  const window = roundWindow(input.StartTime, input.EndTime, input.Period);
  const points = (window.endSecond - window.startSecond) / input.Period;
  if (points > maxPoints) {
    throw new CloudWatchError(
      'invalidCombination',
      `You have requested up to ${Math.ceil(points)} datapoints, which exceeds the limit of ${maxPoints}. Use a longer period or a shorter window.`,
    );
  }
  const simple = Statistics.map((name) => ({ name, of: parseStatistic(name) }));
  const extended = ExtendedStatistics.map((name) => ({ name, of: parseStatistic(name) }));
  const found = store.find(input.Namespace, input.MetricName, toDimensions(input.Dimensions), input.Unit);
  // A datapoint has one unit: each unit's values are a separate row.
  const Datapoints = found.flatMap((series) =>
    store.query([series], window).map(([second, aggregate]) => ({
      Timestamp: second,
      Unit: series.identity.unit,
      ...Object.fromEntries(simple.map(({ name, of }) => [name, of(aggregate)])),
      ...(extended.length > 0 && {
        ExtendedStatistics: Object.fromEntries(extended.map(({ name, of }) => [name, of(aggregate)])),
      }),
    })),
  );
  return { Label: input.MetricName, Datapoints };
}
