/** Types of API Gateway, as resource-types.ts has those of other services. */
import type { ResourceType } from './resource-kinds.ts';

export const apiResourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGatewayV2::Api': {
    kind: 'api',
    used: ['CorsConfiguration', 'CredentialsArn', 'ProtocolType', 'RouteKey', 'RouteSelectionExpression', 'Target'],
    // Routes that need a key are refused where they are.
    ignored: [
      'ApiKeySelectionExpression',
      'Description',
      'DisableExecuteApiEndpoint',
      'DisableSchemaValidation',
      'FailOnWarnings',
      'IpAddressType',
      'Name',
      'Tags',
      'Version',
    ],
  },
  'AWS::ApiGatewayV2::Stage': {
    kind: 'stage',
    used: ['ApiId', 'DefaultRouteSettings', 'RouteSettings', 'StageName', 'StageVariables'],
    // The gateway's own logs are in the target's log folder.
    noticed: ['AccessLogSettings'],
    // The template is deployed as is.
    ignored: ['AutoDeploy', 'ClientCertificateId', 'DeploymentId', 'Description', 'Tags'],
  },
  'AWS::ApiGatewayV2::Route': {
    kind: 'route',
    used: [
      'ApiId',
      'ApiKeyRequired',
      'AuthorizationScopes',
      'AuthorizationType',
      'AuthorizerId',
      'ModelSelectionExpression',
      'RequestModels',
      'RouteKey',
      'RouteResponseSelectionExpression',
      'Target',
    ],
    ignored: ['OperationName'],
  },
  'AWS::ApiGatewayV2::Model': {
    kind: 'model',
    used: ['ApiId', 'Name', 'Schema'],
    ignored: ['ContentType', 'Description'],
  },
  'AWS::ApiGatewayV2::RouteResponse': {
    kind: 'routeResponse',
    used: ['ApiId', 'RouteId', 'RouteResponseKey'],
    // What is declared of answers is not checked here.
    ignored: ['ModelSelectionExpression', 'ResponseModels', 'ResponseParameters'],
  },
  'AWS::ApiGatewayV2::Integration': {
    kind: 'integration',
    used: [
      'ApiId',
      'ConnectionType',
      'CredentialsArn',
      'IntegrationMethod',
      'IntegrationSubtype',
      'IntegrationType',
      'IntegrationUri',
      'PassthroughBehavior',
      'PayloadFormatVersion',
      'RequestParameters',
      'RequestTemplates',
      'TemplateSelectionExpression',
      'TimeoutInMillis',
    ],
    // Bodies are text wherever a template reads them.
    ignored: ['ContentHandlingStrategy', 'Description'],
  },
  'AWS::ApiGatewayV2::IntegrationResponse': {
    kind: 'integrationResponse',
    used: ['ApiId', 'IntegrationId', 'IntegrationResponseKey', 'ResponseTemplates', 'TemplateSelectionExpression'],
    ignored: ['ContentHandlingStrategy'],
  },
  'AWS::ApiGatewayV2::Authorizer': {
    kind: 'authorizer',
    used: [
      'ApiId',
      'AuthorizerCredentialsArn',
      'AuthorizerPayloadFormatVersion',
      'AuthorizerResultTtlInSeconds',
      'AuthorizerType',
      'AuthorizerUri',
      'EnableSimpleResponses',
      'IdentitySource',
      'JwtConfiguration',
    ],
    ignored: ['Name'],
  },
  'AWS::ApiGateway::RestApi': {
    kind: 'restApi',
    used: ['ApiKeySourceType', 'BinaryMediaTypes', 'Name'],
    // Where and how it is reached on AWS.
    ignored: [
      'Description',
      'DisableExecuteApiEndpoint',
      'EndpointAccessMode',
      'EndpointConfiguration',
      'FailOnWarnings',
      'MinimumCompressionSize',
      'Mode',
      'Parameters',
      'Policy',
      'SecurityPolicy',
      'Tags',
    ],
  },
  'AWS::ApiGateway::Resource': { kind: 'restResource', used: ['ParentId', 'PathPart', 'RestApiId'], ignored: [] },
  'AWS::ApiGateway::Method': {
    kind: 'restMethod',
    used: [
      'ApiKeyRequired',
      'AuthorizationType',
      'AuthorizerId',
      'HttpMethod',
      'Integration',
      'RequestModels',
      'RequestParameters',
      'RequestValidatorId',
      'ResourceId',
      'RestApiId',
    ],
    // What is declared of answers is not checked here.
    ignored: ['MethodResponses', 'OperationName'],
  },
  'AWS::ApiGateway::RequestValidator': {
    kind: 'requestValidator',
    used: ['RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'],
    ignored: ['Name'],
  },
  'AWS::ApiGateway::Model': {
    kind: 'restModel',
    used: ['Name', 'RestApiId', 'Schema'],
    ignored: ['ContentType', 'Description'],
  },
  'AWS::ApiGateway::Stage': {
    kind: 'restStage',
    used: ['MethodSettings', 'RestApiId', 'StageName', 'Variables'],
    noticed: ['AccessLogSetting'],
    ignored: ['ClientCertificateId', 'DeploymentId', 'Description', 'DocumentationVersion', 'Tags', 'TracingEnabled'],
  },
  'AWS::ApiGateway::Deployment': {
    kind: 'restDeployment',
    used: ['RestApiId', 'StageName'],
    ignored: ['Description'],
  },
  'AWS::ApiGateway::Authorizer': {
    kind: 'restAuthorizer',
    used: [
      'AuthorizerCredentials',
      'AuthorizerResultTtlInSeconds',
      'AuthorizerUri',
      'IdentitySource',
      'IdentityValidationExpression',
      'RestApiId',
      'Type',
    ],
    ignored: ['AuthType', 'Name'],
  },
  'AWS::ApiGateway::GatewayResponse': {
    kind: 'gatewayResponse',
    used: ['ResponseParameters', 'ResponseType', 'RestApiId', 'StatusCode'],
    ignored: [],
  },
  'AWS::ApiGateway::ApiKey': {
    kind: 'apiKey',
    used: ['Enabled', 'Value'],
    ignored: ['CustomerId', 'Description', 'GenerateDistinctId', 'Name', 'StageKeys', 'Tags'],
  },
  'AWS::ApiGateway::UsagePlan': {
    kind: 'usagePlan',
    used: ['ApiStages', 'Quota', 'Throttle'],
    ignored: ['Description', 'Tags', 'UsagePlanName'],
  },
  'AWS::ApiGateway::UsagePlanKey': { kind: 'usagePlanKey', used: ['KeyId', 'UsagePlanId'], ignored: ['KeyType'] },
};
