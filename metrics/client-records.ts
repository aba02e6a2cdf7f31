/** client.ndjson → the client's measurements. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseClientLine } from '../record/client-line.ts';
import { RunFileError, sentenceOf } from '../record/json-file.ts';
import { type ClientMeasurements, MeasurementMerge } from './measurements.ts';

/**
 * Reads all lines and merges the fleets. Lines that cannot be read are counted, not fatal: a run may be cut off in the middle of one.
 * Throws a RunFileError when the file is missing, of another version, or has no readable line.
 */
export async function readClientRecords(path: string): Promise<ClientMeasurements> {
  const merge = new MeasurementMerge();
  let unreadableLines = 0;
  for await (const line of linesOf(path)) {
    if (line.trim() === '') continue;
    const record = parseClientLine(line, path);
    if (record === undefined) unreadableLines++;
    else merge.add(record);
  }
  const measurements = merge.finish(unreadableLines);
  if (measurements === undefined) {
    throw new RunFileError(
      `${path} holds no readable measurement (${unreadableLines} unreadable lines): the load never began, or another program wrote it.`,
    );
  }
  return measurements;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8');
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    if (cause instanceof RunFileError) throw cause;
    throw new RunFileError(`${path} could not be read: ${sentenceOf(cause)}.`, { cause });
  } finally {
    stream.destroy();
  }
}
