/** What WebSocket and HTTP APIs of a template have in common: the stage, routes, permissions, throttles. */
import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import { isObject, type Json, type Problems, TemplateError } from '../../../template/template-error.ts';
import type { TemplateWarning } from '../model.ts';
import { mayInvoke, type Permission } from '../permissions.ts';
import type { TemplateResource } from '../resources.ts';
import type { ThrottleModel } from './api-models.ts';

export interface ApiSource {
  resources: readonly TemplateResource[];
  /** Function ARN → function name. */
  functionNames: ReadonlyMap<string, string>;
  apiIdOf: (logicalId: string) => string;
  /** Of a function's URL. */
  urlIdOf: (logicalId: string) => string;
  /** A route with a problem is put there and left out, so that the problems of the others are found as well. */
  problems: Problems;
  /** What lets API Gateway invoke functions. */
  permissions: readonly Permission[];
  warnings: TemplateWarning[];
  /** `arn:aws:execute-api:{region}:{account}`, without a colon at the end. */
  arnPrefix: string;
}

/** An API with its one stage. */
export interface StagedApi {
  read: PropertyReader;
  apiId: string;
  stage: PropertyReader;
}

/** Every API of a protocol. One with a problem is left out. */
export function eachApi<Model>(
  source: ApiSource,
  protocol: 'WEBSOCKET' | 'HTTP',
  model: (api: StagedApi) => Model,
): Model[] {
  return source.resources
    .filter(({ kind }) => kind === 'api')
    .map(propertiesOf)
    .filter((read) => read.text('ProtocolType') === protocol)
    .map((read) =>
      source.problems.attempt(() => {
        const apiId = source.apiIdOf(read.logicalId);
        const [stage, otherStage] = ofApi(source, 'stage', apiId);
        if (!stage || otherStage)
          throw new TemplateError(read.logicalId, 'needs exactly one stage on the local target');
        return model({ read, apiId, stage });
      }),
    )
    .filter((api) => api !== null);
}

export function eachRoute<Route>(source: ApiSource, apiId: string, read: (route: PropertyReader) => Route): Route[] {
  const checked = (route: PropertyReader): Route => {
    if (route.flag('ApiKeyRequired') === true)
      throw route.error('ApiKeyRequired', 'API keys are supported for REST APIs only by the local target');
    return read(route);
  };
  return ofApi(source, 'route', apiId)
    .map((route) => source.problems.attempt(() => checked(route)))
    .filter((route) => route !== null);
}

export function ofApi(source: ApiSource, kind: TemplateResource['kind'], apiId: string): PropertyReader[] {
  return source.resources
    .filter((resource) => resource.kind === kind && resource.properties.ApiId === apiId)
    .map(propertiesOf);
}

export function integrationOf(source: ApiSource, route: PropertyReader): PropertyReader | null {
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

/** With credentials of its own an integration needs no permission. */
export function isPermitted(
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

const functionArnIn = (uri: string): string =>
  /\/functions\/(.+)\/(?:response-streaming-)?invocations$/.exec(uri)?.[1] ?? uri;

/** The function that a URI names: its ARN, or `arn:…:lambda:path/2015-03-31/functions/<ARN>/invocations`. */
export function functionNameOf(source: ApiSource, read: PropertyReader, property: string): string {
  return functionNamed(source, read.neededText(property), (problem) => read.error(property, problem));
}

export function functionNamed(source: ApiSource, uri: string, error: (problem: string) => Error): string {
  const arn = functionArnIn(uri);
  const name = source.functionNames.get(arn);
  if (name === undefined) throw error(`${arn} is not a function of the stack`);
  return name;
}

/** Whether API Gateway may invoke it as this authorizer; if not, that is a warning. */
export function isPermittedAuthorizer(
  source: Pick<ApiSource, 'permissions' | 'warnings' | 'arnPrefix'>,
  read: PropertyReader,
  { api, apiId, functionName }: { api: string; apiId: string; functionName: string },
): boolean {
  const hasRole = ['AuthorizerCredentialsArn', 'AuthorizerCredentials'].some((name) => read.json(name) !== undefined);
  const arn = `${source.arnPrefix}:${apiId}/authorizers/${read.logicalId}`;
  const permitted = hasRole || mayInvoke(source.permissions, functionName, arn);
  const isKnown = source.warnings.some(
    (warning) =>
      warning.kind === 'notPermitted' &&
      warning.api === api &&
      warning.routeKey === null &&
      warning.functionName === functionName,
  );
  if (!permitted && !isKnown) source.warnings.push({ kind: 'notPermitted', api, routeKey: null, functionName });
  return permitted;
}

/** Of a route. @throws {TemplateError} where it names none of the stack's. */
export function namedAuthorizer(source: ApiSource, route: PropertyReader): PropertyReader {
  const id = route.neededText('AuthorizerId');
  const found = source.resources.find(({ kind, logicalId }) => kind === 'authorizer' && logicalId === id);
  if (!found) throw route.error('AuthorizerId', `the stack has no authorizer ${id}`);
  return propertiesOf(found);
}

/** The route's own setting, else the stage's default, else off. */
export function detailedMetrics(stage: PropertyReader, routeKey: string): boolean {
  const settings = stage.json('RouteSettings');
  const own = isObject(settings) && Object.hasOwn(settings, routeKey) ? settings[routeKey] : undefined;
  const byDefault = stage.json('DefaultRouteSettings');
  const enabled =
    (isObject(own) ? own.DetailedMetricsEnabled : undefined) ??
    (isObject(byDefault) ? byDefault.DetailedMetricsEnabled : undefined);
  return enabled === true || enabled === 'true';
}

export function routeThrottles(stage: PropertyReader): Map<string, ThrottleModel> {
  const settings = stage.json('RouteSettings');
  const throttles = new Map<string, ThrottleModel>();
  for (const [key, value] of Object.entries(isObject(settings) ? settings : {})) {
    const throttle = throttleOf(stage, `RouteSettings.${key}`, value);
    if (throttle) throttles.set(key, throttle);
  }
  return throttles;
}

/** Null without a throttle. Rate or burst alone is an error: it would not throttle here. */
export function throttleOf(stage: PropertyReader, property: string, settings: Json | undefined): ThrottleModel | null {
  if (!isObject(settings)) return null;
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
  if (rate === undefined && burst === undefined) return null;
  if (rate === undefined || burst === undefined) {
    throw stage.error(property, 'the local target needs ThrottlingRateLimit and ThrottlingBurstLimit together');
  }
  return { ratePerSecond: Number(rate), burst: Number(burst) };
}
