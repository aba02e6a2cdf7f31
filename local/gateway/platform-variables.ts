import type { FunctionModel } from '../template/model.ts';
import { localCredentials } from './connections-api/sigv4.ts';

export interface ServiceUrls {
  dynamodbUrl: string;
  sqsUrl: string;
  awsUrl: string;
  /** Of the @connections API; absent without a WebSocket API. */
  callbackUrl?: string;
}

/** What every process that stands for one on AWS has: where it is, who it is, and an endpoint for each service, which every SDK reads. */
export function serviceVariables(region: string, endpoints: ServiceUrls): Record<string, string> {
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: process.env.PATH ?? '',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    // This machine's AWS configuration must not reach them.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // Of every service: one that the target does not have says so, instead of being asked for at AWS.
    AWS_ENDPOINT_URL: endpoints.awsUrl,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodbUrl,
    AWS_ENDPOINT_URL_SQS: endpoints.sqsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.awsUrl,
    AWS_ENDPOINT_URL_CLOUDWATCH: endpoints.awsUrl,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.awsUrl,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.awsUrl,
    AWS_ENDPOINT_URL_SNS: endpoints.awsUrl,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: endpoints.awsUrl,
    ...(endpoints.callbackUrl !== undefined && { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: endpoints.callbackUrl }),
  };
}

/** The variables that Lambda itself sets, and those of {@link serviceVariables}. */
export function platformVariables(
  model: FunctionModel,
  region: string,
  endpoints: ServiceUrls,
): Record<string, string> {
  return {
    ...serviceVariables(region, endpoints),
    ...(!model.runtime.startsWith('provided') && { AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}` }),
    AWS_LAMBDA_FUNCTION_NAME: model.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.functionName}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: model.codeFolder,
    _HANDLER: model.handler,
  };
}
