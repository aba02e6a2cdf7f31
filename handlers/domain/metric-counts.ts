/** What the handlers count. */

/**
 * Counters of the stack, all with the dimension `Stack`.
 * `PushesThrottled` counts each 429 of `@connections`, even if the next attempt succeeded.
 */
const metricNames = [
  'EventsDelivered',
  'EventsOffline',
  'EventsDuplicate',
  'EventsFailed',
  'PushesSent',
  'PushesGone',
  'PushesThrottled',
  'SignaturesRejected',
] as const;
export type MetricName = (typeof metricNames)[number];
export type MetricCounts = Partial<Record<MetricName, number>>;

/** All counters at zero: zero is a measurement too. */
export const noCounts = (): Required<MetricCounts> =>
  Object.fromEntries(metricNames.map((name) => [name, 0])) as Required<MetricCounts>;
