import { closeSync, openSync, writeSync } from 'node:fs';
import type { ClientRecord } from '../records.ts';

/**
 * client.ndjson, shared by all fleets of a machine. A line is one write to a file opened for appending, which Linux and macOS do not mix
 * with other writes; it is synchronous so that what was measured is on disk when the process is ended the next moment (about 30 µs a second).
 */
export class RecordFile {
  readonly #descriptor: number;
  constructor(path: string) {
    this.#descriptor = openSync(path, 'a');
  }
  append(record: ClientRecord): void {
    writeSync(this.#descriptor, `${JSON.stringify(record)}\n`);
  }
  close(): void {
    closeSync(this.#descriptor);
  }
}
