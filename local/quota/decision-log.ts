/** decisions.ndjson in the log folder: how often each quota refused, per second. Derived from the metric that every process publishes. */
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { MetricSink, MetricValue } from '../cloudwatch/store/metric-sink.ts';
import { openLogFile } from '../process/log-file.ts';
import { Decisions } from './decisions.ts';
import { refusalMetric } from './refusals.ts';

/** The other processes publish once a second: by then they have reported their refusals. */
const settledAfterSeconds = 3;

export interface DecisionLog extends MetricSink {
  /** Writes the rest. Never rejects. */
  close(): Promise<void>;
}

/** Inspects every metric and logs those of refusals. The file exists from the start, empty while nothing is refused. */
export function openDecisionLog(logFolder: string, maxBytes: number, nowMs: () => number): DecisionLog {
  const decisions = new Decisions(maxBytes);
  const file = openLogFile(join(logFolder, 'decisions.ndjson'));
  // A full disk must not bring the target down; the lines are lost.
  file.on('error', () => undefined);
  const timer = setInterval(() => {
    const text = decisions.takeBefore(Math.floor(nowMs() / 1_000) - settledAfterSeconds);
    if (text !== '') file.write(text);
  }, 1_000);
  return {
    put({ namespace, name, dimensions, value, timestampMs }: MetricValue) {
      if (name !== refusalMetric.name || namespace !== refusalMetric.namespace) return;
      decisions.add(dimensions.Quota ?? '', timestampMs, value);
    },
    async close() {
      clearInterval(timer);
      file.end(decisions.takeAll());
      await finished(file).catch(() => undefined);
    },
  };
}

/** A sink that forwards to the decision log as well. */
export function withDecisions(sink: MetricSink, decisions: DecisionLog | null): MetricSink {
  if (decisions === null) return sink;
  return {
    put(metric) {
      sink.put(metric);
      decisions.put(metric);
    },
  };
}
