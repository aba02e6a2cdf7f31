/** cloudwatch.json: every requested series, the missing ones with a reason, and the queues' depth at the end. */
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { observationSchema, seriesSchema } from './observation.ts';
import { runFileNames } from './run-folder.ts';

/** 2: what the target says of undelivered events, by id. Layout 1 is not read. */
export const collectionSchemaVersion = 2;

const collectionSchema = z.strictObject({
  schemaVersion: z.literal(collectionSchemaVersion),
  /** ISO 8601, UTC. */
  collectedAt: z.string(),
  /** Seconds since the epoch on CloudWatch's clock, the end not included. */
  window: z.strictObject({ startSecond: z.number().int(), endSecond: z.number().int() }),
  /** The period that was used: the one asked for, or the shortest that CloudWatch keeps for data of this age. */
  periodSeconds: z.number().int().positive(),
  series: z.array(seriesSchema),
  queues: observationSchema.shape.server.shape.queues,
  events: observationSchema.shape.server.shape.events,
  failures: observationSchema.shape.server.shape.failures,
});
export type Collection = z.infer<typeof collectionSchema>;

export function writeCollection(folder: string, collection: Collection): Promise<void> {
  return writeJsonFile(join(folder, runFileNames.cloudwatch), collection);
}

/** Throws a RunFileError when the file is missing, cut off or of another version. */
export function readCollection(folder: string): Promise<Collection> {
  return readJsonFile(join(folder, runFileNames.cloudwatch), collectionSchema);
}
