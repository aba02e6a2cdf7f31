/** Finds a CloudWatch series in an observation. Missing is not zero: the answer says which. */
import type { Known } from '../../capacity/known.ts';
import type { Observation, Series } from '../../record/observation.ts';

type Server = Pick<Observation['server'], 'series'>;

export const findSeries = (server: Server, key: string): Series | undefined =>
  server.series.find((series) => series.key === key);

/** Logical ids of the resources that have a series, as in `resourceIds(server, 'lambda', 'errors.sum')`: in the order of the series. */
export function resourceIds(server: Server, service: string, figure: string): string[] {
  return server.series.flatMap(({ key }) =>
    key.startsWith(`${service}.`) && key.endsWith(`.${figure}`)
      ? [key.slice(service.length + 1, -figure.length - 1)]
      : [],
  );
}

export const numberOf = (known: Known<number>): number | null => (known.kind === 'value' ? known.value : null);

/** Sum of a `.sum` series over all its periods, or over those that begin within [from, to). */
export function sumOfSeries(
  server: Server,
  key: string,
  within: { from: number; to: number } = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY },
): Known<number> {
  const series = findSeries(server, key);
  if (series?.kind !== 'series') return missing(series, key);
  const points = series.points.filter(([second]) => second >= within.from && second < within.to);
  return { kind: 'value', value: points.reduce((sum, [, value]) => sum + value, 0) };
}

/** Largest value of a series. */
export function maxOfSeries(server: Server, key: string): Known<number> {
  const series = findSeries(server, key);
  if (series?.kind !== 'series') return missing(series, key);
  return {
    kind: 'value',
    value: series.points.reduce((max, [, value]) => Math.max(max, value), Number.NEGATIVE_INFINITY),
  };
}

/** Mean of an average series, each period weighted by its count. */
export function weightedMean(server: Server, averageKey: string, countKey: string): Known<number> {
  const average = findSeries(server, averageKey);
  const weights = findSeries(server, countKey);
  if (average?.kind !== 'series') return missing(average, averageKey);
  if (weights?.kind !== 'series') return missing(weights, countKey);
  const counts = new Map(weights.points);
  const total = average.points.reduce((sum, [second]) => sum + (counts.get(second) ?? 0), 0);
  if (total === 0) return { kind: 'unknown', reason: `${averageKey} and ${countKey} have no period in common.` };
  const sum = average.points.reduce((all, [second, value]) => all + value * (counts.get(second) ?? 0), 0);
  return { kind: 'value', value: sum / total };
}

const missing = (series: Series | undefined, key: string): Known<number> => ({
  kind: 'unknown',
  reason:
    series?.kind === 'noData' ? `CloudWatch has no data for ${key}: ${series.reason}` : `${key} was not collected.`,
});
