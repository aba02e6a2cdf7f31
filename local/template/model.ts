/** The content of the template, in the terms of the local target: every intrinsic resolved, every AWS default filled in. */
import type { Json } from '../../template/template-error.ts';
import type { IntegrationModel } from './integration-model.ts';
import type { LeftOut } from './resources.ts';
import type { ServerModels } from './servers/server-model.ts';

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
  /** The queue for asynchronous events that have failed for the last time. */
  deadLetterArn: string | null;
}

export interface ThrottleModel {
  ratePerSecond: number;
  burst: number;
}

export interface WebSocketAuthorizerModel {
  functionName: string;
  /** `route.request.querystring.token`, `route.request.header.X` … All of them must be present, else 401. */
  identitySources: readonly string[];
  /** How long a result is cached, by its identity sources; 0: not at all. */
  resultTtlMs: number;
  /** Whether API Gateway may invoke it. */
  permitted: boolean;
}

export interface WebSocketRouteModel {
  routeKey: string;
  /** Whether API Gateway may invoke the function of the integration; true without one. */
  permitted: boolean;
  /** null: a route without integration (only `$connect` and `$disconnect` can do without). */
  integration: IntegrationModel | null;
  /** Has a route response: the body that the integration returns is sent to the client. */
  twoWay: boolean;
  authorizer: WebSocketAuthorizerModel | null;
  throttle: ThrottleModel | null;
  /** Metrics by route as well (DetailedMetricsEnabled). */
  detailedMetrics: boolean;
}

export interface WebSocketApiModel {
  logicalId: string;
  apiId: string;
  routeSelectionExpression: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  /** Default throttle of every route of the stage: one bucket per route. */
  defaultThrottle: ThrottleModel | null;
  routes: readonly WebSocketRouteModel[];
}

export type HttpIntegrationModel =
  | { kind: 'lambda'; functionName: string; timeoutMs: number; payloadVersion: '1.0' | '2.0' }
  /** HTTP_PROXY. `parameters`: `append:header.x` and the like → expression. */
  | { kind: 'forward'; url: string; method: string; parameters: Readonly<Record<string, string>>; timeoutMs: number }
  | { kind: 'sqsSendMessage'; requestParameters: Readonly<Record<string, string>>; timeoutMs: number };

export type HttpAuthorizerModel =
  | {
      kind: 'function';
      /** Logical id of the authorizer. */
      logicalId: string;
      functionName: string;
      /** `$request.header.X`, `$request.querystring.x` … All of them must be present, else 401. */
      identitySources: readonly string[];
      resultTtlMs: number;
      payloadVersion: '1.0' | '2.0';
      /** It answers `{isAuthorized}`, and no policy. */
      simpleResponses: boolean;
      permitted: boolean;
    }
  /** Whoever signs with credentials that the target knows. `service`: in the scope of the signature. */
  | { kind: 'iam'; service: 'execute-api' | 'lambda' }
  | {
      kind: 'jwt';
      issuer: string;
      audience: readonly string[];
      identitySource: string;
      /** Of which a token needs one; none: any token will do. */
      scopes: readonly string[];
    };

export interface HttpRouteModel {
  /** `POST /webhook`, `ANY /{proxy+}` or `$default`. */
  routeKey: string;
  /** Whether API Gateway may invoke the function of the integration; true without one. */
  permitted: boolean;
  integration: HttpIntegrationModel;
  authorizer: HttpAuthorizerModel | null;
  throttle: ThrottleModel | null;
  /** Metrics by route as well (DetailedMetricsEnabled). */
  detailedMetrics: boolean;
}

/** CORS of an HTTP API. */
export interface CorsModel {
  allowOrigins: readonly string[];
  allowMethods: readonly string[];
  allowHeaders: readonly string[];
  exposeHeaders: readonly string[];
  maxAgeSeconds: number | null;
  allowCredentials: boolean;
}

export interface HttpApiModel {
  /** `functionUrl`: the URL of a function, with the one route `$default`. */
  kind: 'api' | 'functionUrl';
  logicalId: string;
  apiId: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  defaultThrottle: ThrottleModel | null;
  routes: readonly HttpRouteModel[];
  cors: CorsModel | null;
}

export interface RestAuthorizerModel {
  kind: 'TOKEN' | 'REQUEST';
  logicalId: string;
  functionName: string;
  /** `method.request.header.X`, `method.request.querystring.x`. All of them must be present, else 401. */
  identitySources: readonly string[];
  /** Regular expression that a token must match as a whole. */
  validation: string | null;
  resultTtlMs: number;
  /** Whether API Gateway may invoke it. */
  permitted: boolean;
}

export interface RestRouteModel {
  /** Whether API Gateway may invoke its function; if not, each request fails. */
  permitted: boolean;
  /** `GET /users/{id}` or `ANY /{proxy+}`. */
  routeKey: string;
  integration: IntegrationModel;
  authorizer: RestAuthorizerModel | null;
  apiKeyRequired: boolean;
  throttle: ThrottleModel | null;
}

export interface GatewayResponseModel {
  /** Null: as it would be without. */
  status: number | null;
  headers: Readonly<Record<string, string>>;
}

export interface RestApiModel {
  logicalId: string;
  apiId: string;
  /** By which its metrics are counted. */
  name: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  defaultThrottle: ThrottleModel | null;
  /** Bodies of these types are passed in base64. */
  binaryMediaTypes: readonly string[];
  /** Of which a request needs one, where its method asks for it. */
  apiKeys: readonly string[];
  /** What the gateway's own answers have in addition, by their type (`DEFAULT_4XX`, `UNAUTHORIZED` …). */
  gatewayResponses: Readonly<Record<string, GatewayResponseModel>>;
  routes: readonly RestRouteModel[];
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

/** A rule of EventBridge that invokes functions of the stack at a rate. */
export interface ScheduleModel {
  logicalId: string;
  arn: string;
  everyMs: number;
  /** `input`: JSON; null: the event of a schedule. */
  targets: readonly { functionName: string; input: string | null }[];
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
  /** Anybody may call the URL, but not invoke its function. */
  | { kind: 'urlNotPublic'; url: string; functionName: string }
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
  tables: readonly TableModel[];
  eventSources: readonly EventSourceModel[];
  streamSources: readonly StreamSourceModel[];
  secrets: readonly SecretModel[];
  databases: readonly DatabaseModel[];
  databaseProxies: readonly DatabaseProxyModel[];
  customResources: readonly CustomResourceModel[];
  schedules: readonly ScheduleModel[];
  parameters: readonly ParameterModel[];
  outputs: Readonly<Record<string, string>>;
  /** Outputs that are exported: export name → value. */
  exports: Readonly<Record<string, string>>;
  declared: readonly DeclaredResourceModel[];
  leftOut: LeftOut;
  warnings: readonly TemplateWarning[];
}
