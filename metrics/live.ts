/** Follows client.ndjson while a run goes on, for progress lines. */
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { parseClientLine } from '../record/client-line.ts';
import type { ClientSecond } from '../record/observation.ts';
import { type Clock, systemClock } from './clock.ts';
import { MeasurementMerge } from './measurements.ts';

const readBytes = 1_048_576;
/** A fleet may be late with its line: a second is held back until all fleets reported it, or this much later. */
const patienceSeconds = 3;

interface FollowOptions {
  /** Abort it when the run's process has ended: what is left is yielded, then the generator returns. */
  signal: AbortSignal;
  /** Default: the system's. */
  clock?: Clock;
  pollMs?: number;
}

/** The seconds of all fleets in order, each once. Waits for the file to appear. A line of another version is an error. */
export async function* followClientRecords(
  path: string,
  { signal, clock = systemClock, pollMs = 250 }: FollowOptions,
): AsyncGenerator<ClientSecond, void> {
  const merge = new MeasurementMerge();
  const lines = new GrowingFile(path);
  let yieldedBefore = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      // Checked before the read: what was written before the abort is read after it.
      const ended = signal.aborted;
      for (const line of await lines.readNew()) {
        const record = parseClientLine(line, path);
        // A late line of a second that was already yielded would yield it twice.
        if (record !== undefined && record.second >= yieldedBefore) merge.add(record);
      }
      const complete = ended ? Number.POSITIVE_INFINITY : firstIncomplete(merge, yieldedBefore);
      yield* merge.takeBefore(complete);
      if (ended) return;
      yieldedBefore = complete;
      await clock.sleep(pollMs, signal).catch((error: unknown) => {
        // The abort is the end of the run, and one more read is due.
        if (!signal.aborted) throw error;
      });
    }
  } finally {
    await lines.close();
  }
}

/** Seconds before this one are complete. */
function firstIncomplete(merge: MeasurementMerge, from: number): number {
  const { bounds } = merge;
  if (bounds === undefined) return from;
  let complete = Math.max(from, bounds.oldest, bounds.newest - patienceSeconds);
  // The newest second itself waits for the next, even with all known fleets in it: more fleets may begin.
  while (complete < bounds.newest && merge.isReported(complete)) complete++;
  return complete;
}

class GrowingFile {
  readonly #path: string;
  readonly #decoder = new StringDecoder('utf8');
  #file: FileHandle | undefined;
  #position = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** Whole lines added since the last call; a line without its end waits for it. */
  async readNew(): Promise<string[]> {
    this.#file ??= await open(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (this.#file === undefined) return [];
    const buffer = Buffer.alloc(readBytes);
    let text = this.#rest;
    for (;;) {
      const { bytesRead } = await this.#file.read(buffer, 0, readBytes, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      text += this.#decoder.write(buffer.subarray(0, bytesRead));
    }
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
