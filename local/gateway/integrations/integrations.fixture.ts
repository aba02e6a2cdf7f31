/** Integrations of every kind on all three APIs, as resources of a template. */

const webSocketApi = { Ref: 'WebSocketApi' };
const serviceUri = (path: unknown) => ({ 'Fn::Join': ['', ['arn:aws:apigateway:us-east-1:', path]] });
const queuePath = {
  'Fn::Join': ['', ['sqs:path/', { Ref: 'AWS::AccountId' }, '/', { 'Fn::GetAtt': ['Queue', 'QueueName'] }]],
};

/** A two-way route of the WebSocket API with this integration, and its one answer. */
function route(key: string, integration: object, answer?: object) {
  const name = key.replaceAll(/\W/g, '');
  const Target = { 'Fn::Join': ['/', ['integrations', { Ref: `${name}Integration` }]] };
  return {
    [`${name}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: webSocketApi, ...integration },
    },
    [`${name}Route`]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: webSocketApi, RouteKey: key, Target, RouteResponseSelectionExpression: '$default' },
    },
    [`${name}RouteResponse`]: {
      Type: 'AWS::ApiGatewayV2::RouteResponse',
      Properties: { ApiId: webSocketApi, RouteId: { Ref: `${name}Route` }, RouteResponseKey: '$default' },
    },
    ...(answer && {
      [`${name}Response`]: {
        Type: 'AWS::ApiGatewayV2::IntegrationResponse',
        Properties: { ApiId: webSocketApi, IntegrationId: { Ref: `${name}Integration` }, ...answer },
      },
    }),
  };
}

/** Methods of the REST API by path and method. */
export function restApi(methods: Record<string, object>) {
  const RestApiId = { Ref: 'RestApi' };
  const resources: Record<string, { Type: string; Properties: object }> = {
    RestApi: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'rest' } },
    RestDeployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId, StageName: 'prod' } },
  };
  for (const [key, properties] of Object.entries(methods)) {
    const [HttpMethod = '', path = ''] = key.split(' ');
    let ParentId: object = { 'Fn::GetAtt': ['RestApi', 'RootResourceId'] };
    for (const [index, PathPart] of path.split('/').slice(1).entries()) {
      const id = `Resource${path
        .split('/')
        .slice(1, index + 2)
        .join('')
        .replaceAll(/\W/g, '')}`;
      resources[id] = { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId, ParentId, PathPart } };
      ParentId = { Ref: id };
    }
    const Properties = { RestApiId, ResourceId: ParentId, HttpMethod, AuthorizationType: 'NONE', ...properties };
    resources[`Method${HttpMethod}${path.replaceAll(/\W/g, '')}`] = { Type: 'AWS::ApiGateway::Method', Properties };
  }
  return resources;
}

const passOn = `#set($all = $input.params())
{ "body": $input.json('$'), "params": {
#foreach($type in $all.keySet())
  #set($values = $all.get($type))
  "$type": { #foreach($name in $values.keySet()) "$name": "$util.escapeJavaScript($values.get($name))"#if($foreach.hasNext),#end #end }#if($foreach.hasNext),#end
#end
}, "stage": "$context.stage", "nothing": "$context.nothing" }`;
const toFunction = (name: string) =>
  serviceUri({
    'Fn::Join': ['', ['lambda:path/2015-03-31/functions/', { 'Fn::GetAtt': [name, 'Arn'] }, '/invocations']],
  });
const cors = {
  'method.response.header.Access-Control-Allow-Origin': "'*'",
  'method.response.header.Access-Control-Allow-Methods': "'GET,OPTIONS'",
};

/** @param url of the server that is forwarded to. */
export function integrationResources(url: string) {
  const mock = {
    IntegrationType: 'MOCK',
    TemplateSelectionExpression: '200',
    RequestTemplates: { 200: '{"statusCode":200}' },
  };
  return {
    ...route('$connect', mock),
    ...route('ping', mock, {
      IntegrationResponseKey: '/200/',
      ResponseTemplates: { $default: '{"pong":"$context.connectionId"}' },
    }),
    ...route('forward', { IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'POST', IntegrationUri: `${url}/chat` }),
    ...route('broken', {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'POST',
      IntegrationUri: 'http://127.0.0.1:9/',
    }),
    ...route('queue', {
      IntegrationType: 'AWS',
      IntegrationMethod: 'POST',
      IntegrationUri: serviceUri(queuePath),
      RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      PassthroughBehavior: 'NEVER',
      TemplateSelectionExpression: '\\$default',
      RequestTemplates: {
        $default:
          "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$.data'))&MessageAttribute.1.Name=connectionId&MessageAttribute.1.Value.StringValue=$context.connectionId&MessageAttribute.1.Value.DataType=String",
      },
    }),
    ForwardIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ...{ ApiId: { Ref: 'HttpApi' }, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'ANY' },
        ...{ IntegrationUri: `${url}/base/{proxy}`, PayloadFormatVersion: '1.0' },
        RequestParameters: { 'overwrite:header.x-mark': '$context.stage', 'append:querystring.added': 'yes' },
      },
    },
    ForwardRoute: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'HttpApi' },
        RouteKey: 'ANY /to/{proxy+}',
        Target: 'integrations/ForwardIntegration',
      },
    },
    ...restApi({
      'OPTIONS /users': {
        Integration: {
          Type: 'MOCK',
          RequestTemplates: { 'application/json': '{ statusCode: 204 }' },
          IntegrationResponses: [{ StatusCode: '204', ResponseParameters: cors }],
        },
      },
      'GET /mock': {
        Integration: {
          Type: 'MOCK',
          RequestTemplates: {
            'application/json': `#if($input.params('scope') == "internal"){"statusCode":200}#{else}{"statusCode":500}#end`,
          },
          IntegrationResponses: [
            {
              StatusCode: '200',
              ResponseTemplates: { 'application/json': '{"id":"$input.params(\'id\')","of":"$context.resourcePath"}' },
            },
            {
              StatusCode: '500',
              SelectionPattern: '5\\d{2}',
              ResponseTemplates: { 'application/json': '{"message":"no"}' },
            },
          ],
        },
      },
      'GET /broken-mock': { Integration: { Type: 'MOCK', RequestTemplates: { 'application/json': '{}' } } },
      'ANY /to/{proxy+}': {
        Integration: {
          ...{ Type: 'HTTP_PROXY', IntegrationHttpMethod: 'ANY', Uri: `${url}/rest/{proxy}` },
          RequestParameters: {
            'integration.request.path.proxy': 'method.request.path.proxy',
            'integration.request.header.x-mark': 'context.stage',
          },
        },
      },
      'GET /mapped': {
        Integration: {
          ...{ Type: 'HTTP', IntegrationHttpMethod: 'GET', Uri: `${url}/503` },
          IntegrationResponses: [
            { StatusCode: 200 },
            {
              StatusCode: 502,
              SelectionPattern: '5..',
              ResponseTemplates: { 'application/json': '{"upstream":$input.json(\'$.url\')}' },
            },
          ],
        },
      },
      'POST /function/{id}': {
        Integration: {
          ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: toFunction('Reverse') },
          RequestTemplates: { 'application/json': passOn },
          IntegrationResponses: [
            { StatusCode: 201, ResponseTemplates: { 'application/json': "#set($got = $input.path('$'))$got.said" } },
            {
              StatusCode: 422,
              SelectionPattern: '.*refused.*',
              ResponseTemplates: { 'application/json': '{"why":$input.json(\'$.errorMessage\')}' },
            },
          ],
        },
      },
      'POST /proxy': { Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: toFunction('Event') } },
      'PUT /item/{id}': {
        Integration: {
          ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: serviceUri('dynamodb:action/PutItem') },
          RequestTemplates: {
            'application/json': {
              'Fn::Sub': `{"TableName":"\${Table}","Item":{"pk":{"S":"$input.params('id')"},"n":{"N":"$input.path('$.n')"}}}`,
            },
          },
          IntegrationResponses: [
            { StatusCode: 200, ResponseTemplates: { 'application/json': '{"stored":true}' } },
            { StatusCode: 400, SelectionPattern: '4\\d\\d' },
          ],
        },
      },
      'POST /queue': {
        Integration: {
          ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: serviceUri(queuePath) },
          RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
          RequestTemplates: { 'application/json': 'Action=SendMessage&MessageBody=$input.body' },
          IntegrationResponses: [{ StatusCode: 200 }],
        },
      },
      'POST /events': {
        Integration: {
          ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: serviceUri('events:action/PutEvents') },
          RequestTemplates: {
            'application/json':
              '{"Entries":[{"Source":"rest","DetailType":"item","Detail":"$util.escapeJavaScript($input.body)"}]}',
          },
          IntegrationResponses: [{ StatusCode: 200 }],
        },
      },
    }),
    Items: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['rest'] },
        Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, InputPath: '$.detail' }],
      },
    },
    ItemsPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' }],
        },
      },
    },
  };
}
