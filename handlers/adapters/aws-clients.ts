/**
 * SDK clients, made once per environment by each handler's entry. Their timeouts are far below the functions', so that a hanging
 * call is retried or fails in time for the handler to answer. Endpoints come from the SDK's own AWS_ENDPOINT_URL_* variables.
 */
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { requiredVariable } from './environment.ts';

const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 3_000;
/** Sockets of one client. More concurrent pushes would only queue inside the client. */
const maxSockets = 128;

const requestHandler = {
  connectionTimeout: connectionTimeoutMs,
  requestTimeout: requestTimeoutMs,
  throwOnRequestTimeout: true,
  httpAgent: { maxSockets },
  httpsAgent: { maxSockets },
};

/** Builds the middleware stack once per kind of command rather than per call: a fifth of a call's CPU time. */
const common = { requestHandler, cacheMiddleware: true };

export const makeDynamoDbClient = () => new DynamoDBClient({ ...common, maxAttempts: 4 });
export const makeSqsClient = () => new SQSClient({ ...common, maxAttempts: 3 });
export const makeSecretsManagerClient = () => new SecretsManagerClient({ ...common, maxAttempts: 3 });

/** Client of `@connections`. One attempt only: push.ts backs off itself, and counts what it sees. */
export const makeManagementApiClient = () =>
  new ApiGatewayManagementApiClient({
    endpoint: process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI || requiredVariable('CALLBACK_URL'),
    ...common,
    maxAttempts: 1,
  });
