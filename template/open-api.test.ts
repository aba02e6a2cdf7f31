import { describe, expect, test } from 'vitest';
import { withoutOpenApi } from './open-api.ts';

const uri = { 'Fn::Sub': 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/F/invocations' };
const proxy = { 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri } };
const resourcesOf = (Type: string, Body: object) =>
  withoutOpenApi({ Resources: { Api: { Type, Properties: { Body } } } }).Resources;

describe('APIs by OpenAPI', () => {
  test('an HTTP API: routes, integrations, CORS, authorizers', () => {
    const authorizer = {
      type: 'jwt',
      identitySource: '$request.header.Authorization',
      jwtConfiguration: { issuer: 'i', audience: ['a'] },
    };
    const Body = {
      'x-amazon-apigateway-cors': { allowOrigins: ['*'], maxAge: 60 },
      components: { securitySchemes: { Jwt: { type: 'oauth2', 'x-amazon-apigateway-authorizer': authorizer } } },
      paths: {
        '/users/{id}': { get: { ...proxy, security: [{ Jwt: [] }] }, 'x-amazon-apigateway-any-method': proxy },
        '/$default': { 'x-amazon-apigateway-any-method': proxy },
      },
    };
    const ApiId = { Ref: 'Api' };
    expect(resourcesOf('AWS::ApiGatewayV2::Api', Body)).toMatchObject({
      Api: { Properties: { ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['*'], MaxAge: 60 } } },
      ApiAuthorizerJwt: {
        Properties: { ApiId, AuthorizerType: 'JWT', JwtConfiguration: { Issuer: 'i', Audience: ['a'] } },
      },
      ApiIntegration0: { Properties: { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: uri } },
      ApiRoute0: {
        Properties: {
          RouteKey: 'GET /users/{id}',
          AuthorizationType: 'JWT',
          AuthorizerId: { Ref: 'ApiAuthorizerJwt' },
        },
      },
      ApiRoute1: { Properties: { RouteKey: 'ANY /users/{id}' } },
      ApiRoute2: { Properties: { RouteKey: '$default' } },
    });
  });

  test('a REST API: a resource for each part of a path, once, and methods', () => {
    const mock = {
      type: 'mock',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      responses: {
        default: { statusCode: 200, responseParameters: { 'method.response.header.A': "'b'" } },
        '4\\d\\d': { statusCode: 400 },
      },
    };
    const Body = {
      paths: {
        '/': { get: proxy },
        '/a/{id}': { post: proxy, options: { 'x-amazon-apigateway-integration': mock } },
        '/a': { get: proxy },
      },
    };
    const root = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
    expect(resourcesOf('AWS::ApiGateway::RestApi', Body)).toMatchObject({
      ApiMethod0: { Properties: { ResourceId: root, HttpMethod: 'GET', Integration: { Type: 'AWS_PROXY', Uri: uri } } },
      ApiResource1: { Properties: { ParentId: root, PathPart: 'a' } },
      ApiResource2: { Properties: { ParentId: { Ref: 'ApiResource1' }, PathPart: '{id}' } },
      ApiMethod1: { Properties: { ResourceId: { Ref: 'ApiResource2' }, HttpMethod: 'POST' } },
      ApiMethod2: {
        Properties: {
          HttpMethod: 'OPTIONS',
          Integration: {
            Type: 'MOCK',
            RequestTemplates: { 'application/json': '{"statusCode": 200}' },
            IntegrationResponses: [
              { StatusCode: 200, ResponseParameters: { 'method.response.header.A': "'b'" } },
              { SelectionPattern: '4\\d\\d', StatusCode: 400 },
            ],
          },
        },
      },
      ApiMethod3: { Properties: { ResourceId: { Ref: 'ApiResource1' }, HttpMethod: 'GET' } },
    });
  });
});
