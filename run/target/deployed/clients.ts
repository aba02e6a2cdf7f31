/** The services that describe a deployed stack, asked with the caller's own credentials; AWS_ENDPOINT_URL leads to an emulator. */
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CrashError, UsageError } from '../../errors.ts';

export interface Clients {
  apiGateway: APIGatewayClient;
  apiGatewayV2: ApiGatewayV2Client;
  cloudFormation: CloudFormationClient;
  dynamoDb: DynamoDBClient;
  lambda: LambdaClient;
  sqs: SQSClient;
  destroy(): void;
}

export interface ServiceAccess {
  /** Undefined: the SDK's own search, in the environment and the profile. */
  region?: string | undefined;
  /** One for all services. Undefined: AWS's own, or what AWS_ENDPOINT_URL says. */
  endpoint?: string | undefined;
}

export function clientsOf({ region, endpoint }: ServiceAccess): Clients {
  // The control planes of API Gateway (5 to 10 calls a second) and Lambda (15) throttle early; the SDK backs off.
  const common = {
    maxAttempts: 10,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  };
  const clients = {
    apiGateway: new APIGatewayClient(common),
    apiGatewayV2: new ApiGatewayV2Client(common),
    cloudFormation: new CloudFormationClient(common),
    dynamoDb: new DynamoDBClient(common),
    lambda: new LambdaClient(common),
    sqs: new SQSClient({ ...common, useQueueUrlAsEndpoint: false }),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Names of what the SDK throws when it found no credentials, or none that AWS accepts, or that may not ask. */
const ofTheCaller = new Set([
  'CredentialsProviderError',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'AccessDenied',
  'AccessDeniedException',
]);

/** @throws UsageError when the caller's credentials are missing or may not ask, a CrashError for everything else: each names `what` was asked. */
export async function ask<Answer>(what: string, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const reason = `${what} could not be read (${cause.name}: ${cause.message})`;
    if (ofTheCaller.has(cause.name))
      throw new UsageError(`${reason}: set AWS_PROFILE or other credentials that may read it.`, { cause });
    throw new CrashError(`${reason}.`, { cause });
  }
}

/** Asks of many, a few at a time, in their order. */
export async function askEach<Item, Answer>(
  items: readonly Item[],
  of: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const atOnce = 4;
  const answers: Answer[] = [];
  for (let first = 0; first < items.length; first += atOnce)
    answers.push(...(await Promise.all(items.slice(first, first + atOnce).map(of))));
  return answers;
}
