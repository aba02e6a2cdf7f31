/** The folder of a search, `searches/<id>/`: search.json with every trial, sealed, and a run folder for each. */
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import type { Damage } from '../../record/damage.ts';
import { checkDigests } from '../../record/digests.ts';
import { readRun, runFileNames } from '../../record/run-folder.ts';
import { readSealedJson, writeSealedJson } from '../../record/sealed-json.ts';
import { workloadSchema } from '../../record/workload.ts';
import { variables } from './varied-workload.ts';

/** 4: functions and queues of a trial by logical id. 3: the file is sealed. 2: the workload's numbers have the names of their options. */
const searchSchemaVersion = 4;
export const searchFileName = 'search.json';

const evidenceSchema = z.object({
  generatorLimited: z.string().nullable(),
  broken: z.array(z.string()),
  brokenCodes: z.array(z.string()),
  refusals: z.array(z.object({ quota: z.string(), scope: z.string().nullable(), refusals: z.number() })),
  functions: z.array(
    z.object({
      id: z.string(),
      serves: z.enum(['message', 'queue', 'other']),
      maxConcurrency: z.number().nullable(),
      meanMs: z.number().nullable(),
      p99Ms: z.number().nullable(),
    }),
  ),
  queues: z.array(
    z.object({
      id: z.string(),
      function: z.string(),
      pollerConcurrency: z.number().nullable(),
      oldestAgeSeconds: z.number().nullable(),
      growing: z.boolean().nullable(),
    }),
  ),
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

const trialLatencySchema = z.object({
  id: z.string(),
  name: z.string(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  sloP99Ms: z.number().nullable(),
});

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
  /** Of what was due in the steady state, connects of the whole run; null: it lies among what failed. Absent in searches of earlier versions. */
  latencies: z.array(trialLatencySchema).exactOptional(),
});
export type RecordedTrial = z.infer<typeof trialSchema>;

const searchSchema = z.object({
  schemaVersion: z.literal(searchSchemaVersion),
  searchId: z.string(),
  loadlineVersion: z.string(),
  target: z.object({ kind: z.enum(['local', 'aws', 'endpoint']), region: z.string() }),
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
  writeSealedJson(join(folder, searchFileName), search);

/** Throws a RunFileError. */
export const readSearch = (folder: string): Promise<SearchRecord> =>
  readSealedJson(join(folder, searchFileName), searchSchema);

/** As the search wrote it. */
export const recordedBottleneck = ({ bottleneck }: SearchRecord): Bottleneck | null => bottleneck as Bottleneck | null;

/** What of the trials' run folders is not as their runs left it, the reports left out. */
export async function trialDamage(folder: string, { trials }: SearchRecord): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const trial of trials) {
    const damage = await runDamage(join(folder, trial.folder));
    found.push(...damage.map((each) => ('file' in each ? { ...each, file: join(trial.folder, each.file) } : each)));
  }
  return found;
}

async function runDamage(folder: string): Promise<Damage[]> {
  const damage = await checkDigests(folder);
  // Every trial that a search has recorded completed.
  if (damage === null) return [{ kind: 'missing', file: runFileNames.digests }];
  if (damage.length > 0) return damage;
  const { runId } = await readRun(folder);
  return runId === basename(folder) ? [] : [{ kind: 'foreign', file: runFileNames.run, line: null, run: runId }];
}
