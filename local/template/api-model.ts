/** The WebSocket API and the HTTP API of a template, each with its one stage. */
import { type PropertyReader, propertiesOf } from '../../template/properties.ts';
import { isObject, type Json, type Problems, TemplateError } from '../../template/template-error.ts';
import { corsOf } from './cors-model.ts';
import { webSocketIntegrationOf } from './integrations.ts';
import type {
  HttpApiModel,
  HttpIntegrationModel,
  HttpRouteModel,
  TemplateWarning,
  ThrottleModel,
  WebSocketApiModel,
  WebSocketAuthorizerModel,
  WebSocketRouteModel,
} from './model.ts';
import { mayInvoke, type Permission } from './permissions.ts';
import type { TemplateResource } from './resources.ts';

export interface ApiSource {
  resources: readonly TemplateResource[];
  /** Function ARN → function name. */
  functionNames: ReadonlyMap<string, string>;
  apiIdOf: (logicalId: string) => string;
  /** A route with a problem is put there and left out, so that the problems of the others are found as well. */
  problems: Problems;
  /** What lets API Gateway invoke functions. */
  permissions: readonly Permission[];
  warnings: TemplateWarning[];
  /** `arn:aws:execute-api:{region}:{account}`, without a colon at the end. */
  arnPrefix: string;
}

/** 30 s, not increasable (API Gateway quotas for HTTP APIs, read November 2026). */
const httpIntegrationTimeoutMs = 30_000;

export function webSocketApiOf(source: ApiSource): WebSocketApiModel | null {
  const api = onlyApi(source, 'WEBSOCKET');
  if (!api) return null;
  const { read, apiId, stage } = api;
  const throttles = routeThrottles(stage);
  const routes = eachRoute(source, apiId, (route): WebSocketRouteModel => {
    const key = route.neededText('RouteKey');
    const integration = integrationOf(source, route);
    const stageName = stage.neededText('StageName');
    const twoWay =
      route.text('RouteResponseSelectionExpression') === '$default' &&
      ofApi(source, 'routeResponse', apiId).some((response) => response.text('RouteId') === route.logicalId);
    if (twoWay && integration && needsResponse(source, integration))
      source.warnings.push({ kind: 'noIntegrationResponse', api: read.logicalId, routeKey: key });
    return {
      routeKey: key,
      permitted: isPermitted(source, integration, {
        api: read.logicalId,
        routeKey: key,
        arn: `${apiId}/${stageName}/${key}`,
      }),
      integration:
        integration &&
        webSocketIntegrationOf(integration, {
          functionNameOf: (uri, read) => functionNamed(source, uri, read.error.bind(null, 'IntegrationUri')),
          responses: ofApi(source, 'integrationResponse', apiId).filter(
            (response) => response.text('IntegrationId') === integration.logicalId,
          ),
        }),
      twoWay,
      authorizer: authorizerOf(source, route, { api: read.logicalId, apiId }),
      throttle: throttles.get(key) ?? null,
      detailedMetrics: detailedMetrics(stage, key),
    };
  });
  return {
    logicalId: read.logicalId,
    apiId,
    routeSelectionExpression: read.text('RouteSelectionExpression') ?? '$request.body.action',
    stage: stage.neededText('StageName'),
    stageVariables: stage.textMap('StageVariables'),
    defaultThrottle: throttleOf(stage, 'DefaultRouteSettings', stage.json('DefaultRouteSettings')),
    routes,
  };
}

export function httpApiOf(source: ApiSource): HttpApiModel | null {
  const api = onlyApi(source, 'HTTP');
  if (!api) return null;
  const { read, apiId, stage } = api;
  const throttles = routeThrottles(stage);
  const routes = eachRoute(source, apiId, (route): HttpRouteModel => {
    const key = route.neededText('RouteKey');
    if ((route.text('AuthorizationType') ?? 'NONE') !== 'NONE') {
      throw route.error('AuthorizationType', 'authorizers of HTTP APIs are not supported by the local target');
    }
    const integration = integrationOf(source, route);
    if (!integration) throw route.error('Target', 'a route of an HTTP API needs an integration');
    const arn = `${apiId}/${stage.neededText('StageName')}/${sourceOfRoute(key)}`;
    return {
      routeKey: key,
      permitted: isPermitted(source, integration, { api: read.logicalId, routeKey: key, arn }),
      integration: httpIntegration(source, integration),
      throttle: throttles.get(key) ?? null,
      detailedMetrics: detailedMetrics(stage, key),
    };
  });
  return {
    logicalId: read.logicalId,
    apiId,
    stage: stage.neededText('StageName'),
    stageVariables: stage.textMap('StageVariables'),
    defaultThrottle: throttleOf(stage, 'DefaultRouteSettings', stage.json('DefaultRouteSettings')),
    routes,
    cors: corsOf(read),
  };
}

function onlyApi(source: ApiSource, protocol: 'WEBSOCKET' | 'HTTP') {
  const [first, second] = source.resources
    .filter(({ kind }) => kind === 'api')
    .map(propertiesOf)
    .filter((read) => read.text('ProtocolType') === protocol);
  if (second)
    throw new TemplateError(second.logicalId, `a second ${protocol} API is not supported by the local target`);
  if (!first) return null;
  const apiId = source.apiIdOf(first.logicalId);
  const [stage, otherStage] = ofApi(source, 'stage', apiId);
  if (!stage || otherStage) throw new TemplateError(first.logicalId, 'needs exactly one stage on the local target');
  return { read: first, apiId, stage };
}

function eachRoute<Route>(source: ApiSource, apiId: string, read: (route: PropertyReader) => Route): Route[] {
  return ofApi(source, 'route', apiId)
    .map((route) => source.problems.attempt(() => read(route)))
    .filter((route) => route !== null);
}

function ofApi(source: ApiSource, kind: TemplateResource['kind'], apiId: string): PropertyReader[] {
  return source.resources
    .filter((resource) => resource.kind === kind && resource.properties.ApiId === apiId)
    .map(propertiesOf);
}

function integrationOf(source: ApiSource, route: PropertyReader): PropertyReader | null {
  const target = route.text('Target');
  if (target === undefined) return null;
  const found = source.resources.find(
    ({ kind, logicalId }) => kind === 'integration' && target === `integrations/${logicalId}`,
  );
  if (!found) throw route.error('Target', `the stack has no integration ${target}`);
  const integration = propertiesOf(found);
  const connection = integration.text('ConnectionType') ?? 'INTERNET';
  if (connection !== 'INTERNET')
    throw integration.error('ConnectionType', `${connection} is not supported: INTERNET only`);
  return integration;
}

function httpIntegration(source: ApiSource, integration: PropertyReader): HttpIntegrationModel {
  const timeoutMs = integration.number('TimeoutInMillis') ?? httpIntegrationTimeoutMs;
  const type = integration.neededText('IntegrationType');
  if (type === 'HTTP_PROXY') {
    const url = integration.neededText('IntegrationUri');
    if (!/^https?:\/\//.test(url)) throw integration.error('IntegrationUri', `${url} is not a URL of http or https`);
    const method = integration.text('IntegrationMethod') ?? 'ANY';
    return { kind: 'forward', url, method, parameters: integration.textMap('RequestParameters'), timeoutMs };
  }
  if (type !== 'AWS_PROXY')
    throw integration.error('IntegrationType', `${type} is not supported: HTTP APIs have AWS_PROXY and HTTP_PROXY`);
  const subtype = integration.text('IntegrationSubtype');
  if (subtype === 'SQS-SendMessage') {
    return { kind: 'sqsSendMessage', requestParameters: integration.textMap('RequestParameters'), timeoutMs };
  }
  if (subtype !== undefined)
    throw integration.error('IntegrationSubtype', `${subtype} is not supported: SQS-SendMessage only`);
  if (integration.json('RequestParameters') !== undefined) {
    throw integration.error('RequestParameters', 'parameter mapping is supported for SQS-SendMessage only');
  }
  const payloadVersion = integration.neededText('PayloadFormatVersion');
  if (payloadVersion !== '2.0' && payloadVersion !== '1.0')
    throw integration.error('PayloadFormatVersion', `${payloadVersion} is not supported: 1.0 and 2.0 only`);
  const functionName = functionNameOf(source, integration, 'IntegrationUri');
  return { kind: 'lambda', functionName, timeoutMs, payloadVersion };
}

/** `GET /users` → `GET/users`: how the source ARN of a request ends. */
function sourceOfRoute(routeKey: string): string {
  const [method = '', path = ''] = routeKey.split(' ');
  return path === '' ? method : `${method === 'ANY' ? '*' : method}${path}`;
}

/** With credentials of its own an integration needs no permission. */
function isPermitted(
  source: ApiSource,
  integration: PropertyReader | null,
  { api, routeKey, arn }: { api: string; routeKey: string; arn: string },
): boolean {
  const uri = integration?.text('IntegrationUri');
  const functionName = uri === undefined ? undefined : source.functionNames.get(functionArnIn(uri));
  if (functionName === undefined || integration?.json('CredentialsArn') !== undefined) return true;
  const permitted = mayInvoke(source.permissions, functionName, `${source.arnPrefix}:${arn}`);
  if (!permitted) source.warnings.push({ kind: 'notPermitted', api, routeKey, functionName });
  return permitted;
}

/** Whether the answer of an integration reaches nobody: those of a proxy need no integration response. */
function needsResponse(source: ApiSource, integration: PropertyReader): boolean {
  if (integration.neededText('IntegrationType').endsWith('_PROXY')) return false;
  return !source.resources.some(
    ({ kind, properties }) => kind === 'integrationResponse' && properties.IntegrationId === integration.logicalId,
  );
}

const functionArnIn = (uri: string): string => /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;

/** The function that a URI names: its ARN, or `arn:…:lambda:path/2015-03-31/functions/<ARN>/invocations`. */
function functionNameOf(source: ApiSource, read: PropertyReader, property: string): string {
  return functionNamed(source, read.neededText(property), (problem) => read.error(property, problem));
}

export function functionNamed(source: ApiSource, uri: string, error: (problem: string) => Error): string {
  const arn = functionArnIn(uri);
  const name = source.functionNames.get(arn);
  if (name === undefined) throw error(`${arn} is not a function of the stack`);
  return name;
}

function authorizerOf(
  source: ApiSource,
  route: PropertyReader,
  { api, apiId }: { api: string; apiId: string },
): WebSocketAuthorizerModel | null {
  const type = route.text('AuthorizationType') ?? 'NONE';
  if (type === 'NONE') return null;
  if (type !== 'CUSTOM') throw route.error('AuthorizationType', `${type} is not supported: NONE and CUSTOM only`);
  const id = route.neededText('AuthorizerId');
  const found = source.resources.find(({ kind, logicalId }) => kind === 'authorizer' && logicalId === id);
  if (!found) throw route.error('AuthorizerId', `the stack has no authorizer ${id}`);
  const read = propertiesOf(found);
  if (read.text('AuthorizerType') !== 'REQUEST') throw read.error('AuthorizerType', 'only REQUEST is supported');
  const identitySources = read.texts('IdentitySource');
  for (const source of identitySources) {
    if (!/^route\.request\.(querystring|header)\.[^.]+$/.test(source)) {
      throw read.error(
        'IdentitySource',
        `${source} is not supported: route.request.querystring.x and route.request.header.x only`,
      );
    }
  }
  const resultTtlMs = 1_000 * (read.number('AuthorizerResultTtlInSeconds') ?? 0);
  const functionName = functionNameOf(source, read, 'AuthorizerUri');
  const permitted =
    read.json('AuthorizerCredentialsArn') !== undefined ||
    mayInvoke(source.permissions, functionName, `${source.arnPrefix}:${apiId}/authorizers/${id}`);
  if (!permitted) source.warnings.push({ kind: 'notPermitted', api, routeKey: null, functionName });
  return { functionName, identitySources, resultTtlMs, permitted };
}

/** The route's own setting, else the stage's default, else off. */
function detailedMetrics(stage: PropertyReader, routeKey: string): boolean {
  const settings = stage.json('RouteSettings');
  const own = isObject(settings) && Object.hasOwn(settings, routeKey) ? settings[routeKey] : undefined;
  const byDefault = stage.json('DefaultRouteSettings');
  const enabled =
    (isObject(own) ? own.DetailedMetricsEnabled : undefined) ??
    (isObject(byDefault) ? byDefault.DetailedMetricsEnabled : undefined);
  return enabled === true || enabled === 'true';
}

function routeThrottles(stage: PropertyReader): Map<string, ThrottleModel> {
  const settings = stage.json('RouteSettings');
  const throttles = new Map<string, ThrottleModel>();
  for (const [key, value] of Object.entries(isObject(settings) ? settings : {})) {
    const throttle = throttleOf(stage, `RouteSettings.${key}`, value);
    if (throttle) throttles.set(key, throttle);
  }
  return throttles;
}

/** Null without a throttle. Rate or burst alone is an error: it would not throttle here. */
function throttleOf(stage: PropertyReader, property: string, settings: Json | undefined): ThrottleModel | null {
  if (!isObject(settings)) return null;
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
  if (rate === undefined && burst === undefined) return null;
  if (rate === undefined || burst === undefined) {
    throw stage.error(property, 'the local target needs ThrottlingRateLimit and ThrottlingBurstLimit together');
  }
  return { ratePerSecond: Number(rate), burst: Number(burst) };
}
