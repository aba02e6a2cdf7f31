/** observation.json in the run folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jsonText, readJsonFile, writeTextFile } from './json-file.ts';
import { type Observation, observationSchema } from './observation.ts';
import { runFileNames } from './run-folder.ts';

export function writeObservation(folder: string, observation: Observation): Promise<void> {
  return writeTextFile(join(folder, runFileNames.observation), observationText(observation));
}

/** Its keys in the schema's order, so that the same measurements give the same text, wherever they come from. */
export const observationText = (observation: Observation): string => jsonText(observationSchema.parse(observation));

/** Null when there is none: the run did not get that far. Throws a RunFileError when it is cut off or of another version. */
export async function readObservation(folder: string): Promise<Observation | null> {
  const path = join(folder, runFileNames.observation);
  return existsSync(path) ? await readJsonFile(path, observationSchema) : null;
}
