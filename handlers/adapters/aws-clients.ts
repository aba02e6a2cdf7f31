/**
 * SDK clients, made once per environment by each handler's entry. Their time limits follow from the function's timeout (call-time.ts), so that
 * a hanging call is retried or fails in time for the handler to answer. Endpoints come from the SDK's own AWS_ENDPOINT_URL_* variables.
 */
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { callLimits, type InvocationTime, within } from './call-time.ts';
import { requiredCount, requiredVariable } from './environment.ts';

/** Sockets of one client. More concurrent pushes would only queue inside the client. */
const maxSockets = 128;

export interface ClientTime {
  time: InvocationTime;
  /** How many calls, of all clients, wait for each other in the longest invocation: they share the function's timeout. */
  inSequence: number;
}

export const makeDynamoDbClient = (time: ClientTime) => inTime(time, 4, (options) => new DynamoDBClient(options));
export const makeSqsClient = (time: ClientTime) => inTime(time, 3, (options) => new SQSClient(options));
export const makeSecretsManagerClient = (time: ClientTime) =>
  inTime(time, 3, (options) => new SecretsManagerClient(options));

/** Client of `@connections`. One attempt only: push.ts backs off itself, and counts what it sees. */
export const makeManagementApiClient = (time: ClientTime) =>
  inTime(time, 1, (options) => {
    const endpoint = process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI || requiredVariable('CALLBACK_URL');
    return new ApiGatewayManagementApiClient({ endpoint, ...options });
  });

type ClientOptions = ReturnType<typeof optionsOf>;
/** The part of a client that is used here: the SDK's own types differ from client to client. */
interface AnyClient {
  middlewareStack: {
    add(
      middleware: <Answer>(next: (args: never) => Promise<Answer>) => (args: never) => Promise<Answer>,
      options: { step: 'initialize'; priority: 'high'; name: string },
    ): void;
  };
}

function inTime<Client extends AnyClient>(
  { time, inSequence }: ClientTime,
  attempts: number,
  make: (options: ClientOptions) => Client,
): Client {
  const timeoutMs = requiredCount('FUNCTION_TIMEOUT_SECONDS') * 1_000;
  const limits = callLimits({ timeoutMs, inSequence, attempts });
  const client = make(optionsOf(limits));
  // Around everything, with all attempts and the reading of the answer, which the SDK's own timeouts leave out.
  client.middlewareStack.add((next) => (args) => within(Math.min(limits.callMs, time.remainingMs), () => next(args)), {
    step: 'initialize',
    priority: 'high',
    name: 'answerInTime',
  });
  return client;
}

function optionsOf({ connectionTimeoutMs, requestTimeoutMs, maxAttempts }: ReturnType<typeof callLimits>) {
  return {
    maxAttempts,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets },
      httpsAgent: { maxSockets },
    },
    /** Builds the middleware stack once per kind of command rather than per call: a fifth of a call's CPU time. */
    cacheMiddleware: true,
  };
}
