/** The folder of a search, `searches/<id>/`: search.json with every trial, and a run folder for each. */
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../../record/json-file.ts';
import { workloadSchema } from '../../record/workload.ts';
import { functionRoles } from '../../stack/target.ts';
import { variables } from './varied-workload.ts';

/** 2: the workload's numbers have the names of their options. */
const searchSchemaVersion = 2;
const searchFileName = 'search.json';

const evidenceSchema = z.object({
  generatorLimited: z.string().nullable(),
  broken: z.array(z.string()),
  brokenCodes: z.array(z.string()),
  refusals: z.array(z.object({ quota: z.string(), scope: z.string().nullable(), refusals: z.number() })),
  functions: z.array(
    z.object({
      role: z.enum(functionRoles),
      maxConcurrency: z.number().nullable(),
      meanMs: z.number().nullable(),
      p99Ms: z.number().nullable(),
    }),
  ),
  pollerConcurrency: z.number().nullable(),
  queue: z.object({ oldestAgeSeconds: z.number().nullable(), growing: z.boolean().nullable() }),
  roundTripP99Ms: z.number().nullable(),
  machineWaitShare: z.number().nullable(),
});

const sustainedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same') }),
  z.object({
    kind: z.literal('less'),
    load: z.number(),
    quota: z.string(),
    demandPerSecond: z.number(),
    ratePerSecond: z.number(),
  }),
  z.object({ kind: z.literal('unknown'), reason: z.string() }),
]);

const trialSchema = z.object({
  load: z.number(),
  purpose: z.enum(['ramp', 'bisection', 'vote', 'verification']),
  passed: z.boolean(),
  /** Run folder, from the search's. */
  folder: z.string(),
  sentence: z.string(),
  evidence: evidenceSchema,
  /** Absent in searches of earlier versions. */
  sustained: sustainedSchema.nullable().default(null),
});
export type RecordedTrial = z.infer<typeof trialSchema>;

const searchSchema = z.object({
  schemaVersion: z.literal(searchSchemaVersion),
  searchId: z.string(),
  loadlineVersion: z.string(),
  target: z.object({ kind: z.enum(['local', 'aws']), region: z.string() }),
  scenario: z.string(),
  /** The command's options: what --resume continues with. */
  options: z.looseObject({
    plan: z.string().exactOptional(),
    target: z.string().exactOptional(),
    settings: z.string().exactOptional(),
    fleets: z.int().positive().exactOptional(),
  }),
  variable: z.enum(variables),
  settings: z.object({ start: z.number(), max: z.number(), width: z.number(), resolution: z.number().exactOptional() }),
  /** The workload that each trial varies. */
  workload: workloadSchema,
  fixedConnectRate: z.boolean(),
  slo: z.record(z.string(), z.number()),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** Null while it runs. */
  outcome: z.enum(['found', 'interrupted']).nullable(),
  /** Highest load that was carried, verified by clean re-runs once the outcome is `found`; 0: none was. */
  lower: z.number(),
  /** Lowest load that was not carried; null: the largest that was to be tried was carried. */
  upper: z.number().nullable(),
  /** A Bottleneck of capacity/search/bottleneck.ts. */
  bottleneck: z.looseObject({ kind: z.string() }).nullable(),
  /** What of `lower` lasts beyond a trial, without the bursts that buckets lend. */
  sustained: sustainedSchema.nullable().default(null),
  trials: z.array(trialSchema),
});
export type SearchRecord = z.infer<typeof searchSchema>;

export const newSearch = {
  schemaVersion: searchSchemaVersion,
  endedAt: null,
  outcome: null,
  lower: 0,
  upper: null,
  sustained: null,
} as const;

export const writeSearch = (folder: string, search: SearchRecord): Promise<void> =>
  writeJsonFile(join(folder, searchFileName), search);

/** Throws a RunFileError. */
export const readSearch = (folder: string): Promise<SearchRecord> =>
  readJsonFile(join(folder, searchFileName), searchSchema);
