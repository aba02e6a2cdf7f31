import { closeSync, openSync, writeSync } from 'node:fs';
import type { ClientRecord } from '../records.ts';
import { addLine, type FleetEnd, noLines, sealLine } from '../sealed-line.ts';

/** Where a fleet's lines go. */
export interface RecordFileOrder {
  /** Path of client.ndjson. */
  path: string;
  /** Id of the run, which every line names; empty where the engine runs without Loadline. */
  run: string;
}

/**
 * client.ndjson, shared by all fleets of a machine: each writes lines of its own, numbered and sealed, the last with the totals of them all.
 * A line is one write to a file opened for appending, which Linux and macOS do not mix with other writes; it is synchronous so that what was
 * measured is on disk when the process is ended the next moment (about 30 µs a second).
 */
export class RecordFile {
  readonly #descriptor: number;
  readonly #order: RecordFileOrder;
  #end: FleetEnd = noLines;

  /** @throws an Error of one sentence when the file cannot be opened. */
  constructor(order: RecordFileOrder) {
    this.#order = order;
    // For its owner only: what a target sent may be private.
    this.#descriptor = attempt(order.path, () => openSync(order.path, 'a', 0o600));
  }

  /** @throws an Error of one sentence when the line cannot be written whole, as on a full disk. */
  append(record: ClientRecord): void {
    const seq = this.#end.lines;
    this.#end = addLine(this.#end, record);
    const line = sealLine(record.last ? { ...record, end: this.#end } : record, { run: this.#order.run, seq });
    const bytes = Buffer.from(`${line}\n`);
    attempt(this.#order.path, () => {
      // A disk that is almost full takes the first part of a line, and refuses the rest.
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    });
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${path} could not be written: ${reasonOf(cause)}.`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && cause.code === 'ENOSPC' ? 'the disk is full' : cause.message;
}
