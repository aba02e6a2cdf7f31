/** The HTTP API of the conformance stack. */
import { Duration, type Stack } from 'aws-cdk-lib';
import {
  CfnIntegration,
  CfnRoute,
  CorsHttpMethod,
  HttpApi,
  HttpIntegrationSubtype,
  HttpMethod,
  HttpStage,
  MappingValue,
  ParameterMapping,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration, HttpSqsIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Probes } from './probes-of-stack.ts';
import { corsOrigin, shortTimeoutMs } from './settings.ts';
import { throttleRoutes } from './web-socket-api.ts';

/** Returns the API's id. */
export function addHttpApi(stack: Stack, functions: Probes, queue: IQueue): string {
  const api = new HttpApi(stack, 'HttpApi', {
    apiName: `${stack.stackName}-http`,
    createDefaultStage: false,
    corsPreflight: { allowOrigins: [corsOrigin], allowMethods: [CorsHttpMethod.GET], maxAge: Duration.minutes(5) },
  });
  const stage = new HttpStage(stack, 'HttpStage', { httpApi: api, stageName: '$default', autoDeploy: true });
  const http = new HttpLambdaIntegration('Http', functions.http);
  const short = new HttpLambdaIntegration('Short', functions.http, { timeout: Duration.millis(shortTimeoutMs) });
  const add = (method: HttpMethod, path: string, integration: HttpLambdaIntegration | HttpSqsIntegration) =>
    api.addRoutes({ methods: [method], path, integration });
  add(HttpMethod.POST, '/echo', http);
  add(HttpMethod.GET, '/echo/{name}', http);
  add(HttpMethod.GET, '/plain', http);
  add(HttpMethod.GET, '/text', http);
  add(HttpMethod.GET, '/throw', http);
  add(HttpMethod.GET, '/large', http);
  add(HttpMethod.GET, '/slow', short);
  add(HttpMethod.GET, '/never', new HttpLambdaIntegration('Never', functions.never));
  add(HttpMethod.GET, '/paced', new HttpLambdaIntegration('Paced', functions.paced));
  add(
    HttpMethod.POST,
    '/queue',
    new HttpSqsIntegration('Queue', {
      queue,
      subtype: HttpIntegrationSubtype.SQS_SEND_MESSAGE,
      parameterMapping: new ParameterMapping()
        .custom('QueueUrl', queue.queueUrl)
        .custom('MessageBody', MappingValue.custom('$request.body').value),
    }),
  );
  addUnpermitted(stack, api.apiId, functions);
  const [throttled] = add(HttpMethod.GET, '/throttled', http);
  if (throttled) throttleRoutes(stage, throttled, 'GET /throttled');
  return api.apiId;
}

/** A route that has its integration, but no AWS::Lambda::Permission. */
function addUnpermitted(stack: Stack, apiId: string, functions: Probes): void {
  const integration = new CfnIntegration(stack, 'UnpermittedIntegration', {
    apiId,
    integrationType: 'AWS_PROXY',
    integrationUri: functions.deliver.functionArn,
    payloadFormatVersion: '2.0',
  });
  const target = `integrations/${integration.ref}`;
  new CfnRoute(stack, 'UnpermittedRoute', { apiId, routeKey: 'GET /unpermitted', target });
}
