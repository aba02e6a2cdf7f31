/** The APIs of the template: their routes, integrations, authorizers and throttles, every AWS default filled in. */
import type { IntegrationModel } from '../integration-model.ts';
import type { BodyModels } from './body-models.ts';

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

/** By which models the messages of a route are validated. */
export interface MessageRulesModel {
  /** Selects the key of one of them: `$request.body.kind`, or a text. */
  selection: string;
  /** Key, or `$default` for all that select none → name of the model. */
  bodies: Readonly<Record<string, string>>;
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
  /** Null: nothing is validated. */
  rules: MessageRulesModel | null;
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
  /** Whether each request leaves a line in a log, on AWS. */
  accessLogs: boolean;
  models: BodyModels;
  routes: readonly WebSocketRouteModel[];
}

export type HttpIntegrationModel =
  | { kind: 'lambda'; functionName: string; timeoutMs: number; payloadVersion: '1.0' | '2.0' }
  /** HTTP_PROXY. `parameters`: `append:header.x` and the like → expression. */
  | { kind: 'forward'; url: string; method: string; parameters: Readonly<Record<string, string>>; timeoutMs: number }
  | { kind: 'sqsSendMessage'; requestParameters: Readonly<Record<string, string>>; timeoutMs: number }
  | { kind: 'putEvents'; requestParameters: Readonly<Record<string, string>>; timeoutMs: number };

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
  /** As those of a WebSocket API. */
  accessLogs: boolean;
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

/** What a request must be. */
export interface RequestRulesModel {
  /** `method.request.querystring.q` … that have to be there, and not blank. */
  parameters: readonly string[];
  /** Content type, or `$default` for every other → name of the model of its body. A body of another type is not validated. */
  bodies: Readonly<Record<string, string>>;
}

export interface RestRouteModel {
  /** Whether API Gateway may invoke its function; if not, each request fails. */
  permitted: boolean;
  /** `GET /users/{id}` or `ANY /{proxy+}`. */
  routeKey: string;
  integration: IntegrationModel;
  authorizer: RestAuthorizerModel | null;
  apiKeyRequired: boolean;
  /** Null: nothing is validated. */
  rules: RequestRulesModel | null;
  throttle: ThrottleModel | null;
}

/** How many requests a key may make in a period of the calendar. */
export interface KeyQuotaModel {
  limit: number;
  period: 'DAY' | 'WEEK' | 'MONTH';
  /** The day on which a week or a month begins: 0 is Sunday, or the first. */
  offset: number;
}

/** What a usage plan gives each of its keys at a stage. */
export interface UsagePlanModel {
  logicalId: string;
  /** Of all requests of a key, to whichever API of the plan; null: none. */
  throttle: ThrottleModel | null;
  quota: KeyQuotaModel | null;
  /** Route key → of a key's requests to that route, besides the plan's own. */
  routes: Readonly<Record<string, ThrottleModel>>;
}

export interface ApiKeyModel {
  /** Logical id. */
  id: string;
  value: string;
  /** Logical id of its usage plan. */
  plan: string;
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
  /** As those of a WebSocket API. */
  accessLogs: boolean;
  /** Metrics by method as well (MetricsEnabled). */
  detailedMetrics: boolean;
  /** Bodies of these types are passed in base64. */
  binaryMediaTypes: readonly string[];
  /** Of which a request needs one, where its method asks for it. */
  apiKeys: readonly ApiKeyModel[];
  /** Of its stage. */
  usagePlans: readonly UsagePlanModel[];
  /** What the gateway's own answers have in addition, by their type (`DEFAULT_4XX`, `UNAUTHORIZED` …). */
  gatewayResponses: Readonly<Record<string, GatewayResponseModel>>;
  models: BodyModels;
  routes: readonly RestRouteModel[];
}
