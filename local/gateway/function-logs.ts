/** What functions write: to a file each, and to CloudWatch where a line is in Embedded Metric Format. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { parseEmf } from '../cloudwatch/emf.ts';
import type { MetricSink } from '../cloudwatch/metric-sink.ts';

export class FunctionLogs {
  #logFolder: string | null;
  #sink: MetricSink;
  #files = new Map<string, WriteStream>();

  constructor(logFolder: string | null, sink: MetricSink) {
    this.#logFolder = logFolder;
    this.#sink = sink;
  }

  write(functionName: string, text: string): void {
    const nowMs = Date.now();
    for (const line of text.split('\n')) {
      for (const metric of parseEmf(line, nowMs)) this.#sink.put(metric);
    }
    if (this.#logFolder === null) return;
    let file = this.#files.get(functionName);
    if (!file) {
      file = createWriteStream(join(this.#logFolder, `lambda-${functionName}.log`));
      // A full disk must not take the target down; the lines are lost.
      file.on('error', () => undefined);
      this.#files.set(functionName, file);
    }
    file.write(text);
  }

  close(): void {
    for (const file of this.#files.values()) file.end();
  }
}
