/** The reference stack as capacity sees it, from its settings, and what its author says of its code. */
import { z } from 'zod';
import { defaultMaxConnections, memoryGibOf } from '../../aws/rds-instances.ts';
import { subscriberRowBytes } from '../../capacity/demand/subscriptions.ts';
import type { DeployedDatabase, Deployment, StackCode } from '../../capacity/headroom/deployment.ts';

const throttle = z.object({ ratePerSecond: z.number(), burst: z.number() });
const functionSettings = z.object({ memoryMb: z.number(), reservedConcurrency: z.number().nullable() });

export const databaseSettingsSchema = z.object({
  instanceClass: z.string(),
  storageGb: z.number(),
  multiAz: z.boolean(),
  maxConnections: z.number().nullable(),
  proxy: z.boolean(),
  proxyConnectionsPercent: z.number(),
  natGateways: z.number(),
});

/** Absent in runs of stacks that had none. */
export const fallbackSettingsSchema = z
  .object({ recentSeconds: z.number(), throttle, holdSeconds: z.number().nullable().default(null) })
  .nullable()
  .default(null);

/** Of stack/settings/settings.ts, and of run.json, those that quotas and costs depend on. */
const settingsSchema = z.object({
  ingest: z.enum(['lambda', 'direct', 'forward', 'mock']),
  webhookApi: z.enum(['http', 'rest']).default('http'),
  store: z.enum(['dynamodb', 'postgres']).default('dynamodb'),
  database: databaseSettingsSchema.optional(),
  webSocketThrottle: throttle,
  webhookThrottle: throttle,
  functions: z.object({
    authorize: functionSettings,
    connect: functionSettings,
    disconnect: functionSettings,
    message: functionSettings,
    ingest: functionSettings,
    deliver: functionSettings,
    /** Absent in runs of stacks that had none. */
    fallback: functionSettings.default({ memoryMb: 256, reservedConcurrency: null }),
  }),
  queue: z.object({
    batchSize: z.number(),
    maximumConcurrency: z.number().nullable(),
    provisionedPollers: z.object({ minimum: z.number(), maximum: z.number() }).nullable().default(null),
    retentionSeconds: z.number().nullable().default(null),
    visibilityTimeoutSeconds: z.number().default(181),
    maxReceiveCount: z.number().default(5),
  }),
  eventTtlSeconds: z.number().default(86_400),
  fallback: fallbackSettingsSchema,
  userCaps: z.object({ recipients: z.number().default(10_000) }).prefault({}),
  detailedMetrics: z.boolean().default(false),
  /** Absent in runs of stacks that had none. */
  accessLogs: z.object({ webhook: z.boolean(), webSocket: z.boolean() }).default({ webhook: false, webSocket: false }),
});

/** Its logical ids are those that stack/ sets. */
type FunctionId = keyof z.infer<typeof settingsSchema>['functions'];
const awaitedBy: Record<FunctionId, Deployment['functions'][number]['awaitedBy']> = {
  authorize: ['connect'],
  connect: ['connect'],
  disconnect: ['disconnect'],
  message: ['message'],
  ingest: ['webhook'],
  deliver: [],
  fallback: [],
};
const functionIds: readonly FunctionId[] = [
  ...(['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'] as const),
  'fallback',
];

/** Routes: $connect, $disconnect, $default, ping, subscribe and publish; GET (challenge) and POST of the webhook path. */
const routes = { webSocket: 6, webhook: 2 };

/**
 * Units of its table, beside what the fallback keeps: connect puts one row; disconnect deletes it and reads its channels; a webhook writes its event id twice (claim, complete) and
 * reads its owner's connections. Rows are under 1 KB, reads consistent and under 4 KB.
 */
export const tableUnits = {
  table: {
    writeUnits: { connect: 1, disconnect: 1, webhook: 2 },
    readUnits: { connect: 0, disconnect: 1, webhook: 1 },
  },
} as const;

/** `settings`: of the stack, or as run.json recorded them. */
export function referenceDeployment(settings: unknown, region: string): Deployment {
  const { ingest, functions, queue, accessLogs, ...given } = settingsSchema.parse(settings);
  const { webSocketThrottle, webhookThrottle, detailedMetrics, eventTtlSeconds, userCaps, fallback } = given;
  const database =
    given.store === 'postgres' && given.database
      ? databaseOf(given.database, fallback && { looks: 1 + (fallback.holdSeconds ?? 0) })
      : null;
  const api = { stages: 1, detailedMetrics };
  return {
    region,
    webSocket: {
      ...{ id: 'websocket', kind: 'webSocket', throttle: webSocketThrottle, routes: routes.webSocket, ...api },
      accessLogs: accessLogs.webSocket,
    },
    webhook: {
      ...{ id: 'webhook', kind: given.webhookApi, throttle: webhookThrottle, routes: routes.webhook, ...api },
      accessLogs: accessLogs.webhook,
    },
    functions: functionIds
      .filter((id) => (id !== 'ingest' || ingest === 'lambda') && (id !== 'fallback' || given.fallback !== null))
      .map((id) => ({
        id,
        memoryMb: functions[id].memoryMb,
        reservedConcurrency: functions[id].reservedConcurrency,
        provisionedConcurrency: 0,
        awaitedBy: awaitedBy[id],
        authorizes: id === 'authorize',
      })),
    queues: [{ id: 'queue', function: 'deliver', isFifo: false, ...queue }],
    tables: database ? [] : [{ id: 'table', provisioned: null }],
    ...(database && { databases: [database] }),
    code: codeOf({
      ...{ ingest, eventTtlSeconds, isPostgres: database !== null, maxRecipients: userCaps.recipients },
      fallback,
    }),
  };
}

/**
 * Statements: connect and its disconnect insert and delete a row, and a disconnect its channels; a webhook claims and completes its event and reads its
 * owner's connections.
 */
const statements = { connect: 1, disconnect: 2, webhook: 3 };

/** As of handlers/adapters/postgres/migrate.ts. */
const upkeepConnections = 2;

/**
 * With events that are kept for clients there is one statement more for each, and one for each look at them: the stage is read once in 5 s by each environment or task.
 * @param kept how often a poll looks, at most; null: events are not kept.
 */
export function databaseOf(
  settings: z.infer<typeof databaseSettingsSchema>,
  kept: { looks: number } | null,
): DeployedDatabase {
  const { instanceClass, storageGb, multiAz, maxConnections, proxy, proxyConnectionsPercent, natGateways } = settings;
  const memoryGib = memoryGibOf(instanceClass);
  return {
    ...{ id: 'database', instanceClass, storageGb, natGateways, upkeepConnections },
    statements: kept ? { ...statements, webhook: statements.webhook + 1, poll: kept.looks, firstRead: 1 } : statements,
    instances: multiAz ? 2 : 1,
    maxConnections: maxConnections ?? (memoryGib === null ? null : defaultMaxConnections(memoryGib)),
    ...(maxConnections !== null && { isMaxConnectionsSet: true }),
    proxyPercent: proxy ? proxyConnectionsPercent : null,
    functions: ['connect', 'disconnect', 'message', 'deliver', ...(kept ? ['fallback'] : [])],
  };
}

/** DynamoDB charges this for each item beside its names and values (developer guide, item sizes and formats, read 2026-11). */
const itemBytes = 100;
/** Ids of users and events: a UUID. An assumption. */
const idBytes = 36;
const connectionIdBytes = 16;
const keyNames = 'pk'.length + 'sk'.length;
/** A number takes a byte for two digits, and one more. */
const secondsBytes = 6;
const millisecondsBytes = 8;
const expiry = 'expiresAt'.length + secondsBytes;

/** By the layout of its rows (handlers/adapters/dynamodb-*.ts). */
const storage = {
  table: 'table',
  /** A finished event: pk `E#<id>`, sk `E`, phase `done`, doneAt, expiresAt. */
  bytesPerEvent:
    itemBytes +
    keyNames +
    'E#'.length +
    idBytes +
    'E'.length +
    'phase'.length +
    'done'.length +
    'doneAt'.length +
    millisecondsBytes +
    expiry,
  /** A connection: pk `U#<user>`, sk `C#<id>`, listedAt, expiresAt. */
  bytesPerConnection:
    itemBytes +
    keyNames +
    'U#'.length +
    idBytes +
    'C#'.length +
    connectionIdBytes +
    'listedAt'.length +
    millisecondsBytes +
    expiry,
  /** A subscription: its row, and its share of the set of its connection's channels, taken to be a set of one. */
  bytesPerSubscription: 2 * (itemBytes + subscriberRowBytes),
  rowBytes: 1_024,
};

/** An event that is kept for clients: pk `R#<user>`, sk `<13 digits>#<id>`, frame, expiresAt. Its frame, and so its write, is taken to be small. */
const bytesPerRecentEvent =
  itemBytes + keyNames + 'R#'.length + idBytes + 13 + '#'.length + idBytes + 'frame'.length + 512 + expiry;
/** An answer about the stage calls nothing, one with events reads them. Assumptions, as those of the other functions. */
const answerSeconds = { stage: 0.005, events: 0.02 };

interface CodePath {
  fallback: z.infer<typeof settingsSchema>['fallback'];
  ingest: z.infer<typeof settingsSchema>['ingest'];
  eventTtlSeconds: number;
  isPostgres: boolean;
  maxRecipients: number;
}

const codeOf = ({ ingest, eventTtlSeconds, isPostgres, maxRecipients, fallback }: CodePath): StackCode => ({
  channels: { function: 'message', table: isPostgres ? 'database' : 'table', maxRecipients },
  // Tokens, and webhooks where they are accepted.
  secretReaders: [
    ...['authorize', ...(fallback ? ['fallback'] : [])],
    ...(ingest === 'lambda' ? ['ingest'] : ingest === 'direct' ? ['deliver'] : []),
  ],
  tableUnits: isPostgres
    ? {}
    : { table: { writeUnits: writesWith(fallback !== null), readUnits: { ...tableUnits.table.readUnits } } },
  storage: isPostgres ? null : { ...storage, eventTtlSeconds },
  ...(fallback && {
    fallback: {
      ...{ api: 'fallbackApi', function: 'fallback', table: isPostgres ? 'database' : 'table', ...fallback },
      holdSeconds: fallback.holdSeconds ?? 0,
      ...{ meanSeconds: answerSeconds, bytesPerRecentEvent },
    },
  }),
  // With PostgreSQL, the passwords of the owner of the tables and of the role that the proxy signs in as.
  secrets: isPostgres ? 4 : 2,
  // Events delivered, offline, duplicate, deferred, failed, refused; pushes sent, gone, throttled; signatures rejected.
  customMetrics: 10,
  // What its nine alarms watch: an alarm on a sum is charged for each metric in it. With PostgreSQL three functions more, and one metric for two.
  alarmMetrics: (isPostgres ? 24 : 19) + (fallback ? 2 : 0),
  dashboards: 1,
});

/** Each event that is kept for clients costs one more. */
function writesWith(keepsEvents: boolean): Record<string, number> {
  const { writeUnits } = tableUnits.table;
  return { ...writeUnits, webhook: writeUnits.webhook + (keepsEvents ? 1 : 0) };
}
