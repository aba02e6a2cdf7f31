/** Client measurements and what CloudWatch said, made into observation.json: at the end of a run, or later from its folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientRecords, inspectClientRecords } from '../metrics/client-records.ts';
import { missingCollection } from '../metrics/collect.ts';
import { joinObservation } from '../metrics/join.ts';
import type { ClientMeasurements } from '../metrics/measurements.ts';
import { eventsNotAsked } from '../metrics/target-events.ts';
import { type Collection, collectionSchemaVersion, readCollection } from '../record/collection.ts';
import type { Observation } from '../record/observation.ts';
import type { RunRecord } from '../record/run.ts';
import { runFileNames } from '../record/run-folder.ts';
import { readWorkerMeasurements } from './distributed/workers-file.ts';

/** CloudWatch keeps whole minutes on AWS; the local target also seconds. */
export const periodSecondsOf = { local: 1, aws: 60 } as const;
/** After the load's last second the stack still works and reports: the `$disconnect`s of all connections, messages left in the queue. */
const tailSeconds = 30;

/**
 * Of this machine's fleets, or of workers elsewhere, with what is wrong with the lines. Without measurements no fleet wrote a single line:
 * the load never began. Throws a RunFileError when the file is of another version or cannot be read.
 */
export async function inspectMeasurements(folder: string, run?: string): Promise<ClientRecords> {
  const file = join(folder, runFileNames.client);
  if (existsSync(file)) return await inspectClientRecords(file, run === undefined ? {} : { run });
  return { measurements: await readWorkerMeasurements(folder, join(folder, runFileNames.artillery)), damage: [] };
}

/** The measurements alone. */
export const readMeasurements = async (folder: string): Promise<ClientMeasurements | null> =>
  (await inspectMeasurements(folder)).measurements;

/** The window of CloudWatch metrics that belongs to a load; the end is not included. */
export const windowOf = ({ clock }: ClientMeasurements): { startSecond: number; endSecond: number } => ({
  startSecond: clock.firstSecond,
  endSecond: clock.lastSecond + 1 + tailSeconds,
});

/** Every series missing, for a reason: for a target that does not answer. */
export function withoutCloudWatch(run: RunRecord, client: ClientMeasurements, reason: string): Collection | null {
  const { resources, graph, kind } = run.target;
  // An endpoint is not queried, so nothing is missing.
  if (kind === 'endpoint') return emptyCollection(windowOf(client));
  if (graph === undefined) return null;
  return missingCollection({ graph, resources, kind }, windowOf(client), {
    periodSeconds: periodSecondsOf[kind],
    reason,
  });
}

const emptyCollection = (window: Collection['window']): Collection => ({
  schemaVersion: collectionSchemaVersion,
  collectedAt: new Date().toISOString(),
  window,
  periodSeconds: 1,
  series: [],
  queues: null,
  events: eventsNotAsked('an endpoint is not asked'),
});

/**
 * For a run that was cut off before its observation was made: the observation, from the files in the folder, if they suffice; else null.
 * `reason` says why CloudWatch is missing, where it is.
 */
export async function observationFromFiles(
  folder: string,
  { run, client, reason }: { run: RunRecord; client: ClientMeasurements | null; reason: string },
): Promise<Observation | null> {
  if (client === null) return null;
  const collection = existsSync(join(folder, runFileNames.cloudwatch))
    ? await readCollection(folder)
    : withoutCloudWatch(run, client, reason);
  return collection && joinObservation({ runId: run.runId, client, collection });
}
