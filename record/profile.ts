/** profile.json: what each kind of load costs each resource of a stack, as `loadline profile` measured it. */
import { join } from 'node:path';
import { z } from 'zod';
import { deploymentSchema } from '../capacity/headroom/deployment.ts';
import { stackGraphSchema } from '../graph/model.ts';
import { sentRoutesSchema } from './run.ts';
import { readSealedJson, writeSealedJson } from './sealed-json.ts';
import { workloadSchema } from './workload.ts';

const profileSchemaVersion = 1;
export const profileFileName = 'profile.json';

/** What one unit of load costs. `margin`: half of the 95% interval, null where it is not known. `units`: of load, that it was measured over. */
const costSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('value'),
    value: z.number(),
    margin: z.number().nonnegative().nullable(),
    units: z.number().positive(),
  }),
  z.strictObject({ kind: z.literal('unknown'), reason: z.string() }),
]);
export type RecordedCost = z.infer<typeof costSchema>;

const figureSchema = z.strictObject({
  service: z.enum(['apigateway', 'lambda', 'sqs', 'sns', 'events', 'dynamodb', 'ecs']),
  /** Logical id; of an API with several stages `<id>:<stage>`, of an index `<table>:<index>`. */
  resource: z.string(),
  /** invocations, durationMs, messages, requests, bytes, bytesIn, bytesOut, sent, received, deleted, published, matched, readUnits, writeUnits, cpuMs. */
  figure: z.string(),
  /** By kind of load: connect, disconnect, message, webhook, push; poll, firstRead and stageRead of tabs over HTTP; `message <route>` for each other message, `webhook <route>` and `push <route>` for each other address of webhooks. Absent: the profile had none of it. */
  costs: z.record(z.string(), costSchema),
  /** Whether a phase with every kind at once costs as much as the kinds do apart. Null: there was no such phase, or what one kind costs is not known. */
  mixed: z
    .strictObject({
      expected: z.number(),
      measured: z.number(),
      margin: z.number().nullable(),
      /** False: the kinds interfere. Null: too few periods to tell. */
      addsUp: z.boolean().nullable(),
    })
    .nullable(),
});
export type RecordedFigure = z.infer<typeof figureSchema>;

/** What tasks of a service hold and do without being asked, where this machine runs them. Its CPU for a unit of load is a figure, `cpuMs`. */
const profiledServiceSchema = z.strictObject({
  id: z.string(),
  tasks: z.number().int(),
  /** Resident memory of one task before the first connection; null: not measured. */
  baseBytes: z.number().nullable(),
  /** Resident memory that one more connection takes. */
  bytesPerConnection: costSchema,
  /** CPU that one task takes while its connections are silent, ms a second; null: they were not held for long enough. It is taken off every `cpuMs`. */
  idleCpuMsPerSecond: z.number().nullable(),
});
export type ProfiledService = z.infer<typeof profiledServiceSchema>;

const profileSchema = z.object({
  schemaVersion: z.literal(profileSchemaVersion),
  profileId: z.string(),
  loadlineVersion: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  endedAt: z.string(),
  scenario: z.string(),
  planFile: z.string(),
  /** The plan's, as the mixed phase has it; the others have one kind of it each. */
  workload: workloadSchema,
  target: z.strictObject({ kind: z.enum(['local', 'aws']), region: z.string() }),
  graph: stackGraphSchema,
  deployment: deploymentSchema,
  /** Of the reference stack, as deployed. Absent for any other, and in older profiles. */
  settings: z.record(z.string(), z.unknown()).exactOptional(),
  figures: z.array(figureSchema),
  /** Of a service of tasks; absent: there is none, or it ran elsewhere. */
  service: profiledServiceSchema.exactOptional(),
  /** Of several messages or addresses of webhooks, all, and how often the mixed phase had each. Absent: there was one of each, and in older profiles. */
  routes: sentRoutesSchema.exactOptional(),
  /** The route of the plan's messages; null: it is not known. Those of others are in `costs`, under `message <route>`. */
  messageRoute: z.string().nullable(),
  /** The same of webhooks. Absent in older profiles. */
  webhookRoute: z.string().nullable().exactOptional(),
  /** The largest p99 of each function in a phase, in ms. */
  functions: z.array(z.strictObject({ id: z.string(), p99Ms: z.number().nullable() })),
  /** Mean bytes of a frame that a client received; null: none did. */
  frameBytes: z.number().nullable(),
  /** Of the messages sent, those with an answer; null: none was sent. */
  answeredShare: z.number().nullable(),
  trials: z.array(
    z.strictObject({
      kind: z.enum(['connections', 'message', 'webhook', 'push', 'mixed', 'poll']),
      /** Run folder, from the profile's. */
      folder: z.string(),
      /** Of the run: costs of one that was not `ok` may be those of failures. */
      status: z.enum(['ok', 'sloBroken', 'invalid']),
      /** The largest cause of what failed in it, as a sentence. Absent: none is known. */
      cause: z.string().exactOptional(),
    }),
  ),
});
export type ProfileRecord = z.infer<typeof profileSchema>;

export const newProfile = { schemaVersion: profileSchemaVersion } as const;

/** Throws a RunFileError. */
export const writeProfile = (folder: string, profile: ProfileRecord): Promise<void> =>
  writeSealedJson(join(folder, profileFileName), profile);

/** Throws a RunFileError. */
export const readProfile = (path: string): Promise<ProfileRecord> => readSealedJson(path, profileSchema);
