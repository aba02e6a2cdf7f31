/** One line of client.ndjson. */
import { z } from 'zod';
import {
  type ClientRecord,
  clientRecordVersion,
  counterNames,
  fleetPhases,
  histogramNames,
} from '../engine/src/records.ts';
import { RunFileError } from './json-file.ts';

const counts = z.record(z.string(), z.number().int().nonnegative());
const buckets = z.record(z.string().regex(/^\d+$/), z.number().int().positive());

const recordSchema = z.object({
  version: z.literal(clientRecordVersion),
  second: z.number().int(),
  fleet: z.string(),
  phase: z.enum(fleetPhases),
  openConnections: z.number().int().nonnegative(),
  counters: z.partialRecord(z.enum(counterNames), z.number().nonnegative()),
  histograms: z.partialRecord(z.enum(histogramNames), buckets),
  closeCodes: counts.exactOptional(),
  closeReasons: counts.exactOptional(),
  closesByServer: counts.exactOptional(),
  unexpectedFrames: counts.exactOptional(),
  failures: counts.exactOptional(),
  machine: z
    .object({
      openDescriptors: z.number().exactOptional(),
      maxDescriptors: z.number().exactOptional(),
      portsInUse: z.number().exactOptional(),
      portsOfAddress: z.number().exactOptional(),
    })
    .exactOptional(),
  last: z.boolean().exactOptional(),
});

/** Undefined for a line that cannot be read (cut off). Throws a RunFileError for a line of another version. */
export function parseClientLine(line: string, path: string): ClientRecord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const version = versionOf(json);
  if (version !== undefined && version !== clientRecordVersion) {
    throw new RunFileError(
      `${path} has records of version ${version}, but this version of Loadline reads ${clientRecordVersion}: use the version that made the run.`,
    );
  }
  const parsed = recordSchema.safeParse(json);
  return parsed.success ? (parsed.data as ClientRecord) : undefined;
}

function versionOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
}
