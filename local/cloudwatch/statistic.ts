/** Statistics of a period by the names that CloudWatch gives them. */

import { CloudWatchError } from './cloudwatch-error.ts';
import type { Aggregate } from './store/aggregate.ts';

/** Undefined: the period has no such value (a percentile of statistic sets). */
export type Statistic = (aggregate: Aggregate) => number | undefined;

const simple: Record<string, Statistic> = {
  SampleCount: (aggregate) => aggregate.count,
  Sum: (aggregate) => aggregate.sum,
  Average: (aggregate) => aggregate.sum / aggregate.count,
  Minimum: (aggregate) => aggregate.min,
  Maximum: (aggregate) => aggregate.max,
};

/** p0 to p100 with up to ten decimals, e.g. p99 or p99.9. */
const percentilePattern = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** Throws a validation error for a statistic that is unknown or not served here (such as trimmed means). */
export function parseStatistic(name: string): Statistic {
  const known = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (known !== undefined) return known;
  const percent = percentilePattern.exec(name)?.[1];
  if (percent === undefined) {
    throw new CloudWatchError(
      'validation',
      `Statistic ${name} is not supported by the local target. Use SampleCount, Sum, Average, Minimum, Maximum or a percentile such as p99.`,
    );
  }
  return (aggregate) => aggregate.percentile(Number(percent));
}
