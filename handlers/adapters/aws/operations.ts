/** The operations that the handlers call, over AWS JSON, with the SDK's own types: of the SDK nothing else is used, and nothing at run time. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import type * as Secrets from '@aws-sdk/client-secrets-manager';
import type * as Sqs from '@aws-sdk/client-sqs';
import type { AwsClient } from './aws-client.ts';

export interface DynamoDbOperations {
  BatchWriteItem: [DynamoDb.BatchWriteItemCommandInput, DynamoDb.BatchWriteItemCommandOutput];
  DeleteItem: [DynamoDb.DeleteItemCommandInput, DynamoDb.DeleteItemCommandOutput];
  GetItem: [DynamoDb.GetItemCommandInput, DynamoDb.GetItemCommandOutput];
  PutItem: [DynamoDb.PutItemCommandInput, DynamoDb.PutItemCommandOutput];
  Query: [DynamoDb.QueryCommandInput, DynamoDb.QueryCommandOutput];
  UpdateItem: [DynamoDb.UpdateItemCommandInput, DynamoDb.UpdateItemCommandOutput];
}
interface SqsOperations {
  ChangeMessageVisibilityBatch: [
    Sqs.ChangeMessageVisibilityBatchCommandInput,
    // AWS JSON leaves empty lists out.
    Partial<Sqs.ChangeMessageVisibilityBatchCommandOutput>,
  ];
  DeleteMessageBatch: [Sqs.DeleteMessageBatchCommandInput, Partial<Sqs.DeleteMessageBatchCommandOutput>];
  ReceiveMessage: [Sqs.ReceiveMessageCommandInput, Sqs.ReceiveMessageCommandOutput];
  SendMessage: [Sqs.SendMessageCommandInput, Sqs.SendMessageCommandOutput];
}
interface SecretsOperations {
  GetSecretValue: [Secrets.GetSecretValueCommandInput, Secrets.GetSecretValueCommandOutput];
}

type Answer<Output> = Omit<Output, '$metadata'>;

/** Calls an operation of a service that speaks AWS JSON. Fails as {@link AwsClient.post} does. */
export type JsonCall<Operations extends Record<keyof Operations, [object, object]>> = <
  Name extends keyof Operations & string,
>(
  operation: Name,
  input: Operations[Name][0],
) => Promise<Answer<Operations[Name][1]>>;

export type DynamoDbCall = JsonCall<DynamoDbOperations>;
export type SqsCall = JsonCall<SqsOperations>;
export type SecretsCall = JsonCall<SecretsOperations>;

export interface JsonProtocol {
  /** Before the operation in `x-amz-target`. */
  target: string;
  version: '1.0' | '1.1';
}
export const dynamoDbProtocol: JsonProtocol = { target: 'DynamoDB_20120810', version: '1.0' };
export const sqsProtocol: JsonProtocol = { target: 'AmazonSQS', version: '1.0' };
export const secretsProtocol: JsonProtocol = { target: 'secretsmanager', version: '1.1' };

/** @param client of an endpoint whose path is `/`, as of every service that speaks AWS JSON. */
export function jsonCall<Operations extends Record<keyof Operations, [object, object]>>(
  client: Pick<AwsClient, 'post'>,
  { target, version }: JsonProtocol,
): JsonCall<Operations> {
  const contentType = `application/x-amz-json-${version}`;
  return async (operation, input) => {
    const headers = { 'content-type': contentType, 'x-amz-target': `${target}.${operation}` };
    const text = await client.post({ path: '/', headers, body: JSON.stringify(input) });
    return JSON.parse(text || '{}');
  };
}
