/** The content of the template, in the terms of the local target: every intrinsic resolved, every AWS default filled in. */
import type { Json } from '../../template/template-error.ts';
import type { HttpApiModel, RestApiModel, WebSocketApiModel } from './apis/api-models.ts';
import type { EventBusModel, RuleModel } from './events/rule.ts';
import type { UrlAction } from './permissions.ts';
import type { LeftOut } from './resources.ts';
import type { ServerModels } from './servers/server-model.ts';
import type { TopicModel } from './topics/topic.ts';

export interface FunctionModel {
  logicalId: string;
  functionName: string;
  arn: string;
  /** As `nodejs24.x`, `python3.12` or `provided.al2023`. */
  runtime: string;
  /** Folder of the unpacked code. */
  codeFolder: string;
  /** Folders of its layers, the last of the template first: it is searched first. */
  layerFolders: readonly string[];
  /** `file.export`, as in `index.handler`. */
  handler: string;
  memoryMb: number;
  timeoutMs: number;
  /** null: the function uses the account's unreserved pool. */
  reservedConcurrency: number | null;
  environment: Readonly<Record<string, string>>;
  /** Names of its versions and aliases. Absent: it has none. */
  qualifiers?: readonly string[];
  /** Environments kept ready for its versions and aliases. Absent: none. */
  provisionedConcurrency?: number;
  /** Absent: asynchronous invocations are retried as the target's settings say, and nobody is told of their end. */
  asynchronous?: AsynchronousModel;
}

/** What is told of an asynchronous invocation. */
export type DestinationModel =
  | { kind: 'queue'; arn: string; queueName: string }
  | { kind: 'topic'; arn: string }
  | { kind: 'function'; arn: string; functionName: string };

export interface EventInvokeConfigModel {
  /** null: as the target's settings say. */
  maximumRetries: number | null;
  maximumAgeMs: number | null;
  onSuccess: DestinationModel | null;
  onFailure: DestinationModel | null;
}

/** Of a function. */
export interface AsynchronousModel {
  /** null: it has no AWS::Lambda::EventInvokeConfig. */
  invokeConfig: EventInvokeConfigModel | null;
  /** Gets the event alone, once it has failed for the last time (DeadLetterConfig). */
  deadLetters: DestinationModel | null;
}

export interface QueueModel {
  logicalId: string;
  queueName: string;
  arn: string;
  /** SQS attribute names to strings, as CreateQueue expects them. */
  attributes: Readonly<Record<string, string>>;
}

export interface TableModel {
  logicalId: string;
  tableName: string;
  arn: string;
  /** The parameters of CreateTable. */
  createTable: Readonly<Record<string, unknown>>;
  stream: { arn: string; view: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' } | null;
}

/** A database of RDS for PostgreSQL. */
export interface DatabaseModel {
  logicalId: string;
  /** DBInstanceIdentifier: of its metrics. */
  name: string;
  /** Where clients look for it. */
  host: string;
  port: number;
  database: string;
  /** MasterUsername. */
  owner: string;
  /** As `db.t4g.micro`. */
  instanceClass: string;
  multiAz: boolean;
  maxConnections: number;
}

export interface DatabaseProxyModel {
  logicalId: string;
  name: string;
  host: string;
  /** Logical id of the database whose connections it lends. */
  database: string;
  /** MaxConnectionsPercent. */
  mostPercent: number;
  borrowTimeoutMs: number;
}

/** A custom resource whose function is the stack's: it does its work as the stack is made. */
export interface CustomResourceModel {
  logicalId: string;
  type: string;
  functionName: string;
  properties: Readonly<Record<string, Json>>;
}

export interface EventSourceModel {
  logicalId: string;
  functionName: string;
  queueArn: string;
  batchSize: number;
  batchWindowMs: number;
  /** null: the poller's own limit. */
  maximumConcurrency: number | null;
  /** ProvisionedPollerConfig; null: Lambda decides how many pollers there are. */
  provisionedPollers: { minimum: number; maximum: number } | null;
  reportsBatchItemFailures: boolean;
  /** Patterns of which one has to match; none: every event counts. */
  filters: readonly Json[];
  /** The UUID under which its events are counted; absent if its MetricsConfig does not request EventCount. */
  countedAs?: string;
}

/** The stream of a table as the event source of a function. */
export interface StreamSourceModel {
  logicalId: string;
  functionName: string;
  streamArn: string;
  batchSize: number;
  batchWindowMs: number;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Concurrent batches of one shard. */
  parallelizationFactor: number;
  /** null: until the records expire. */
  maximumRetries: number | null;
  maximumAgeMs: number | null;
  /** A failed batch is split in two. */
  bisects: boolean;
  reportsBatchItemFailures: boolean;
  /** The queue that learns of batches given up. */
  onFailureArn: string | null;
  filters: readonly Json[];
}

export interface SecretModel {
  logicalId: string;
  name: string;
  arn: string;
  /** A literal SecretString, or how to generate one. */
  source: { kind: 'literal'; value: string } | { kind: 'generated'; request: GenerateSecretModel };
}

export interface GenerateSecretModel {
  length: number;
  excludeCharacters: string;
  excludeLowercase: boolean;
  excludeUppercase: boolean;
  excludeNumbers: boolean;
  excludePunctuation: boolean;
  includeSpace: boolean;
  /** JSON object into which the generated value is put under `generateStringKey`. */
  secretStringTemplate: string | null;
  generateStringKey: string | null;
}

/** An SSM parameter of the stack. */
export interface ParameterModel {
  name: string;
  type: string;
  value: string;
}

/** What of a template works on AWS in a way that its author may not expect, and here likewise. */
export type TemplateWarning =
  /** No AWS::Lambda::Permission lets API Gateway invoke it. `routeKey` null: as an authorizer. */
  | { kind: 'notPermitted'; api: string; routeKey: string | null; functionName: string }
  /** Anybody may call the URL, but not invoke its function: these actions are allowed to nobody. */
  | { kind: 'urlNotPublic'; url: string; functionName: string; missing: readonly UrlAction[] }
  /** No policy of the queue or function lets SNS deliver to it. `topic`: its ARN. */
  | {
      kind: 'subscriptionNotPermitted';
      subscription: string;
      topic: string;
      to: { kind: 'queue' | 'function'; name: string };
    }
  /** No policy of the target lets EventBridge deliver to it. `rule`: logical id. */
  | {
      kind: 'ruleNotPermitted';
      rule: string;
      ruleArn: string;
      to: { kind: 'function' | 'queue' | 'topic'; name: string };
    }
  /** Two-way, but the integration has no integration response: nothing is answered. */
  | { kind: 'noIntegrationResponse'; api: string; routeKey: string };

/** Any resource that is created, whether it does something here or not. */
export interface DeclaredResourceModel {
  logicalId: string;
  type: string;
  /** What Ref makes of it. */
  physicalId: string;
}

export interface StackModel extends ServerModels {
  stackName: string;
  region: string;
  accountId: string;
  functions: readonly FunctionModel[];
  webSocketApis: readonly WebSocketApiModel[];
  httpApis: readonly HttpApiModel[];
  restApis: readonly RestApiModel[];
  functionUrls: readonly HttpApiModel[];
  queues: readonly QueueModel[];
  topics: readonly TopicModel[];
  tables: readonly TableModel[];
  eventSources: readonly EventSourceModel[];
  streamSources: readonly StreamSourceModel[];
  secrets: readonly SecretModel[];
  databases: readonly DatabaseModel[];
  databaseProxies: readonly DatabaseProxyModel[];
  customResources: readonly CustomResourceModel[];
  eventBuses: readonly EventBusModel[];
  rules: readonly RuleModel[];
  parameters: readonly ParameterModel[];
  outputs: Readonly<Record<string, string>>;
  /** Outputs that are exported: export name → value. */
  exports: Readonly<Record<string, string>>;
  declared: readonly DeclaredResourceModel[];
  leftOut: LeftOut;
  warnings: readonly TemplateWarning[];
}
