/**
 * The resource types that the local target supports, and how it treats each of their properties.
 * `used`: changes behaviour and is supported. `ignored`: does not change behaviour here, for the reason given.
 * A property in neither list is an error, and so is a type that is neither here nor in inert-types.ts.
 */

import { apiResourceTypes } from './api-resource-types.ts';
import type { ResourceType } from './resource-kinds.ts';

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': {
    kind: 'function',
    used: [
      'Code',
      'DeadLetterConfig',
      'Handler',
      'FunctionName',
      'MemorySize',
      'Timeout',
      'ReservedConcurrentExecutions',
      'Environment',
      'Layers',
      'Runtime',
    ],
    // Permissions, descriptions, log and trace destinations, encryption; processor and network are this machine's.
    ignored: [
      'Architectures',
      'CodeSigningConfigArn',
      'Description',
      'KmsKeyArn',
      'LoggingConfig',
      'Role',
      'Tags',
      'TracingConfig',
      'EphemeralStorage',
      'PackageType',
      'RecursiveLoop',
      'RuntimeManagementConfig',
      'SnapStart',
      'TenancyConfig',
      'VpcConfig',
    ],
  },
  'AWS::Lambda::Url': {
    kind: 'functionUrl',
    used: ['AuthType', 'Cors', 'TargetFunctionArn'],
    // There is one version of the code here; a streamed response is answered as a whole.
    ignored: ['InvokeMode', 'Qualifier'],
  },
  'AWS::Lambda::Permission': {
    kind: 'permission',
    used: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
    ignored: ['EventSourceToken', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl', 'PrincipalOrgID'],
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
  'AWS::Lambda::LayerVersion': {
    kind: 'layer',
    used: ['Content', 'LayerName'],
    ignored: ['CompatibleArchitectures', 'CompatibleRuntimes', 'Description', 'LicenseInfo'],
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
      'ProvisionedPollerConfig',
      'ScalingConfig',
      'StartingPosition',
    ],
    ignored: ['KmsKeyArn', 'LoggingConfig', 'Tags'],
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
  ...apiResourceTypes,
};
