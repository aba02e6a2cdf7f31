/** observation.json in the run folder. */
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { type Observation, observationSchema } from './observation.ts';
import { runFileNames } from './run-folder.ts';

export function writeObservation(folder: string, observation: Observation): Promise<void> {
  return writeJsonFile(join(folder, runFileNames.observation), observation);
}

/** Throws a RunFileError when the file is missing, cut off or of another version. */
export function readObservation(folder: string): Promise<Observation> {
  return readJsonFile(join(folder, runFileNames.observation), observationSchema);
}
