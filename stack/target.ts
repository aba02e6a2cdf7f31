/** A deployed reference stack as seen from outside: what a load generator and a metrics collector need to know of it. */
import { z } from 'zod';

/** The CloudFormation outputs of the stack. `local/` and the AWS path both make a {@link TargetDescription} of these. */
export const outputNames = {
  stackName: 'StackName',
  webSocketUrl: 'WebSocketUrl',
  webhookUrl: 'WebhookUrl',
  webSocketApiId: 'WebSocketApiId',
  webSocketStage: 'WebSocketStage',
  webhookApiId: 'WebhookApiId',
  webhookStage: 'WebhookStage',
  authorizeFunctionName: 'AuthorizeFunctionName',
  connectFunctionName: 'ConnectFunctionName',
  disconnectFunctionName: 'DisconnectFunctionName',
  messageFunctionName: 'MessageFunctionName',
  ingestFunctionName: 'IngestFunctionName',
  deliverFunctionName: 'DeliverFunctionName',
  queueUrl: 'QueueUrl',
  queueName: 'QueueName',
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
  deadLetterQueueName: 'DeadLetterQueueName',
  tableName: 'TableName',
  tokenSecretArn: 'TokenSecretArn',
  webhookSecretArn: 'WebhookSecretArn',
} as const;

/** The functions of the stack by their part in it. `ingest` is absent in the `direct` variant. */
export const functionRoles = ['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'] as const;
export type FunctionRole = (typeof functionRoles)[number];

/** Names of the deployed resources, as CloudWatch's dimensions use them. */
export const resourcesSchema = z.strictObject({
  stackName: z.string(),
  webSocketApiId: z.string(),
  webSocketStage: z.string(),
  webhookApiId: z.string(),
  webhookStage: z.string(),
  functionNames: z.partialRecord(z.enum(functionRoles), z.string()),
  queueUrl: z.string(),
  queueName: z.string(),
  deadLetterQueueUrl: z.string(),
  deadLetterQueueName: z.string(),
  tableName: z.string(),
  tokenSecretArn: z.string(),
  webhookSecretArn: z.string(),
});
export type Resources = z.infer<typeof resourcesSchema>;

/** One endpoint URL for each AWS service. Absent for `aws`: the SDK finds its own. */
const endpointsSchema = z.strictObject({
  cloudwatch: z.string(),
  dynamodb: z.string(),
  sqs: z.string(),
  secretsManager: z.string(),
  lambda: z.string().optional(),
  serviceQuotas: z.string().optional(),
  apiGatewayManagementApi: z.string(),
});

const delaySchema = z.union([
  z.number(),
  z.strictObject({
    minMs: z.number().optional(),
    p50Ms: z.number(),
    p90Ms: z.number().optional(),
    p99Ms: z.number(),
    maxMs: z.number().optional(),
  }),
]);
const limitValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/** A fault of a local target. Which of the optional fields are there follows from the kind. */
export const modelledFaultSchema = z.strictObject({
  name: z.string(),
  kind: z.enum([
    'latency',
    'error',
    'throttle',
    'partition',
    'lostAnswer',
    'crash',
    'duplicateDelivery',
    'delayedDelivery',
    'lostDisconnect',
    'disconnect',
  ]),
  service: z.string(),
  /** Patterns of the operations that it affects. */
  operation: z.array(z.string()),
  callers: z.enum(['everyone', 'functions', 'platform', 'others']),
  /** When it was set, in ms since the epoch; its start counts from there. */
  setAtMs: z.number(),
  startSeconds: z.number(),
  /** Absent: it lasts until it is cleared. */
  durationSeconds: z.number().optional(),
  /** Share of the operations that it affects, 0 to 1. */
  share: z.number(),
  /** Operations that pass first. */
  skip: z.number(),
  /** It fires this often at most. */
  most: z.number().optional(),
  seed: z.number(),
  /** How often it fired, where that has been read; absent: not known. */
  fired: z.number().optional(),
  /** true: it was cleared before `fired` was read. */
  cleared: z.boolean().optional(),
  /** `latency`: fixed milliseconds, or quantiles. */
  delay: delaySchema.optional(),
  error: z.string().optional(),
  status: z.number().optional(),
  message: z.string().optional(),
  quota: z.strictObject({ ratePerSecond: z.number(), burst: z.number() }).optional(),
  way: z.enum(['reset', 'hang', 'close']).optional(),
  when: z.enum(['before', 'during', 'after', 'answered']).optional(),
  afterMs: z.number().optional(),
  delaySeconds: z.number().optional(),
  code: z.number().optional(),
  everySeconds: z.number().optional(),
});

/** How a local target differs from AWS: what was scaled, set, added or broken on purpose. */
export const localModelSchema = z.strictObject({
  /** Random seed of latencies, and of every fault without a seed of its own. */
  seed: z.number().int(),
  /** What rates, bursts and concurrencies were multiplied by; 1: full size. */
  quotaScale: z.number(),
  /** What the idle timeout and lifetime of WebSockets were divided by; 1: real time. */
  timeScale: z.number(),
  webSocketIdleSeconds: z.number(),
  webSocketLifetimeSeconds: z.number(),
  latencyProfile: z.strictObject({
    name: z.string(),
    /** Empty: no service latency is modelled. */
    latencies: z.array(
      z.strictObject({
        service: z.string(),
        operation: z.string(),
        delay: delaySchema,
        confidence: z.enum(['published', 'derived', 'assumed']),
      }),
    ),
  }),
  /** Limits that differ from AWS's (scaled) defaults, by dotted name. */
  limits: z.array(z.strictObject({ name: z.string(), value: limitValueSchema, byDefault: limitValueSchema })),
  /** Those set from the start; in the record of a run also those set during it, with how often each fired. */
  faults: z.array(modelledFaultSchema),
});

export const targetSchema = z.strictObject({
  kind: z.enum(['local', 'aws']),
  region: z.string(),
  accountId: z.string(),
  /** `ws://…/stage` or `wss://…/stage`, without a token. */
  webSocketUrl: z.string(),
  webhookUrl: z.string(),
  tokenSecret: z.string(),
  webhookSecret: z.string(),
  endpoints: endpointsSchema.optional(),
  resources: resourcesSchema,
  /** A WebSocket URL with a token in it, ready for any client. Only for people: tokens of a run are signed for each user. */
  connectUrl: z.string().optional(),
  /** `local` only: how it differs from AWS. */
  model: localModelSchema.optional(),
  /** `local` only: the processes that serve the target. The first is the supervisor. */
  processIds: z.array(z.number().int()).optional(),
});
export type TargetDescription = z.infer<typeof targetSchema>;
