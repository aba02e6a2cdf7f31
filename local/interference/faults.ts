/** Faults, as given in a file or to the control endpoint. */
import { z } from 'zod';
import { draw, streamOf } from '../../aws/random.ts';
import { longestTimerMs } from '../process/sleep.ts';
import { delaySchema } from './delay.ts';
import { services } from './services.ts';

/** Who calls: a function of the stack, the platform itself (pollers, service integrations), or any other client. */
const callers = ['everyone', 'functions', 'platform', 'others'] as const;
export type Caller = Exclude<(typeof callers)[number], 'everyone'>;

const seconds = z.number().min(0);
const common = {
  /** Its name in counts, metrics and reports. Default: its kind and service, with a number if taken. */
  name: z.string().min(1).max(64).optional(),
  /**
   * Which operations, as patterns with `*`: an API action (`GetItem`), a function's name (`*deliver*`), a route key (`ping`,
   * `$connect`), or method and path of the webhook API (`POST /*`). Default: all.
   */
  operation: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .transform((given) => [given].flat())
    .default(['*']),
  callers: z.enum(callers).default('everyone'),
  /** From when it is set to its start, and from its start to its end; without a duration it lasts until it is cleared. */
  startSeconds: seconds.default(0),
  durationSeconds: z.number().positive().optional(),
  /** Share of the operations that it affects, 0 to 1. */
  share: z.number().min(0).max(1).default(1),
  /** Number of operations that pass first; counted, so independent of the clock. */
  skip: z.number().int().min(0).default(0),
  /** Maximum number of times that it fires. */
  most: z.number().int().positive().optional(),
  /** Seed of this fault; default: the target's. */
  seed: z.number().int().optional(),
};

/** Services that are reached by HTTP: a request or its response can be lost. */
const reachable = ['dynamodb', 'sqs', 'connectionsApi', 'httpApi', 'cloudwatch', 'secretsManager'] as const;
const crashMoments = ['before', 'during', 'after', 'answered'] as const;
export type CrashMoment = (typeof crashMoments)[number];
const way = z.enum(['reset', 'hang']);
const taskEnds = ['kill', 'stop', 'deploy'] as const;
export type TaskEnd = (typeof taskEnds)[number];

/** Every kind of fault: what each has of its own, and the fields that are common to all. */
const kindsWith = <Common extends z.ZodRawShape>(common: Common) =>
  [
    /** The operation takes longer. */
    z.strictObject({ kind: z.literal('latency'), service: z.enum(services), ...common, delay: delaySchema }),
    /** The service fails before doing anything. `error`, `status` and `message` replace its own internal error. */
    z.strictObject({
      kind: z.literal('error'),
      service: z.enum(services),
      ...common,
      error: z.string().min(1).optional(),
      status: z.number().int().min(400).max(599).optional(),
      message: z.string().optional(),
    }),
    /** Refused as by a quota: a share, or everything over `quota`. */
    z.strictObject({
      kind: z.literal('throttle'),
      service: z.enum(services),
      ...common,
      quota: z.strictObject({ ratePerSecond: z.number().positive(), burst: z.number().int().positive() }).optional(),
    }),
    /** The request never arrives: the connection hangs until the fault ends and is then reset, or is reset immediately. */
    z.strictObject({
      kind: z.literal('partition'),
      service: z.enum(reachable),
      ...common,
      way: way.default('hang'),
    }),
    /** The service performs the request, but its response never arrives. */
    z.strictObject({ kind: z.literal('lostAnswer'), service: z.enum(reachable), ...common, way: way.default('reset') }),
    /**
     * The function's environment ends: before the handler, during it, after it (work done, no response), or once its
     * response has been sent, so that the next event starts cold.
     */
    z.strictObject({
      kind: z.literal('crash'),
      service: z.literal('lambda').default('lambda'),
      ...common,
      when: z.enum(crashMoments).default('after'),
      /** `during`: milliseconds after the handler was given the event. */
      afterMs: z.number().min(0).max(longestTimerMs).default(5),
    }),
    /** A received message is immediately visible again, so that it is delivered twice. */
    z.strictObject({ kind: z.literal('duplicateDelivery'), service: z.literal('sqs').default('sqs'), ...common }),
    /** A sent message can be received only after a delay. */
    z.strictObject({
      kind: z.literal('delayedDelivery'),
      service: z.literal('sqs').default('sqs'),
      ...common,
      delaySeconds: z.number().int().min(1).max(900),
    }),
    /**
     * Some entries of a request fail, each by itself, and the others do not: BatchWriteItem and BatchGetItem return them unprocessed, a transaction
     * is cancelled for them, and SQS's batches name them in `Failed`.
     */
    z.strictObject({ kind: z.literal('partialFailure'), service: z.enum(['dynamodb', 'sqs']), ...common }),
    /** `$disconnect` is not called when a connection ends; AWS calls it on a best-effort basis. */
    z.strictObject({
      kind: z.literal('lostDisconnect'),
      service: z.literal('webSocketApi').default('webSocketApi'),
      ...common,
    }),
    /** A share of the open connections is closed: once, or at an interval. */
    z.strictObject({
      kind: z.literal('disconnect'),
      service: z.literal('webSocketApi').default('webSocketApi'),
      ...common,
      /** `close` sends a close frame with `code`; `reset` ends the TCP connection without one. */
      way: z.enum(['close', 'reset']).default('close'),
      code: z.number().int().min(1_000).max(4_999).default(1_001),
      everySeconds: z.number().min(1).optional(),
    }),
    /**
     * Tasks of a service end: once, or at an interval. `kill`: at once, as with their host; `stop`: taken from the load balancer, told and given time, as when a
     * service is scaled in; `deploy`: every task is replaced so, one after the other. `operation` matches the service's logical id.
     */
    z.strictObject({
      kind: z.literal('taskStop'),
      service: z.literal('ecs').default('ecs'),
      ...common,
      way: z.enum(taskEnds).default('kill'),
      /** How many at a time; a deployment replaces all. */
      tasks: z.number().int().min(1).default(1),
      everySeconds: z.number().min(1).optional(),
    }),
    /**
     * The store fails over, once. `rds`: every connection to the database ends, and none can be made until it answers again, under the same name and with all that was committed; a proxy
     * keeps those clients that wait for nothing. `dynamodb`: requests fail with 500 or 503 meanwhile. Without a duration it takes as long as one of a cluster in several zones.
     * `operation` matches the database's logical id, or the action.
     */
    z.strictObject({
      kind: z.literal('failover'),
      service: z.enum(['rds', 'dynamodb']).default('rds'),
      ...common,
      /** Of `rds`. `kill`: the server's processes end by kill -9 as it begins, and it recovers from its log. */
      way: z.enum(['cut', 'kill']).default('cut'),
    }),
  ] as const;

const faultSchema = z.discriminatedUnion('kind', kindsWith(common), {
  error: ({ code }) =>
    code === 'invalid_union'
      ? 'expected one of latency, error, throttle, partition, lostAnswer, crash, duplicateDelivery, delayedDelivery, partialFailure, lostDisconnect, disconnect, taskStop, failover'
      : undefined,
});
export type Fault = z.infer<typeof faultSchema>;

/** A file of faults. */
export const faultsFileSchema = z.strictObject({
  /** Seed of every fault without its own; default: the target's. */
  seed: z.number().int().optional(),
  faults: z.array(faultSchema).default([]),
});

export type FaultsFile = z.infer<typeof faultsFileSchema>;

/** A fault that is set, as the control endpoint lists it: always with its name and seed. */
export const listedFaultSchema = z.discriminatedUnion(
  'kind',
  kindsWith({
    ...common,
    name: z.string(),
    seed: z.number().int(),
    /** When it was set, in ms since the epoch; its start counts from there. */
    setAtMs: z.number(),
    /** How often it fired; absent where that has not been counted. */
    fired: z.number().optional(),
    /** true: it was cleared before `fired` was read. */
    cleared: z.boolean().optional(),
  }),
);

/** What the control endpoint answers: the faults that are set, and those that have fired and were cleared. */
export const faultListSchema = z.object({ faults: z.array(listedFaultSchema), cleared: z.array(listedFaultSchema) });

/** A fault that is set. */
export type SetFault = Fault & Pick<z.infer<typeof listedFaultSchema>, 'name' | 'seed' | 'setAtMs'>;

/** Of a failover, in seconds: of an instance in two zones it is 60 to 120 s, of a cluster in three under 35 s. RDS user guide, "Multi-AZ deployments", read November 2026. */
const failoverSeconds = { least: 20, most: 35 };

interface SettingFaults {
  /** The active faults. */
  taken: readonly SetFault[];
  seed: number;
  nowMs: number;
  /** Of the target: times that are not given are compressed by it. Absent: 1. */
  timeScale?: number;
}

/** Names and seeds newly set faults, and says how long a failover takes that does not. A name that is taken gets a number. */
export function setFaults(
  faults: readonly Fault[],
  { taken, seed: ofTarget, nowMs, timeScale = 1 }: SettingFaults,
): SetFault[] {
  const names = new Set(taken.map(({ name }) => name));
  return faults.map((fault) => {
    const wanted = fault.name ?? `${fault.kind} ${fault.service}`;
    let name = wanted;
    for (let count = 2; names.has(name); count++) name = `${wanted} ${count}`;
    names.add(name);
    const seed = fault.seed ?? ofTarget;
    const set = { ...fault, name, seed, setAtMs: nowMs };
    if (set.kind !== 'failover' || set.durationSeconds !== undefined) return set;
    const { least, most } = failoverSeconds;
    const drawn = least + (most - least) * draw(seed, streamOf(`failover ${name}`), 0);
    return { ...set, durationSeconds: Number((drawn / timeScale).toPrecision(3)) };
  });
}
