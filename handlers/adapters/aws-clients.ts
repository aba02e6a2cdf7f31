/**
 * Clients of AWS services, made once per environment by each handler's entry. Their time limits follow from the function's timeout (call-time.ts), so that
 * a hanging call is retried or fails in time for the handler to answer. Region, credentials and endpoints come from the variables that Lambda and the SDKs have.
 */
import { hash } from 'node:crypto';
import { AwsClient, type CallBounds, type CallOptions } from './aws/aws-client.ts';
import {
  type DynamoDbCall,
  dynamoDbProtocol,
  jsonCall,
  type SecretsCall,
  type SqsCall,
  secretsProtocol,
  sqsProtocol,
} from './aws/operations.ts';
import { type Credentials, encodePart } from './aws/signature.ts';
import { callLimits, type InvocationTime } from './call-time.ts';
import { requiredCount, requiredVariable } from './environment.ts';

/** Sockets of one client. More concurrent pushes would only queue inside the client. */
const maxSockets = 128;

export interface ClientTime {
  time: Pick<InvocationTime, 'remainingMs'>;
  /** How many calls, of all clients, wait for each other in the longest invocation: they share the function's timeout. */
  inSequence: number;
  /** In place of what follows from the function's timeout. */
  bounds?: CallBounds;
  /** In place of a function's own. They may change: they are read for each call. */
  credentials?: Credentials;
}

interface Service {
  /** As in the scope of a signature, and in the name of its host. */
  name: string;
  /** How often a call is made at most. */
  attempts: number;
  endpoint: URL;
}

export const makeDynamoDbCall = (time: ClientTime): DynamoDbCall =>
  jsonCall(
    makeClient({ name: 'dynamodb', attempts: 4, endpoint: endpointOf('dynamodb', 'DYNAMODB') }, time),
    dynamoDbProtocol,
  );

export const makeSecretsCall = (time: ClientTime): SecretsCall =>
  jsonCall(
    makeClient(
      { name: 'secretsmanager', attempts: 3, endpoint: endpointOf('secretsmanager', 'SECRETS_MANAGER') },
      time,
    ),
    secretsProtocol,
  );

/** A message that arrived as another is sent again by whoever sent it here: its digest is compared, as every SDK does. */
export function makeSqsCall(time: ClientTime): SqsCall {
  const client = makeClient({ name: 'sqs', attempts: 3, endpoint: endpointOf('sqs', 'SQS') }, time);
  const call: SqsCall = jsonCall(client, sqsProtocol);
  return async (operation, input) => {
    const answer = await call(operation, input);
    const digest = 'MD5OfMessageBody' in answer ? answer.MD5OfMessageBody : undefined;
    const sent = 'MessageBody' in input && typeof input.MessageBody === 'string' ? input.MessageBody : '';
    if (digest !== undefined && digest !== hash('md5', sent))
      throw new Error('SQS has received another message than was sent: its digest differs.');
    return answer;
  };
}

export type PostToConnection = (connectionId: string, text: string, options: CallOptions) => Promise<void>;

/** `@connections`. One attempt only: push.ts backs off itself, and counts what it sees. */
export function makePostToConnection(time: ClientTime): PostToConnection {
  const endpoint = new URL(process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI || requiredVariable('CALLBACK_URL'));
  const client = makeClient({ name: 'execute-api', attempts: 1, endpoint }, time);
  const stage = endpoint.pathname.replace(/\/$/, '');
  const headers = { 'content-type': 'application/octet-stream' };
  return async (connectionId, body, options) => {
    await client.post({ path: `${stage}/@connections/${encodePart(connectionId)}`, headers, body }, options);
  };
}

function makeClient({ name, attempts, endpoint }: Service, given: ClientTime): AwsClient {
  const { time, inSequence } = given;
  const functionBounds = () =>
    callLimits({ timeoutMs: requiredCount('FUNCTION_TIMEOUT_SECONDS') * 1_000, inSequence, attempts });
  return new AwsClient({
    service: name,
    endpoint,
    region: requiredVariable('AWS_REGION'),
    // Lambda's own, valid as long as the environment.
    credentials: given.credentials ?? {
      accessKeyId: requiredVariable('AWS_ACCESS_KEY_ID'),
      secretAccessKey: requiredVariable('AWS_SECRET_ACCESS_KEY'),
      sessionToken: process.env.AWS_SESSION_TOKEN || undefined,
    },
    bounds: given.bounds ?? functionBounds(),
    maxSockets,
    remainingMs: () => time.remainingMs,
    nowMs: Date.now,
    random: Math.random,
  });
}

/** The endpoint that the variables of every SDK name, or the region's. */
function endpointOf(host: string, variable: string): URL {
  const named = process.env[`AWS_ENDPOINT_URL_${variable}`] || process.env.AWS_ENDPOINT_URL;
  if (named) return new URL(named);
  const region = requiredVariable('AWS_REGION');
  return new URL(`https://${host}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
}
