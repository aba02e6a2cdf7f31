/** workers.json of a run folder: how many workers applied the load, so that their measurements can be read again from disk. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ClientMeasurements } from '../../metrics/measurements.ts';
import { readJsonFile, writeJsonFile } from '../../record/json-file.ts';
import { readArtilleryOutput } from './artillery-output.ts';
import { runnerNames } from './runners.ts';
import { measurementsOfWorkers } from './worker-measurements.ts';

const name = 'workers.json';
const schema = z.strictObject({
  on: z.enum(runnerNames),
  workers: z.number().int().positive(),
  /** Fleet steps of all workers together. */
  steps: z.number().int().positive(),
});
type WorkersFile = z.output<typeof schema>;

export const writeWorkersFile = (folder: string, content: WorkersFile): Promise<void> =>
  writeJsonFile(join(folder, name), content);

/** Null when no workers were asked for in this folder, or none of them reported anything. @throws CrashError when their counts are not whole. */
export async function readWorkerMeasurements(folder: string, output: string): Promise<ClientMeasurements | null> {
  if (!existsSync(join(folder, name)) || !existsSync(output)) return null;
  const { steps } = await readJsonFile(join(folder, name), schema);
  return measurementsOfWorkers([readArtilleryOutput(output)], steps);
}
