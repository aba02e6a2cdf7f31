import { describe, expect, test } from 'vitest';
import { withoutOpenApi } from './open-api.ts';

const mock = { 'x-amazon-apigateway-integration': { type: 'mock' } };
const resourcesOf = (Body: object) =>
  withoutOpenApi({ Resources: { Api: { Type: 'AWS::ApiGateway::RestApi', Condition: 'Live', Properties: { Body } } } })
    .Resources;
const common = { Condition: 'Live' };
const RestApiId = { Ref: 'Api' };
const urlOf = (name: string) => ({
  'Fn::Join': ['', ['https://apigateway.amazonaws.com/restapis/', RestApiId, `/models/${name}`]],
});
const validators = {
  'x-amazon-apigateway-request-validators': { 'body-only': { validateRequestBody: true }, all: {} },
};

describe('rules of requests', () => {
  test('as SAM writes them: definitions, a validator, a body and parameters', () => {
    const Body = {
      ...{ swagger: '2.0', ...validators },
      definitions: {
        order: { type: 'object', properties: { lines: { items: { $ref: '#/definitions/line' } } } },
        line: { type: 'object' },
      },
      paths: {
        '/orders/{id}': {
          parameters: [{ in: 'path', name: 'id', required: true }],
          post: {
            ...mock,
            'x-amazon-apigateway-request-validator': 'body-only',
            parameters: [
              { in: 'body', name: 'order', required: true, schema: { $ref: '#/definitions/order' } },
              { in: 'query', name: 'q' },
              { in: 'header', name: 'X-One', required: true },
            ],
          },
        },
      },
    };
    expect(resourcesOf(Body)).toMatchObject({
      ApiModel0: {
        ...{ ...common, Type: 'AWS::ApiGateway::Model' },
        Properties: {
          ...{ RestApiId, Name: 'order' },
          Schema: { properties: { lines: { items: { $ref: urlOf('line') } } } },
        },
      },
      ApiModel1: { Properties: { Name: 'line', Schema: { type: 'object' } } },
      ApiValidatorbodyonly: {
        ...{ ...common, Type: 'AWS::ApiGateway::RequestValidator' },
        Properties: { RestApiId, ValidateRequestBody: true, ValidateRequestParameters: false },
      },
      ApiMethod0: {
        Properties: {
          RequestValidatorId: { Ref: 'ApiValidatorbodyonly' },
          RequestModels: { 'application/json': 'order' },
          RequestParameters: {
            'method.request.path.id': true,
            'method.request.querystring.q': false,
            'method.request.header.X-One': true,
          },
        },
      },
    });
  });

  test('as version 3 has them: schemas, one that stands in the operation, a validator for all, shared parameters', () => {
    const Body = {
      ...{ openapi: '3.0.1', ...validators, 'x-amazon-apigateway-request-validator': 'all' },
      components: {
        schemas: { Order: { type: 'object' } },
        parameters: { Page: { in: 'query', name: 'page', required: true } },
      },
      paths: {
        '/': {
          get: { ...mock, parameters: [{ $ref: '#/components/parameters/Page' }] },
          put: {
            ...mock,
            requestBody: {
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/Order' } },
                'text/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Order' } } },
              },
            },
          },
        },
      },
    };
    const RequestValidatorId = { Ref: 'ApiValidatorall' };
    expect(resourcesOf(Body)).toMatchObject({
      ApiModel0: { Properties: { Name: 'Order' } },
      ApiMethod0: {
        Properties: { RequestValidatorId, RequestParameters: { 'method.request.querystring.page': true } },
      },
      ApiMethod1: {
        Properties: {
          RequestValidatorId,
          RequestModels: { 'application/json': 'Order', 'text/json': 'Method1Body1' },
        },
      },
      ApiMethod1Body1: { Properties: { Name: 'Method1Body1', Schema: { items: { $ref: urlOf('Order') } } } },
    });
  });
});
