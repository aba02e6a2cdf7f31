/** run.json: what was asked for and how it ended. Written first, finished last. */
import { z } from 'zod';
import { coefficientsSchema } from '../capacity/demand/coefficients-schema.ts';
import { planSchema } from '../capacity/demand/plan.ts';
import { deploymentSchema } from '../capacity/headroom/deployment.ts';
import { stackGraphSchema } from '../graph/model.ts';
import { localModelSchema } from '../local/model.ts';
import { resourcesSchema } from '../stack/target.ts';
import { workloadSchema } from './workload.ts';

/**
 * 2: every number of the workload has the name of its option; what a local target models is data, not sentences; no exit code, which
 * follows from outcome and verdict. 3: digests.json stands beside it, and lines of client.ndjson are sealed. Earlier layouts are not read.
 */
export const runSchemaVersion = 3;

const routeSchema = z.strictObject({
  /** In reports, and in objectives of the plan. */
  name: z.string(),
  /** Of the API that it enters; null: none takes it, or it is not known. */
  key: z.string().nullable(),
  /** How often it is taken beside the others. */
  weight: z.number().nonnegative(),
});
export const sentRoutesSchema = z.strictObject({ message: z.array(routeSchema), webhook: z.array(routeSchema) });
export type SentRoutes = z.infer<typeof sentRoutesSchema>;

const estimateSchema = z.strictObject({ low: z.number(), mid: z.number(), high: z.number() });
/** As capacity/servers/service-costs.ts has them. */
const taskCostsSchema = z.strictObject({
  cpuSeconds: z.strictObject({
    ...{ connect: estimateSchema, message: estimateSchema, webhook: estimateSchema, push: estimateSchema },
  }),
  bytesPerConnection: estimateSchema,
  baseBytes: estimateSchema,
});

export const runSchema = z.strictObject({
  schemaVersion: z.literal(runSchemaVersion),
  runId: z.string(),
  loadlineVersion: z.string(),
  /** Git commit of the project that was run, if there is one. */
  commit: z.string().nullable(),
  scenario: z.string(),
  planFile: z.string(),
  plan: planSchema,
  workload: workloadSchema,
  /** Variables of the scenario that were given beside the workload. */
  variables: z.record(z.string(), z.string()).exactOptional(),
  target: z.strictObject({
    /** `endpoint`: any WebSocket server, of whose inside nothing is known; `aws` without `resources`: somebody's own stack. */
    kind: z.enum(['local', 'aws', 'endpoint']),
    /** Empty for an endpoint. */
    region: z.string(),
    /** Null until the target is up, and for good when it never came up. */
    webSocketUrl: z.string().nullable(),
    webhookUrl: z.string().nullable(),
    /** Logical ids of the stack's APIs at these URLs; null: none, or not known. Absent: the URLs alone say it. */
    entered: z.strictObject({ webSocket: z.string().nullable(), webhook: z.string().nullable() }).exactOptional(),
    /** Of the reference stack; null for every other. */
    resources: resourcesSchema.nullable(),
    /** Absent until the target is up, and for an endpoint of whose inside nothing is known. */
    graph: stackGraphSchema.exactOptional(),
    /** Local target: how it differs from AWS, its faults with how often each fired. Null for every other, and until it is up. */
    model: localModelSchema.nullable(),
  }),
  /** The messages that are sent, and the URLs that webhooks are posted to, by their place in the mix. Absent: not known, or the reference stack's own. */
  routes: sentRoutesSchema.exactOptional(),
  /** Workers on AWS that applied the load; null: this machine did. */
  workers: z
    .strictObject({ on: z.enum(['fargate', 'lambda']), count: z.number().int().positive(), region: z.string() })
    .nullable(),
  /** Of the reference stack, as deployed: kept as they are. */
  settings: z.record(z.string(), z.unknown()),
  /** What quotas and costs depend on. Absent until the target is up, for an endpoint, and in older runs. */
  deployment: deploymentSchema.exactOptional(),
  /** Of a service of tasks: the functions whose table, queue and secrets it has, and what a unit of load costs these. Absent for every other, and in older runs. */
  shared: z.strictObject({ coefficients: coefficientsSchema, deployment: deploymentSchema }).exactOptional(),
  /** What each kind of load costs, where a profile had measured it: then the run's own mix is not used. */
  profile: z.strictObject({ profileId: z.string(), coefficients: coefficientsSchema }).exactOptional(),
  /** Of a service of tasks: what each kind of load costs a task, where a profile had measured it (on this machine or on AWS): then the run's own sum is not used. */
  tasksProfile: z
    .strictObject({ profileId: z.string(), on: z.enum(['local', 'aws']), costs: taskCostsSchema })
    .exactOptional(),
  machine: z.strictObject({
    cores: z.number().int(),
    memoryBytes: z.number(),
    platform: z.string(),
    nodeVersion: z.string(),
    artilleryVersion: z.string(),
  }),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** When load began and ended; null until known. */
  loadStartedAt: z.string().nullable(),
  loadEndedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  outcome: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('running') }),
    z.strictObject({ kind: z.literal('completed') }),
    z.strictObject({ kind: z.literal('interrupted'), signal: z.string() }),
    z.strictObject({
      kind: z.literal('crashed'),
      /** `connection`: the target let nobody in, or closed every connection. `folder`: the run folder could not be written. `loadline`: this program, by an error of its own. */
      part: z.enum(['target', 'connection', 'artillery', 'collector', 'engine', 'folder', 'loadline']),
      reason: z.string(),
    }),
  ]),
});
export type RunRecord = z.infer<typeof runSchema>;
export type { LocalModel } from '../local/model.ts';
