/** The contract of the stack's outputs: what a load generator and a metrics collector need to know of what is deployed. */
import { z } from 'zod';

/** The CloudFormation outputs of the stack. A target's description is made of these, on AWS and on this machine. */
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
  databaseName: 'DatabaseName',
  finishedFunctionName: 'FinishedFunctionName',
  /** With both PostgreSQL and the setting `fallback`: it sets the stage of the rollout. */
  rolloutFunctionName: 'RolloutFunctionName',
  tokenSecretArn: 'TokenSecretArn',
  webhookSecretArn: 'WebhookSecretArn',
  /** Of a stack with the setting `fallback`: where clients read the stage and poll, without a slash at the end. */
  fallbackUrl: 'FallbackUrl',
} as const;

/** The functions of the stack by role. `ingest` is absent in the `direct` variant. */
export const functionRoles = ['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'] as const;
export type FunctionRole = (typeof functionRoles)[number];

/** Names of the deployed resources, as used in CloudWatch's dimensions. */
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
  /** Empty with the store in PostgreSQL, which has the next ones instead: the instance, the function that says which events are finished, and, for clients without a connection, the one that sets the stage of the rollout. */
  tableName: z.string(),
  databaseName: z.string().optional(),
  finishedFunctionName: z.string().optional(),
  rolloutFunctionName: z.string().optional(),
  tokenSecretArn: z.string(),
  webhookSecretArn: z.string(),
});
