/** The services that describe a deployed stack, asked with the caller's own credentials; AWS_ENDPOINT_URL leads to an emulator. */
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CrashError, UsageError } from '../../errors.ts';
import { awsRefusal } from './aws-refusal.ts';

export interface Clients {
  apiGateway: APIGatewayClient;
  apiGatewayV2: ApiGatewayV2Client;
  cloudFormation: CloudFormationClient;
  dynamoDb: DynamoDBClient;
  eventBridge: EventBridgeClient;
  lambda: LambdaClient;
  sns: SNSClient;
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
    // It is asked first: without a network the caller is to know within seconds.
    cloudFormation: new CloudFormationClient({ ...common, maxAttempts: 4 }),
    dynamoDb: new DynamoDBClient(common),
    eventBridge: new EventBridgeClient(common),
    lambda: new LambdaClient(common),
    sns: new SNSClient(common),
    sqs: new SQSClient({ ...common, useQueueUrlAsEndpoint: false }),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** @throws UsageError when the caller's credentials, permissions or region are in the way, a CrashError for everything else: each names `what` was asked, and what to do next. */
export async function ask<Answer>(what: string, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (cause) {
    throw cause instanceof Error ? notAnswered(what, cause) : cause;
  }
}

/** The error to throw in place of the SDK's own. */
export function notAnswered(what: string, cause: Error): UsageError | CrashError {
  const { of, reason, next } = awsRefusal(cause);
  const sentence = `${what} could not be read (${reason}): ${next}.`;
  return of === 'caller' ? new UsageError(sentence, { cause }) : new CrashError(sentence, { cause });
}

/** Asks of many, a few at a time, in their order. */
export async function askEach<Item, Answer>(
  items: readonly Item[],
  of: (item: Item, n: number) => Promise<Answer>,
): Promise<Answer[]> {
  const atOnce = 4;
  const answers: Answer[] = [];
  for (let first = 0; first < items.length; first += atOnce)
    answers.push(...(await Promise.all(items.slice(first, first + atOnce).map((item, n) => of(item, first + n)))));
  return answers;
}
