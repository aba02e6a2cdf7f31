/** The content of the template, in the terms of the local target: every intrinsic resolved, every AWS default filled in. */

export interface FunctionModel {
  logicalId: string;
  functionName: string;
  arn: string;
  /** Folder of the unpacked code. */
  codeFolder: string;
  /** `file.export`, as in `index.handler`. */
  handler: string;
  memoryMb: number;
  timeoutMs: number;
  /** null: the function uses the account's unreserved pool. */
  reservedConcurrency: number | null;
  environment: Readonly<Record<string, string>>;
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
}

export interface WebSocketRouteModel {
  routeKey: string;
  /** null: a route without integration (only `$connect` and `$disconnect` can do without). */
  integration: { functionName: string; timeoutMs: number } | null;
  /** Has a route response: the body that the function returns is sent to the client. */
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
  | { kind: 'lambda'; functionName: string; timeoutMs: number }
  | { kind: 'sqsSendMessage'; requestParameters: Readonly<Record<string, string>>; timeoutMs: number };

export interface HttpRouteModel {
  /** `POST /webhook`, `ANY /{proxy+}` or `$default`. */
  routeKey: string;
  integration: HttpIntegrationModel;
  throttle: ThrottleModel | null;
  /** Metrics by route as well (DetailedMetricsEnabled). */
  detailedMetrics: boolean;
}

export interface HttpApiModel {
  logicalId: string;
  apiId: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  defaultThrottle: ThrottleModel | null;
  routes: readonly HttpRouteModel[];
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
}

export interface EventSourceModel {
  logicalId: string;
  functionName: string;
  queueArn: string;
  batchSize: number;
  batchWindowMs: number;
  /** null: the poller's own limit. */
  maximumConcurrency: number | null;
  reportsBatchItemFailures: boolean;
  /** The UUID under which its events are counted; absent if its MetricsConfig does not request EventCount. */
  countedAs?: string;
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

export interface StackModel {
  stackName: string;
  region: string;
  accountId: string;
  functions: readonly FunctionModel[];
  webSocketApi: WebSocketApiModel | null;
  httpApi: HttpApiModel | null;
  queues: readonly QueueModel[];
  tables: readonly TableModel[];
  eventSources: readonly EventSourceModel[];
  secrets: readonly SecretModel[];
  outputs: Readonly<Record<string, string>>;
}
