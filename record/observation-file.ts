/** observation.json in the run folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { type Observation, observationSchema } from './observation.ts';
import { runFileNames } from './run-folder.ts';

export function writeObservation(folder: string, observation: Observation): Promise<void> {
  return writeJsonFile(join(folder, runFileNames.observation), observation);
}

/** Null when there is none: the run did not get that far. Throws a RunFileError when it is cut off or of another version. */
export async function readObservation(folder: string): Promise<Observation | null> {
  const path = join(folder, runFileNames.observation);
  return existsSync(path) ? await readJsonFile(path, observationSchema) : null;
}
