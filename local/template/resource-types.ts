/**
 * The resource types that the local target supports, and how it treats each of their properties.
 * `used`: changes behaviour and is supported. `ignored`: does not change behaviour here, for the reason given.
 * A property in neither list is an error, and so is a type that is neither here nor in inert-types.ts.
 */

export type ResourceKind =
  | 'function'
  | 'eventSource'
  | 'permission'
  | 'version'
  | 'queue'
  | 'table'
  | 'secret'
  | 'parameter'
  | 'api'
  | 'stage'
  | 'route'
  | 'routeResponse'
  | 'integrationResponse'
  | 'integration'
  | 'authorizer'
  | 'restApi'
  | 'restResource'
  | 'restMethod'
  | 'restStage'
  | 'restDeployment'
  | 'restAuthorizer';

interface ResourceType {
  kind: ResourceKind;
  used: readonly string[];
  ignored: readonly string[];
}

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
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
  'AWS::Lambda::Permission': {
    kind: 'permission',
    used: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
    ignored: ['EventSourceToken', 'FunctionUrlAuthType', 'PrincipalOrgID'],
  },
  // Names of the function: there is one version of the code here. Provisioned concurrency is not modelled.
  'AWS::Lambda::Version': {
    kind: 'version',
    used: ['FunctionName'],
    ignored: ['CodeSha256', 'Description', 'ProvisionedConcurrencyConfig', 'RuntimePolicy'],
  },
  'AWS::Lambda::Alias': {
    kind: 'version',
    used: ['FunctionName'],
    ignored: ['Description', 'FunctionVersion', 'Name', 'ProvisionedConcurrencyConfig'],
  },
  'AWS::Lambda::EventSourceMapping': {
    kind: 'eventSource',
    used: [
      'BatchSize',
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'Enabled',
      'EventSourceArn',
      'FilterCriteria',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'MetricsConfig',
      'ParallelizationFactor',
      'ScalingConfig',
      'StartingPosition',
    ],
    ignored: ['Tags'],
  },
  'AWS::SQS::Queue': {
    kind: 'queue',
    used: [
      'ContentBasedDeduplication',
      'DeduplicationScope',
      'DelaySeconds',
      'FifoQueue',
      'FifoThroughputLimit',
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
      'StreamSpecification',
      'TableName',
      'TimeToLiveSpecification',
    ],
    // Backups, encryption, insights: nothing to serve.
    ignored: [
      'ContributorInsightsSpecification',
      'DeletionProtectionEnabled',
      'ResourcePolicy',
      'TableClass',
      'WarmThroughput',
      'PointInTimeRecoverySpecification',
      'SSESpecification',
      'Tags',
    ],
  },
  // Replicas in other Regions serve nobody here.
  'AWS::DynamoDB::GlobalTable': {
    kind: 'table',
    used: [
      'AttributeDefinitions',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'LocalSecondaryIndexes',
      'Replicas',
      'StreamSpecification',
      'TableName',
      'TimeToLiveSpecification',
      'WriteOnDemandThroughputSettings',
      'WriteProvisionedThroughputSettings',
    ],
    ignored: ['MultiRegionConsistency', 'SSESpecification', 'WarmThroughput'],
  },
  'AWS::SecretsManager::Secret': {
    kind: 'secret',
    used: ['GenerateSecretString', 'Name', 'SecretString'],
    ignored: ['Description', 'KmsKeyId', 'Tags'],
  },
  'AWS::SSM::Parameter': {
    kind: 'parameter',
    used: ['Name', 'Type', 'Value'],
    ignored: ['AllowedPattern', 'DataType', 'Description', 'Policies', 'Tags', 'Tier'],
  },
  'AWS::ApiGatewayV2::Api': {
    kind: 'api',
    used: ['CorsConfiguration', 'ProtocolType', 'RouteSelectionExpression'],
    ignored: [
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
      'AuthorizerResultTtlInSeconds',
      'AuthorizerType',
      'AuthorizerUri',
      'IdentitySource',
    ],
    ignored: ['Name'],
  },
  'AWS::ApiGateway::RestApi': {
    kind: 'restApi',
    used: ['BinaryMediaTypes', 'Name'],
    // Where and how it is reached on AWS; what is asked of keys is refused where a method asks for them.
    ignored: [
      'ApiKeySourceType',
      'Description',
      'DisableExecuteApiEndpoint',
      'EndpointConfiguration',
      'FailOnWarnings',
      'MinimumCompressionSize',
      'Mode',
      'Parameters',
      'Policy',
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
      'ResourceId',
      'RestApiId',
    ],
    // What is declared of answers and requests is neither checked nor enforced here.
    ignored: ['MethodResponses', 'OperationName', 'RequestModels', 'RequestParameters'],
  },
  'AWS::ApiGateway::Stage': {
    kind: 'restStage',
    used: ['MethodSettings', 'RestApiId', 'StageName', 'Variables'],
    ignored: ['AccessLogSetting', 'DeploymentId', 'Description', 'Tags', 'TracingEnabled'],
  },
  'AWS::ApiGateway::Deployment': {
    kind: 'restDeployment',
    used: ['RestApiId', 'StageName'],
    ignored: ['Description'],
  },
  'AWS::ApiGateway::Authorizer': {
    kind: 'restAuthorizer',
    used: [
      'AuthorizerResultTtlInSeconds',
      'AuthorizerUri',
      'IdentitySource',
      'IdentityValidationExpression',
      'RestApiId',
      'Type',
    ],
    ignored: ['AuthType', 'AuthorizerCredentials', 'Name'],
  },
};
