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
  /** `local` only: what is modelled and how (scaled quotas, compressed time, latency profile, faults), in sentences for the report. */
  notes: z.array(z.string()).optional(),
  /** `local` only: the processes that serve the target. The first is the supervisor. */
  processIds: z.array(z.number().int()).optional(),
});
export type TargetDescription = z.infer<typeof targetSchema>;
