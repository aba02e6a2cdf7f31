/** Metrics of the handlers, in CloudWatch's embedded metric format (EMF): a log line that CloudWatch turns into metrics. */
import type { MetricCounts } from '../domain/metric-counts.ts';

/** One EMF line, without its line feed. Source: CloudWatch User Guide, "Specification: Embedded metric format". */
export function metricLine(stackName: string, counts: Readonly<Record<string, number>>, timestampMs: number): string {
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

/** Writes the line unchanged: Lambda's console.log would prefix it with a time and a request id. */
export function writeMetrics(stackName: string, counts: MetricCounts, timestampMs: number): void {
  process.stdout.write(`${metricLine(stackName, counts, timestampMs)}\n`);
}

/** Of a task, by which its service is scaled: nothing of AWS counts open WebSockets. */
export function writeOpenConnections(stackName: string, connections: number, timestampMs: number): void {
  process.stdout.write(`${metricLine(stackName, { OpenConnections: connections }, timestampMs)}\n`);
}
