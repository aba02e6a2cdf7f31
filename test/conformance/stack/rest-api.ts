/** The REST API of the conformance stack. */
import type { Stack } from 'aws-cdk-lib';
import { LambdaIntegration, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Probes } from './probes-of-stack.ts';
import { restStage } from './settings.ts';

export function addRestApi(stack: Stack, functions: Probes): void {
  const api = new RestApi(stack, 'RestApi', {
    restApiName: `${stack.stackName}-rest`,
    cloudWatchRole: false,
    deployOptions: { stageName: restStage },
  });
  const http = new LambdaIntegration(functions.http);
  api.root.addResource('echo').addResource('{name}').addMethod('POST', http);
  api.root.addResource('plain').addMethod('GET', http);
  const mock = new MockIntegration({
    requestTemplates: { 'application/json': '{ statusCode: 200 }' },
    integrationResponses: [
      {
        statusCode: '200',
        responseParameters: { 'method.response.header.X-Mock': "'yes'" },
        responseTemplates: { 'application/json': '{"stage":"$context.stage"}' },
      },
    ],
  });
  const methodResponses = [{ statusCode: '200', responseParameters: { 'method.response.header.X-Mock': true } }];
  api.root.addResource('mock').addMethod('GET', mock, { methodResponses });
}
