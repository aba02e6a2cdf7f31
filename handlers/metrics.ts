/** Metrics of the handlers, in CloudWatch's embedded metric format (EMF): a log line that CloudWatch turns into metrics. */

/**
 * Counters of the stack, all with the dimension `Stack`.
 * `PushesThrottled` counts each 429 that `@connections` answered, also when the next attempt went through.
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

/** All counters at zero: nothing happened is a measurement too. */
export const noCounts = (): Required<MetricCounts> =>
  Object.fromEntries(metricNames.map((name) => [name, 0])) as Required<MetricCounts>;

/** One EMF line, without its line feed. Source: CloudWatch User Guide, "Specification: Embedded metric format". */
export function metricLine(stackName: string, counts: MetricCounts, timestampMs: number): string {
  return JSON.stringify({
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: [
        {
          Namespace: 'Loadline',
          Dimensions: [['Stack']],
          Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    Stack: stackName,
    ...counts,
  });
}

/** Writes the line as it is: Lambda's console.log would put a time and a request id before it. */
export function writeMetrics(stackName: string, counts: MetricCounts, timestampMs: number): void {
  process.stdout.write(`${metricLine(stackName, counts, timestampMs)}\n`);
}
