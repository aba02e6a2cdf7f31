/** The HTTP API of the conformance stack. */
import { Duration, type Stack } from 'aws-cdk-lib';
import {
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
import { shortTimeoutMs } from './settings.ts';
import { throttleRoutes } from './web-socket-api.ts';

/** Returns the API's id. */
export function addHttpApi(stack: Stack, functions: Probes, queue: IQueue): string {
  const api = new HttpApi(stack, 'HttpApi', { apiName: `${stack.stackName}-http`, createDefaultStage: false });
  const stage = new HttpStage(stack, 'HttpStage', { httpApi: api, stageName: '$default', autoDeploy: true });
  const http = new HttpLambdaIntegration('Http', functions.http);
  const short = new HttpLambdaIntegration('Short', functions.http, { timeout: Duration.millis(shortTimeoutMs) });
  const add = (method: HttpMethod, path: string, integration: HttpLambdaIntegration | HttpSqsIntegration) =>
    api.addRoutes({ methods: [method], path, integration });
  add(HttpMethod.POST, '/echo', http);
  add(HttpMethod.GET, '/echo/{name}', http);
  add(HttpMethod.GET, '/plain', http);
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
  const [throttled] = add(HttpMethod.GET, '/throttled', http);
  if (throttled) throttleRoutes(stage, throttled, 'GET /throttled');
  return api.apiId;
}
