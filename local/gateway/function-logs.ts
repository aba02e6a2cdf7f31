/** Function logs: one file per function, and CloudWatch for lines in Embedded Metric Format. */
import type { WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseEmf } from '../cloudwatch/store/emf.ts';
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import { openLogFile } from '../process/log-file.ts';
import { withTimeout } from './with-timeout.ts';

/** A slower disk must not delay the target's shutdown. */
const closeLimitMs = 1_000;

export class FunctionLogs {
  #logFolder: string | null;
  #sink: MetricSink;
  #files = new Map<string, WriteStream>();

  constructor(logFolder: string | null, sink: MetricSink) {
    this.#logFolder = logFolder;
    this.#sink = sink;
  }

  /** Returns what of it is for people: without the lines that are metrics. */
  write(functionName: string, text: string): string {
    const nowMs = Date.now();
    const shown: string[] = [];
    for (const line of text.split('\n')) {
      const metrics = parseEmf(line, nowMs);
      for (const metric of metrics) this.#sink.put(metric);
      if (metrics.length === 0) shown.push(line);
    }
    this.#keep(functionName, text);
    return shown.join('\n');
  }

  #keep(functionName: string, text: string): void {
    if (this.#logFolder === null) return;
    let file = this.#files.get(functionName);
    if (!file) {
      file = openLogFile(join(this.#logFolder, `lambda-${functionName}.log`));
      // A full disk must not bring the target down; the lines are lost.
      file.on('error', () => undefined);
      this.#files.set(functionName, file);
    }
    file.write(text);
  }

  /** Settles when the files are complete, or after a second. Never rejects. */
  async close(): Promise<void> {
    const files = [...this.#files.values()];
    for (const file of files) file.end();
    await withTimeout(Promise.allSettled(files.map((file) => finished(file))), closeLimitMs);
  }
}
