/** Metrics of the handlers, in CloudWatch's embedded metric format (EMF): a log line that CloudWatch turns into metrics. */
import type { MetricCounts } from '../domain/metric-counts.ts';

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
