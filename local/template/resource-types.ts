/**
 * The resource types that the local target supports, and how it treats each of their properties.
 * `used`: changes behaviour and is supported. `ignored`: does not change behaviour here, for the reason given.
 * A property in neither list, or a type not listed, is an error.
 */

export type ResourceKind =
  | 'function'
  | 'eventSource'
  | 'queue'
  | 'table'
  | 'secret'
  | 'api'
  | 'stage'
  | 'route'
  | 'routeResponse'
  | 'integration'
  | 'authorizer'
  | 'ignored';

interface ResourceType {
  kind: ResourceKind;
  used: readonly string[];
  ignored: readonly string[];
}

/** Types without any behaviour on this machine: permissions, encryption at rest, notifications, log retention. */
const ignoredType: ResourceType = { kind: 'ignored', used: [], ignored: ['*'] };

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::IAM::Role': ignoredType,
  'AWS::IAM::Policy': ignoredType,
  'AWS::IAM::ManagedPolicy': ignoredType,
  'AWS::Lambda::Permission': ignoredType,
  'AWS::SQS::QueuePolicy': ignoredType,
  'AWS::Logs::LogGroup': ignoredType,
  'AWS::CloudWatch::Alarm': ignoredType,
  'AWS::CloudWatch::CompositeAlarm': ignoredType,
  'AWS::CloudWatch::Dashboard': ignoredType,
  'AWS::SNS::Topic': ignoredType,
  'AWS::SNS::Subscription': ignoredType,
  'AWS::SNS::TopicPolicy': ignoredType,
  'AWS::KMS::Key': ignoredType,
  'AWS::KMS::Alias': ignoredType,
  'AWS::ApiGateway::Account': ignoredType,
  'AWS::ApiGatewayV2::Deployment': ignoredType,
  'AWS::CDK::Metadata': ignoredType,
  'AWS::Lambda::Function': {
    kind: 'function',
    used: [
      'Code',
      'Handler',
      'FunctionName',
      'MemorySize',
      'Timeout',
      'ReservedConcurrentExecutions',
      'Environment',
      'Runtime',
    ],
    // Permissions, descriptions, log and trace destinations; the processor is this machine's.
    ignored: [
      'Architectures',
      'Description',
      'LoggingConfig',
      'Role',
      'Tags',
      'TracingConfig',
      'EphemeralStorage',
      'PackageType',
      'RecursiveLoop',
    ],
  },
  'AWS::Lambda::EventSourceMapping': {
    kind: 'eventSource',
    used: [
      'BatchSize',
      'Enabled',
      'EventSourceArn',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'MetricsConfig',
      'ScalingConfig',
    ],
    ignored: ['Tags'],
  },
  'AWS::SQS::Queue': {
    kind: 'queue',
    used: [
      'DelaySeconds',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'QueueName',
      'ReceiveMessageWaitTimeSeconds',
      'RedrivePolicy',
      'VisibilityTimeout',
    ],
    // Encryption at rest; RedriveAllowPolicy is a permission.
    ignored: ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'RedriveAllowPolicy', 'SqsManagedSseEnabled', 'Tags'],
  },
  'AWS::DynamoDB::Table': {
    kind: 'table',
    used: [
      'AttributeDefinitions',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'LocalSecondaryIndexes',
      'OnDemandThroughput',
      'ProvisionedThroughput',
      'TableName',
      'TimeToLiveSpecification',
    ],
    // Backups, encryption, insights: nothing to serve.
    ignored: [
      'ContributorInsightsSpecification',
      'DeletionProtectionEnabled',
      'PointInTimeRecoverySpecification',
      'SSESpecification',
      'Tags',
    ],
  },
  'AWS::SecretsManager::Secret': {
    kind: 'secret',
    used: ['GenerateSecretString', 'Name', 'SecretString'],
    ignored: ['Description', 'KmsKeyId', 'Tags'],
  },
  'AWS::ApiGatewayV2::Api': {
    kind: 'api',
    used: ['ProtocolType', 'RouteSelectionExpression'],
    ignored: ['Description', 'DisableExecuteApiEndpoint', 'IpAddressType', 'Name', 'Tags', 'Version'],
  },
  'AWS::ApiGatewayV2::Stage': {
    kind: 'stage',
    used: ['ApiId', 'DefaultRouteSettings', 'RouteSettings', 'StageName', 'StageVariables'],
    // The template is deployed as is. The gateway's own logs are in the target's log folder.
    ignored: ['AccessLogSettings', 'AutoDeploy', 'DeploymentId', 'Description', 'Tags'],
  },
  'AWS::ApiGatewayV2::Route': {
    kind: 'route',
    used: ['ApiId', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'RouteResponseSelectionExpression', 'Target'],
    ignored: ['OperationName'],
  },
  'AWS::ApiGatewayV2::RouteResponse': {
    kind: 'routeResponse',
    used: ['ApiId', 'RouteId', 'RouteResponseKey'],
    ignored: [],
  },
  'AWS::ApiGatewayV2::Integration': {
    kind: 'integration',
    used: [
      'ApiId',
      'ConnectionType',
      'IntegrationSubtype',
      'IntegrationType',
      'IntegrationUri',
      'PayloadFormatVersion',
      'RequestParameters',
      'TimeoutInMillis',
    ],
    // IntegrationMethod is always POST for Lambda; CredentialsArn is a permission.
    ignored: ['CredentialsArn', 'Description', 'IntegrationMethod'],
  },
  'AWS::ApiGatewayV2::Authorizer': {
    kind: 'authorizer',
    used: ['ApiId', 'AuthorizerResultTtlInSeconds', 'AuthorizerType', 'AuthorizerUri', 'IdentitySource'],
    ignored: ['AuthorizerCredentialsArn', 'Name'],
  },
};
