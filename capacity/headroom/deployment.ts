/** A stack as capacity sees it: the settings of its resources on which quotas and costs depend, by logical id. */
import { z } from 'zod';

const bucketSchema = z.strictObject({ ratePerSecond: z.number(), burst: z.number() });

const apiSchema = z.strictObject({
  id: z.string(),
  /** `functionUrl`: the URL of a function, before which no API Gateway stands. */
  kind: z.enum(['webSocket', 'http', 'rest', 'functionUrl']),
  /** Of each route of its stage that has none of its own; null: the account's alone. */
  throttle: bucketSchema.nullable(),
  /** The routes that messages, or webhooks, take, and the share of them that does, 0 to 1. Absent: not known. */
  taken: z.array(z.strictObject({ route: z.string(), share: z.number() })).exactOptional(),
  /** Of single routes, in place of the stage's; a kind of load is compared with those that it takes. Absent: none has one. */
  routeThrottles: z
    .array(bucketSchema.extend({ route: z.string(), kind: z.enum(['connect', 'message', 'webhook']) }))
    .exactOptional(),
  /** What its usage plan gives an API key; of several plans, the one that gives the most. Absent: no route needs a key, or no plan limits it. */
  usagePlan: z
    .strictObject({
      id: z.string(),
      throttle: bucketSchema.nullable(),
      /** Of single routes, besides that of all. */
      routes: z.array(bucketSchema.extend({ route: z.string() })),
      quota: z.strictObject({ requests: z.number(), period: z.enum(['day', 'week', 'month']) }).nullable(),
      /** Routes that need a key; requests to the others are not counted. */
      keyed: z.array(z.string()),
    })
    .exactOptional(),
  routes: z.number().int(),
  stages: z.number().int(),
  /** Whether each request leaves a line in an access log, and each route has metrics of its own. */
  accessLogs: z.boolean(),
  detailedMetrics: z.boolean(),
});
export type EnteredApi = z.infer<typeof apiSchema>;

const awaitedKinds = ['connect', 'disconnect', 'message', 'webhook'] as const;

const functionSchema = z.strictObject({
  id: z.string(),
  memoryMb: z.number(),
  /** After which Lambda ends an invocation. Absent: not known, or set by the stack's author so that it never ends one. */
  timeoutSeconds: z.number().exactOptional(),
  /** Null: it uses the account's unreserved concurrency. */
  reservedConcurrency: z.number().nullable(),
  /** Environments kept ready. */
  provisionedConcurrency: z.number(),
  /** Kinds of load whose answer waits for it. Empty: nothing does. */
  awaitedBy: z.array(z.enum(awaitedKinds)),
  authorizes: z.boolean(),
});
export type DeployedFunction = z.infer<typeof functionSchema>;

/** A queue that a function empties. */
const queueSchema = z.strictObject({
  id: z.string(),
  function: z.string(),
  isFifo: z.boolean(),
  /** FifoThroughputLimit is perMessageGroupId. Absent: false. */
  isHighThroughput: z.boolean().exactOptional(),
  batchSize: z.number(),
  /** MaximumConcurrency of the event source; null: the pollers' own limit. */
  maximumConcurrency: z.number().nullable(),
  /** Pollers kept for the event source, at least and at most, in place of MaximumConcurrency. */
  provisionedPollers: z.strictObject({ minimum: z.number(), maximum: z.number() }).nullable(),
  visibilityTimeoutSeconds: z.number(),
  /** Null: it has no dead letters. */
  maxReceiveCount: z.number().nullable(),
  /** How long it keeps a message; null: AWS's default of 4 days. */
  retentionSeconds: z.number().nullable(),
});
export type FedQueue = z.infer<typeof queueSchema>;

/** Of SNS. */
const topicSchema = z.strictObject({ id: z.string() });

/** Of EventBridge: a bus, or a rule that events of a bus match. */
const eventPartSchema = z.strictObject({ id: z.string() });

const tableSchema = z.strictObject({
  /** Of an index `<table>:<index>`. */
  id: z.string(),
  /** Null: on demand. */
  provisioned: z.strictObject({ readUnits: z.number(), writeUnits: z.number() }).nullable(),
});
export type DeployedTable = z.infer<typeof tableSchema>;

const databaseSchema = z.strictObject({
  id: z.string(),
  /** As `t4g.micro`. */
  instanceClass: z.string(),
  /** One in each zone. */
  instances: z.number().int(),
  storageGb: z.number(),
  /** Null: not set, and what RDS gives the instance class is not known. */
  maxConnections: z.number().nullable(),
  /** Absent: it is what RDS gives the instance class. */
  isMaxConnectionsSet: z.literal(true).exactOptional(),
  /** Share of the connections that a proxy lends, in percent; null: each environment of a function has one of its own. */
  proxyPercent: z.number().nullable(),
  natGateways: z.number().int(),
  /** Connections that the stack keeps for what looks after the rows. Absent: none. */
  upkeepConnections: z.number().int().exactOptional(),
  /** Who connects. */
  functions: z.array(z.string()),
  /** Of one unit of each kind of load, by the code path. */
  statements: z.record(z.string(), z.number()),
});
export type DeployedDatabase = z.infer<typeof databaseSchema>;

/** A service of tasks that does the job of the functions: the settings on which its capacity depends. */
const serviceSchema = z.strictObject({
  /** On Fargate, or on EC2 instances of the type. */
  capacity: z.enum(['fargate', 'ec2']),
  instanceType: z.string(),
  /** Of a task: 1,024 are a vCPU. */
  cpuUnits: z.number(),
  memoryMb: z.number(),
  leastTasks: z.number().int(),
  mostTasks: z.number().int(),
  /** Above which tasks are added. */
  connectionsPerTask: z.number(),
  targetCpuPercent: z.number(),
  /** How its tasks are replaced, in percent of them. Absent: 100 and 200, as in runs of stacks that had no setting for it. */
  deployment: z.strictObject({ minimumHealthyPercent: z.number(), maximumPercent: z.number() }).exactOptional(),
  bus: z.strictObject({ nodeType: z.string(), nodes: z.number().int() }),
  /** Where it keeps its rows, and how many connections a task has at most. Absent: in a table of DynamoDB. */
  database: z.strictObject({ connectionsPerTask: z.number().int(), deployed: databaseSchema }).exactOptional(),
});
export type DeployedService = z.infer<typeof serviceSchema>;

const unitsSchema = z.record(z.string(), z.number());

/** What the author of a stack says of its code: no measurement shows it. Absent for somebody else's stack. */
const codeSchema = z.strictObject({
  /** Who pushes what is published to channels, and where subscriptions are stored. `maxRecipients`: a publish to a larger channel is refused by the stack itself. */
  channels: z
    .strictObject({ function: z.string(), table: z.string(), maxRecipients: z.number().exactOptional() })
    .nullable(),
  /** Functions that read secrets as their environments start, and what reads them where webhooks go into the queue without one. */
  secretReaders: z.array(z.string()),
  /** Units of each table by kind of load, by the code path. */
  tableUnits: z.record(z.string(), z.strictObject({ writeUnits: unitsSchema, readUnits: unitsSchema })),
  storage: z
    .strictObject({
      table: z.string(),
      eventTtlSeconds: z.number(),
      bytesPerEvent: z.number(),
      bytesPerConnection: z.number(),
      bytesPerSubscription: z.number(),
      /** Of its largest row, but for one that lists connections. */
      rowBytes: z.number(),
    })
    .nullable(),
  /** What serves the stage, and events to clients without a connection. Absent: nothing. */
  fallback: z
    .strictObject({
      /** Logical ids. `table`: where events are kept, which may be a database. */
      api: z.string(),
      function: z.string(),
      table: z.string(),
      throttle: bucketSchema,
      /** Of an answer about the stage, and of one with events, in seconds. Assumed. */
      meanSeconds: z.strictObject({ stage: z.number(), events: z.number() }),
      recentSeconds: z.number(),
      /** How long a read of events that finds nothing new is held; 0: not at all. */
      holdSeconds: z.number().default(0),
      bytesPerRecentEvent: z.number(),
    })
    .exactOptional(),
  secrets: z.number(),
  customMetrics: z.number(),
  alarmMetrics: z.number(),
  dashboards: z.number(),
});
export type StackCode = z.infer<typeof codeSchema>;

export const deploymentSchema = z.strictObject({
  region: z.string(),
  /** The APIs that the load enters; null: it enters none of that kind. */
  webSocket: apiSchema.nullable(),
  webhook: apiSchema.nullable(),
  functions: z.array(functionSchema),
  queues: z.array(queueSchema),
  tables: z.array(tableSchema),
  /** Absent: it has none. */
  topics: z.array(topicSchema).exactOptional(),
  eventBuses: z.array(eventPartSchema).exactOptional(),
  rules: z.array(eventPartSchema).exactOptional(),
  databases: z.array(databaseSchema).optional(),
  /** Absent: it has none. With it there are no functions. */
  service: serviceSchema.exactOptional(),
  /** The tables have not carried any load yet. Absent: they have carried the plan's peak. */
  newTable: z.boolean().optional(),
  code: codeSchema.optional(),
});
export type Deployment = z.infer<typeof deploymentSchema>;
