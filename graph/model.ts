/**
 * A stack as its resources and what reaches what: the same for a template and for what is deployed. Its rows, series and reports are named by the
 * logical ids of whoever wrote the template.
 */
import { z } from 'zod';
import { apiSchema, idSchema } from './api-model.ts';

export type {
  Api,
  ApiUsagePlan,
  Authorizer,
  Integration,
  Route,
  StageThrottles,
  Throttle,
} from './api-model.ts';

/** What is told of an asynchronous invocation. */
const destinationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('queue'), id: idSchema }),
  z.strictObject({ kind: z.literal('topic'), id: idSchema }),
  z.strictObject({ kind: z.literal('function'), id: idSchema }),
  z.strictObject({ kind: z.literal('outside'), what: z.string() }),
]);
export type Destination = z.infer<typeof destinationSchema>;

const asynchronousSchema = z.strictObject({
  /** Of an event that failed; null: AWS's default of two. */
  maximumRetries: z.number().nullable(),
  /** Null: AWS's default of 6 h. */
  maximumAgeSeconds: z.number().nullable(),
  /** A record of each that succeeded, and of each that failed for the last time. */
  onSuccess: destinationSchema.nullable(),
  onFailure: destinationSchema.nullable(),
  /** The event itself, once it has failed for the last time. */
  deadLetters: destinationSchema.nullable(),
});
export type Asynchronous = z.infer<typeof asynchronousSchema>;

const functionSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  memoryMb: z.number(),
  timeoutSeconds: z.number(),
  /** Null: it uses the account's unreserved concurrency. */
  reservedConcurrency: z.number().nullable(),
  /** Environments that are kept ready for its versions and aliases. Absent: none. */
  provisionedConcurrency: z.number().exactOptional(),
  /** What becomes of its asynchronous invocations. Absent: AWS's defaults, and nobody is told. */
  asynchronous: asynchronousSchema.exactOptional(),
});
export type FunctionNode = z.infer<typeof functionSchema>;

const queueSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  url: z.string(),
  isFifo: z.boolean(),
  /** FifoThroughputLimit is perMessageGroupId. Absent: false. */
  isHighThroughput: z.literal(true).exactOptional(),
  visibilityTimeoutSeconds: z.number(),
  /** `id` is null for a queue that is not the stack's. */
  deadLetters: z.strictObject({ id: idSchema.nullable(), maxReceiveCount: z.number() }).nullable(),
  /** Absent: AWS's default of 4 days. */
  retentionSeconds: z.number().exactOptional(),
});
export type Queue = z.infer<typeof queueSchema>;

/** Of SNS: one that something is subscribed to, or that something publishes to. */
const topicSchema = z.strictObject({ id: idSchema, name: z.string() });
export type Topic = z.infer<typeof topicSchema>;

const subscriptionSchema = z.strictObject({
  id: idSchema,
  topic: idSchema,
  to: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('queue'), id: idSchema }),
    z.strictObject({ kind: z.literal('function'), id: idSchema }),
    z.strictObject({ kind: z.literal('outside'), what: z.string() }),
  ]),
  /** Without the envelope of SNS. */
  isRaw: z.boolean(),
  /** What its filter policy looks at; null: it has none. */
  filteredBy: z.enum(['attributes', 'body']).nullable(),
  /** The queue for what could not be delivered, which may not be the stack's; null: there is none. */
  deadLetters: z.strictObject({ id: idSchema.nullable() }).nullable(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

/** Of EventBridge. The account's default bus has the id `default`. */
const eventBusSchema = z.strictObject({ id: idSchema, name: z.string() });
export type EventBus = z.infer<typeof eventBusSchema>;

/** Of EventBridge: what of a bus goes where. */
const eventRuleSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  bus: idSchema,
  /** By a pattern; else it is a schedule alone. */
  matchesEvents: z.boolean(),
  /** As `rate(5 minutes)`; null: it has none. */
  schedule: z.string().nullable(),
  targets: z.array(
    z.strictObject({
      id: z.string(),
      to: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('function'), id: idSchema }),
        z.strictObject({ kind: z.literal('queue'), id: idSchema }),
        z.strictObject({ kind: z.literal('topic'), id: idSchema }),
        z.strictObject({ kind: z.literal('outside'), what: z.string() }),
      ]),
      /** The queue for what could not be delivered, which may not be the stack's; null: there is none. */
      deadLetters: z.strictObject({ id: idSchema.nullable() }).nullable(),
    }),
  ),
});
export type EventRule = z.infer<typeof eventRuleSchema>;

const tableSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  /** Null: on demand. */
  provisioned: z.strictObject({ readUnits: z.number(), writeUnits: z.number() }).nullable(),
  indexes: z.array(z.strictObject({ name: z.string(), kind: z.enum(['global', 'local']) })),
  hasStream: z.boolean(),
});
export type Table = z.infer<typeof tableSchema>;

/** Of RDS for PostgreSQL. */
const databaseSchema = z.strictObject({
  id: idSchema,
  /** DBInstanceIdentifier. */
  name: z.string(),
  /** As `db.t4g.micro`. */
  instanceClass: z.string(),
  multiAz: z.boolean(),
  maxConnections: z.number(),
  /** What lends its connections; null: its clients have their own. */
  proxy: z.strictObject({ id: idSchema, name: z.string(), mostPercent: z.number() }).nullable(),
});
export type Database = z.infer<typeof databaseSchema>;

const loadBalancerSchema = z.strictObject({
  id: idSchema,
  /** As CloudWatch names it: `app/<name>/<id>`. */
  name: z.string(),
});
export type LoadBalancer = z.infer<typeof loadBalancerSchema>;

/** Of ECS. */
const serviceSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  cluster: z.string(),
  /** As it is deployed. */
  tasks: z.number(),
  /** Of a task: 1,024 are a vCPU. */
  cpuUnits: z.number(),
  memoryMb: z.number(),
});
export type Service = z.infer<typeof serviceSchema>;

const eventSourceSchema = z.strictObject({
  id: idSchema,
  from: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('queue'), id: idSchema }),
    z.strictObject({ kind: z.literal('stream'), id: idSchema }),
    z.strictObject({ kind: z.literal('outside'), what: z.string() }),
  ]),
  function: idSchema,
  batchSize: z.number(),
  batchWindowSeconds: z.number(),
  /** Null: the poller's own limit. */
  maximumConcurrency: z.number().nullable(),
  /** Pollers kept for it, at least and at most. Absent: Lambda decides how many there are. */
  provisionedPollers: z.strictObject({ minimum: z.number(), maximum: z.number() }).exactOptional(),
});
export type EventSource = z.infer<typeof eventSourceSchema>;

/** A function that has been given the name, ARN or address of another resource, and so may call it. */
const reachSchema = z.strictObject({ from: idSchema, to: idSchema });
export type Reach = z.infer<typeof reachSchema>;

export const stackGraphSchema = z.strictObject({
  stackName: z.string(),
  apis: z.array(apiSchema),
  functions: z.array(functionSchema),
  queues: z.array(queueSchema),
  tables: z.array(tableSchema),
  /** Absent: it has none. */
  topics: z.array(topicSchema).exactOptional(),
  subscriptions: z.array(subscriptionSchema).exactOptional(),
  eventBuses: z.array(eventBusSchema).exactOptional(),
  rules: z.array(eventRuleSchema).exactOptional(),
  databases: z.array(databaseSchema).optional(),
  loadBalancers: z.array(loadBalancerSchema).optional(),
  services: z.array(serviceSchema).optional(),
  eventSources: z.array(eventSourceSchema),
  reaches: z.array(reachSchema),
});
export type StackGraph = z.infer<typeof stackGraphSchema>;

/** The graph in one order, whatever the order of its source: two graphs are the same when their texts are. */
export function inOrder(graph: StackGraph): StackGraph {
  const byId = <Node extends { id: string }>(nodes: readonly Node[]) => nodes.toSorted((a, b) => compare(a.id, b.id));
  return {
    stackName: graph.stackName,
    apis: byId(graph.apis).map((api) => ({
      ...api,
      stages: api.stages.toSorted(compare),
      routes: api.routes.toSorted((a, b) => compare(a.key, b.key)),
      ...(api.throttles && { throttles: api.throttles.toSorted((a, b) => compare(a.stage, b.stage)) }),
      ...(api.usagePlans && { usagePlans: byId(api.usagePlans) }),
      ...(api.accessLogs && { accessLogs: api.accessLogs.toSorted(compare) }),
      ...(api.routeMetrics && { routeMetrics: api.routeMetrics.toSorted(compare) }),
    })),
    functions: byId(graph.functions),
    queues: byId(graph.queues),
    tables: byId(graph.tables).map((table) => ({
      ...table,
      indexes: table.indexes.toSorted((a, b) => compare(a.name, b.name)),
    })),
    ...(graph.topics?.length && { topics: byId(graph.topics) }),
    ...(graph.subscriptions?.length && { subscriptions: byId(graph.subscriptions) }),
    ...(graph.eventBuses?.length && { eventBuses: byId(graph.eventBuses) }),
    ...(graph.rules?.length && {
      rules: byId(graph.rules).map((rule) => ({ ...rule, targets: byId(rule.targets) })),
    }),
    ...(graph.databases && { databases: byId(graph.databases) }),
    ...(graph.loadBalancers && { loadBalancers: byId(graph.loadBalancers) }),
    ...(graph.services && { services: byId(graph.services) }),
    eventSources: byId(graph.eventSources),
    reaches: graph.reaches.toSorted((a, b) => compare(a.from, b.from) || compare(a.to, b.to)),
  };
}

/** By code units, as in every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
