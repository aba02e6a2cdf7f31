/** SDK clients for a target, and what their failures mean. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { MeasuredTarget } from '../record/target.ts';

type Endpoint = Pick<MeasuredTarget, 'kind' | 'region' | 'endpoints' | 'sqsEndpoint'>;

/** No answer from a service: the target is gone, or the network is. */
export class EndpointUnreachable extends Error {
  override readonly name = 'EndpointUnreachable';
}

const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 30_000;

/** The configuration of all clients. A local target accepts any credentials, and answers immediately or not at all. */
function configurationOf({ kind, region, endpoints }: Endpoint) {
  return {
    region,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
    // Throttling is retried by the SDK with back-off: GetMetricData has 500 calls/s an account (L-5E141212, 2026-11), shared with others.
    maxAttempts: kind === 'local' ? 3 : 8,
    ...(endpoints !== undefined && { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
}

export function cloudWatchClient(target: Endpoint): CloudWatchClient {
  const { endpoints } = target;
  return new CloudWatchClient({ ...configurationOf(target), ...(endpoints && { endpoint: endpoints.cloudwatch }) });
}

export function sqsClient(target: Endpoint): SQSClient {
  const { endpoints, sqsEndpoint: endpoint = endpoints?.sqs } = target;
  return new SQSClient({
    ...configurationOf(target),
    // Otherwise the client would go to the host of the queue's URL.
    ...(endpoint !== undefined && { endpoint, useQueueUrlAsEndpoint: false }),
  });
}

export function dynamoDbClient(target: Endpoint): DynamoDBClient {
  const { endpoints } = target;
  // Reads after the load, which may still be throttled, or fail as a local target was told to: there is time for more attempts.
  return new DynamoDBClient({
    ...configurationOf(target),
    maxAttempts: 8,
    ...(endpoints && { endpoint: endpoints.dynamodb }),
  });
}

/** An invocation answers after the function's timeout at the latest: twice the reference stack's 30 s, so that it is the function that says what it waited for. */
const invocationTimeoutMs = 60_000;

export function lambdaClient(target: Endpoint): LambdaClient {
  const { endpoints } = target;
  const { requestHandler, ...configuration } = configurationOf(target);
  return new LambdaClient({
    ...configuration,
    requestHandler: { ...requestHandler, requestTimeout: invocationTimeoutMs },
    ...(endpoints?.lambda && { endpoint: endpoints.lambda }),
  });
}

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Rethrows an abort as it is and a missing answer as EndpointUnreachable; returns the reason of any other failure. */
export function reasonOfFailure(
  error: unknown,
  service: string,
  endpoint: string | undefined,
  signal: AbortSignal,
): string {
  signal.throwIfAborted();
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (unreachableCodes.has(code) || error.name === 'TimeoutError') {
    throw new EndpointUnreachable(
      `${service} could not be reached${endpoint === undefined ? '' : ` at ${endpoint}`} (${code || error.name}): is the target still running?`,
      { cause: error },
    );
  }
  return `${error.name}: ${error.message}`;
}
