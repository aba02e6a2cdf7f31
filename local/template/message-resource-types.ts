/** Types of resources that carry messages and events: SQS, SNS, EventBridge. See resource-types.ts for what the lists mean. */
import type { ResourceType } from './resource-kinds.ts';

export const messageResourceTypes: Readonly<Record<string, ResourceType>> = {
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
  'AWS::SNS::Topic': {
    kind: 'topic',
    used: ['FifoTopic', 'Subscription'],
    // Names of senders, encryption, logs, archives; deduplication is that of FIFO topics.
    ignored: [
      'ArchivePolicy',
      'ContentBasedDeduplication',
      'DataProtectionPolicy',
      'DeliveryStatusLogging',
      'DisplayName',
      'FifoThroughputScope',
      'KmsMasterKeyId',
      'SignatureVersion',
      'Tags',
      'TopicName',
      'TracingConfig',
    ],
  },
  'AWS::SNS::Subscription': {
    kind: 'subscription',
    used: [
      'Endpoint',
      'FilterPolicy',
      'FilterPolicyScope',
      'Protocol',
      'RawMessageDelivery',
      'RedrivePolicy',
      'TopicArn',
    ],
    // Of HTTP, Firehose and FIFO topics, none of which is served; there is one Region here.
    ignored: ['DeliveryPolicy', 'Region', 'ReplayPolicy', 'SubscriptionRoleArn'],
  },
  // Whether SNS and EventBridge may deliver to a queue or topic: what else they allow is not checked.
  'AWS::SNS::TopicPolicy': { kind: 'topicPolicy', used: [], noticed: ['PolicyDocument', 'Topics'], ignored: [] },
  'AWS::SNS::TopicInlinePolicy': {
    kind: 'topicPolicy',
    used: [],
    noticed: ['PolicyDocument', 'TopicArn'],
    ignored: [],
  },
  'AWS::SQS::QueuePolicy': { kind: 'queuePolicy', used: [], noticed: ['PolicyDocument', 'Queues'], ignored: [] },
  'AWS::SQS::QueueInlinePolicy': { kind: 'queuePolicy', used: [], noticed: ['PolicyDocument', 'Queue'], ignored: [] },
  'AWS::Events::EventBus': {
    kind: 'eventBus',
    used: ['Name'],
    // Encryption, with its dead letters; who else may put events; logs.
    ignored: ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Policy', 'Tags'],
  },
  'AWS::Events::Rule': {
    kind: 'rule',
    used: ['EventBusName', 'EventPattern', 'RoleArn', 'ScheduleExpression', 'State', 'Targets'],
    ignored: ['Description', 'Name', 'Tags'],
  },
};
