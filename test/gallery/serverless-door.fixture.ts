/** A WebSocket behind an authorizer, as `serverless package` leaves it: a template and one zip file with all functions. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipOf } from './zip-file.fixture.ts';

const handlers = `
exports.door = async ({ queryStringParameters, methodArn }) => {
  const { key } = queryStringParameters ?? {};
  if (key !== 'open sesame') throw 'Unauthorized';
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }];
  return { principalId: 'ali', policyDocument: { Version: '2012-10-17', Statement } };
};
exports.hall = (event, context, callback) => {
  const { routeKey, authorizer } = event.requestContext;
  callback(null, { statusCode: 200, body: routeKey + ' by ' + (authorizer && authorizer.principalId) });
};
`;

const apiId = { Ref: 'WebsocketsApi' };
const functionOf = (name: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: { Ref: 'ServerlessDeploymentBucket' }, S3Key: 'serverless/door/dev/1767225600000-2026/door.zip' },
    Handler: `handlers.${name}`,
    Runtime: 'nodejs20.x',
    FunctionName: `door-dev-${name}`,
    MemorySize: 1_024,
    Timeout: 6,
    Role: { 'Fn::GetAtt': ['IamRoleLambdaExecution', 'Arn'] },
  },
  DependsOn: [`${name}LogGroup`],
});
const uriOf = (name: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':apigateway:',
      { Ref: 'AWS::Region' },
      ':lambda:path/2015-03-31/functions/',
      { 'Fn::GetAtt': [name, 'Arn'] },
      '/invocations',
    ],
  ],
});
const permissionOf = (name: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: { 'Fn::GetAtt': [name, 'Arn'] },
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  },
});
const routeOf = (RouteKey: string, more: object) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: apiId,
    RouteKey,
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'hallIntegration' }]] },
    ...more,
  },
});

export function writeServerlessDoor(folder: string): void {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: {} } },
      ServerlessDeploymentBucketPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: {} },
      doorLogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/door-dev-door' } },
      hallLogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/door-dev-hall' } },
      IamRoleLambdaExecution: { Type: 'AWS::IAM::Role', Properties: {} },
      door: functionOf('door'),
      hall: functionOf('hall'),
      doorVersion: {
        Type: 'AWS::Lambda::Version',
        DeletionPolicy: 'Retain',
        Properties: { FunctionName: { Ref: 'door' }, CodeSha256: 'x' },
      },
      WebsocketsApi: {
        Type: 'AWS::ApiGatewayV2::Api',
        Properties: {
          Name: 'dev-door-websockets',
          RouteSelectionExpression: '$request.body.action',
          ProtocolType: 'WEBSOCKET',
        },
      },
      hallIntegration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { ApiId: apiId, IntegrationType: 'AWS_PROXY', IntegrationUri: uriOf('hall') },
      },
      doorPermission: permissionOf('door'),
      hallPermission: permissionOf('hall'),
      doorAuthorizer: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ApiId: apiId,
          Name: 'door',
          AuthorizerType: 'REQUEST',
          AuthorizerUri: uriOf('door'),
          IdentitySource: ['route.request.querystring.key'],
        },
      },
      SconnectRoute: routeOf('$connect', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'doorAuthorizer' } }),
      SdefaultRoute: routeOf('$default', { AuthorizationType: 'NONE', RouteResponseSelectionExpression: '$default' }),
      SdefaultRouteResponse: {
        Type: 'AWS::ApiGatewayV2::RouteResponse',
        Properties: { ApiId: apiId, RouteId: { Ref: 'SdefaultRoute' }, RouteResponseKey: '$default' },
      },
      WebsocketsDeployment1: {
        Type: 'AWS::ApiGatewayV2::Deployment',
        DependsOn: ['SconnectRoute'],
        Properties: { ApiId: apiId },
      },
      WebsocketsDeploymentStage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: apiId, StageName: 'dev', DeploymentId: { Ref: 'WebsocketsDeployment1' } },
      },
    },
    Outputs: {
      ServiceEndpointWebsocket: {
        Value: {
          'Fn::Join': [
            '',
            ['wss://', apiId, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/dev'],
          ],
        },
      },
    },
  };
  writeFileSync(join(folder, 'cloudformation-template-update-stack.json'), JSON.stringify(template));
  writeFileSync(join(folder, 'door.zip'), zipOf({ 'handlers.js': handlers, 'package.json': '{}' }));
}
