/** One line of client.ndjson. */
import { z } from 'zod';
import {
  type ClientRecord,
  clientRecordVersion,
  counterNames,
  fleetPhases,
  histogramNames,
} from '../engine/src/records.ts';
import { type FleetEnd, isSealed, type LineSeal } from '../engine/src/sealed-line.ts';
import { RunFileError } from './json-file.ts';
import { listedEventSchema } from './listed-event.ts';
import { misdeliverySchema } from './misdelivery.ts';
import { missedPublishSchema } from './missed-publish.ts';
import { routesOfSecondSchema } from './route-counts.ts';

const counts = z.record(z.string(), z.number().int().nonnegative());
const buckets = z.record(z.string().regex(/^\d+$/), z.number().int().positive());

const lineSchema = z.object({
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
  events: z.array(listedEventSchema).exactOptional(),
  missedPublishes: z.array(missedPublishSchema).exactOptional(),
  misdeliveries: z.array(misdeliverySchema).exactOptional(),
  routes: routesOfSecondSchema.exactOptional(),
  machine: z
    .object({
      openDescriptors: z.number().exactOptional(),
      maxDescriptors: z.number().exactOptional(),
      portsInUse: z.number().exactOptional(),
      portsOfAddress: z.number().exactOptional(),
    })
    .exactOptional(),
  last: z.boolean().exactOptional(),
  run: z.string(),
  seq: z.number().int().nonnegative(),
  end: z.object({ lines: z.number(), counted: z.number(), values: z.number() }).exactOptional(),
});

/** A line as it was written: its seal is whole. */
export type ClientLine = ClientRecord & LineSeal & { end?: FleetEnd };

/**
 * Undefined for a line that is not as it was written: cut off, changed, or another program's.
 * Throws a RunFileError for a line of another version.
 */
export function parseClientLine(line: string, path: string): ClientLine | undefined {
  const json = jsonOf(line);
  if (!isSealed(line)) {
    const version = versionOf(json);
    // A changed line names this version, or none that there is; those of version 1 had no seal.
    if (version === 1) throw otherVersion(path, version);
    return undefined;
  }
  const version = versionOf(json);
  if (version !== clientRecordVersion) throw otherVersion(path, version);
  const parsed = lineSchema.safeParse(json);
  return parsed.success ? (parsed.data as ClientLine) : undefined;
}

const otherVersion = (path: string, version: unknown) =>
  new RunFileError(
    `${path} has records of version ${version}, but this version of Loadline reads ${clientRecordVersion}: use the version that made the run.`,
    { problem: 'otherVersion' },
  );

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function versionOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
}
