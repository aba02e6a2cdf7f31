/** The REST APIs of a template: resources and methods, into which an OpenAPI description has been written out, each with its one stage. */

import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import { isObject, type Json, TemplateError } from '../../../template/template-error.ts';
import type { IntegrationModel, IntegrationResponseModel } from '../integration-model.ts';
import { mayInvoke } from '../permissions.ts';
import type { TemplateResource } from '../resources.ts';
import { apiKeysOf, usagePlansOf } from './api-key-model.ts';
import type {
  GatewayResponseModel,
  RestApiModel,
  RestAuthorizerModel,
  RestRouteModel,
  ThrottleModel,
} from './api-models.ts';
import { type ApiSource, isPermittedAuthorizer } from './api-source.ts';
import type { BodyModels } from './body-models.ts';
import { integrationOfType, mappedIntegrationTimeoutMs, passthroughOf } from './integrations.ts';
import { requestRulesOf, restModelsOf } from './request-rules-model.ts';

export interface RestApiSource
  extends Pick<ApiSource, 'resources' | 'apiIdOf' | 'permissions' | 'warnings' | 'arnPrefix' | 'problems'> {
  functionNamed: (uri: string, error: (problem: string) => Error) => string;
}

/** An AWS::ApiGateway::Authorizer's results are kept for so long unless it says otherwise (CloudFormation reference, read November 2026). */
const defaultAuthorizerTtlSeconds = 300;

export function restApisOf(source: RestApiSource): RestApiModel[] {
  return source.resources
    .filter(({ kind }) => kind === 'restApi')
    .map(propertiesOf)
    .map((api) => source.problems.attempt(() => restApiOf(source, api)))
    .filter((api) => api !== null);
}

function restApiOf(source: RestApiSource, api: PropertyReader): RestApiModel {
  const apiId = source.apiIdOf(api.logicalId);
  const keySource = api.text('ApiKeySourceType') ?? 'HEADER';
  if (keySource !== 'HEADER') throw api.error('ApiKeySourceType', `${keySource} is not supported: HEADER only`);
  const stage = stageOf(source, api, apiId);
  const models = restModelsOf(ofApi(source, 'restModel', apiId));
  const routes = routesOfResources(source, { api: api.logicalId, apiId, models });
  const throttles = throttlesOf(stage.read);
  const usagePlans = usagePlansOf(source.resources, { apiId, stage: stage.name });
  return {
    logicalId: api.logicalId,
    apiId,
    name: api.text('Name') ?? api.logicalId,
    stage: stage.name,
    stageVariables: stage.read.textMap('Variables'),
    defaultThrottle: throttles.get('* /*') ?? null,
    accessLogs: stage.read.json('AccessLogSetting') !== undefined,
    detailedMetrics: hasMethodMetrics(stage.read),
    apiKeys: apiKeysOf(source.resources, usagePlans),
    usagePlans,
    gatewayResponses: gatewayResponsesOf(source, apiId),
    models,
    binaryMediaTypes: api.texts('BinaryMediaTypes').map((type) => type.replace('~1', '/')),
    routes: routes.map(({ hasRole, ...route }) => ({
      ...route,
      permitted: hasRole || isPermitted(source, route, { api: api.logicalId, stage: `${apiId}/${stage.name}` }),
      throttle: throttles.get(route.routeKey.replace('ANY ', '* ')) ?? null,
    })),
  };
}

function isPermitted(
  source: RestApiSource,
  { routeKey, integration }: Omit<Route, 'hasRole'>,
  { api, stage }: { api: string; stage: string },
): boolean {
  if (integration.kind !== 'lambda' && integration.kind !== 'lambdaWithTemplates') return true;
  const [method = '', path = ''] = routeKey.split(' ');
  const arn = `${source.arnPrefix}:${stage}/${method === 'ANY' ? '*' : method}${path}`;
  const permitted = mayInvoke(source.permissions, integration.functionName, arn);
  if (!permitted) source.warnings.push({ kind: 'notPermitted', api, routeKey, functionName: integration.functionName });
  return permitted;
}

/** Of a stage, or of a deployment that makes one. */
function stageOf(source: RestApiSource, api: PropertyReader, apiId: string): { name: string; read: PropertyReader } {
  const of = (kind: TemplateResource['kind']) =>
    ofApi(source, kind, apiId).filter((read) => read.text('StageName') !== undefined);
  const [stage, ...others] = [...of('restStage')];
  const [deployed] = of('restDeployment');
  // SAM makes a stage of the name Stage beside the one that is asked for.
  const chosen = stage ?? deployed;
  if (!chosen || others.length > 0)
    throw new TemplateError(api.logicalId, 'needs exactly one stage on the local target');
  return { name: chosen.neededText('StageName'), read: chosen };
}

function ofApi(source: RestApiSource, kind: TemplateResource['kind'], apiId: string): PropertyReader[] {
  return source.resources
    .filter((resource) => resource.kind === kind && resource.properties.RestApiId === apiId)
    .map(propertiesOf);
}

/** Values of headers are texts in quotes. @throws {TemplateError} for what is not supported. */
function gatewayResponsesOf(source: RestApiSource, apiId: string): RestApiModel['gatewayResponses'] {
  const entries = ofApi(source, 'gatewayResponse', apiId).map((read): [string, GatewayResponseModel] => {
    const headers = Object.entries(read.textMap('ResponseParameters')).map(([target, value]) => {
      const [, name] = /^gatewayresponse\.header\.(.+)$/.exec(target) ?? [];
      const [, text] = /^'(.*)'$/s.exec(value) ?? [];
      if (name === undefined || text === undefined)
        throw read.error(
          'ResponseParameters',
          `${target}: ${value} is not supported: headers with a text in quotes only`,
        );
      return [name.toLowerCase(), text];
    });
    return [
      read.neededText('ResponseType'),
      { status: read.number('StatusCode') ?? null, headers: Object.fromEntries(headers) },
    ];
  });
  return Object.fromEntries(entries);
}

/** `hasRole`: the integration invokes with a role of its own. */
type Route = Omit<RestRouteModel, 'throttle' | 'permitted'> & { hasRole: boolean };

function routesOfResources(
  source: RestApiSource,
  { api, apiId, models }: { api: string; apiId: string; models: BodyModels },
): Route[] {
  const validators = ofApi(source, 'requestValidator', apiId);
  const resources = new Map(ofApi(source, 'restResource', apiId).map((read) => [read.logicalId, read]));
  const pathOf = (id: string): string => {
    const resource = resources.get(id);
    // Not a resource of the template: the root.
    if (!resource) return '';
    return `${pathOf(resource.neededText('ParentId'))}/${resource.neededText('PathPart')}`;
  };
  const routeOf = (method: PropertyReader): Route => {
    const given = method.json('Integration');
    if (!isObject(given)) throw method.error('Integration', 'is missing');
    const path = pathOf(method.neededText('ResourceId'));
    return {
      routeKey: `${method.neededText('HttpMethod').toUpperCase()} ${path === '' ? '/' : path}`,
      hasRole: given.Credentials !== undefined,
      integration: restIntegration(source, method, given),
      authorizer: authorizerOf(source, method, { api, apiId }),
      apiKeyRequired: method.flag('ApiKeyRequired') ?? false,
      rules: requestRulesOf(method, { apiId, validators, models }),
    };
  };
  return ofApi(source, 'restMethod', apiId)
    .map((method) => source.problems.attempt(() => routeOf(method)))
    .filter((route) => route !== null);
}

/** Properties of `Integration` that change something, or that would and are refused by name. */
const refused = ['ConnectionId', 'TlsConfig'];

function restIntegration(
  source: RestApiSource,
  method: PropertyReader,
  given: { [key: string]: Json },
  where = 'Integration',
): IntegrationModel {
  const error = (name: string, problem: string) => method.error(`${where}.${name}`, problem);
  const read = propertiesOf({
    ...{ logicalId: method.logicalId, kind: 'restMethod', metadata: {} },
    properties: given,
  });
  for (const name of refused) if (given[name] !== undefined) throw error(name, 'is not supported by the local target');
  const timeoutMs = read.number('TimeoutInMillis') ?? mappedIntegrationTimeoutMs;
  const type = read.neededText('Type');
  const functionNamed = (uri: string) => source.functionNamed(uri, (problem) => error('Uri', problem));
  if (type === 'AWS_PROXY') return { kind: 'lambda', functionName: functionNamed(read.neededText('Uri')), timeoutMs };
  const responses = given.IntegrationResponses;
  const mapping = {
    requestTemplates: read.textMap('RequestTemplates'),
    requestSelection: null,
    passthrough: passthroughOf(read.text('PassthroughBehavior')),
    requestParameters: read.textMap('RequestParameters'),
    responses: (Array.isArray(responses) ? responses : [])
      .filter(isObject)
      .map((response) => responseOf(method, response)),
  };
  const httpMethod = read.text('IntegrationHttpMethod') ?? 'ANY';
  return integrationOfType(
    { type, uri: read.text('Uri'), method: httpMethod, mapping, timeoutMs },
    functionNamed,
    (property, problem) => error(property === 'IntegrationUri' ? 'Uri' : 'Type', problem),
  );
}

function responseOf(method: PropertyReader, response: { [key: string]: Json }): IntegrationResponseModel {
  const read = propertiesOf({
    ...{ logicalId: method.logicalId, kind: 'restMethod', metadata: {} },
    properties: response,
  });
  const headers = Object.entries(read.textMap('ResponseParameters')).flatMap(([target, expression]) => {
    const [, name] = /^method\.response\.header\.(.+)$/.exec(target) ?? [];
    return name === undefined ? [] : [[name.toLowerCase(), expression]];
  });
  return {
    pattern: read.text('SelectionPattern') || null,
    status: read.number('StatusCode') ?? 200,
    headers: Object.fromEntries(headers),
    templates: read.textMap('ResponseTemplates'),
    selection: null,
  };
}

function authorizerOf(
  source: RestApiSource,
  method: PropertyReader,
  { api, apiId }: { api: string; apiId: string },
): RestAuthorizerModel | null {
  const type = method.text('AuthorizationType') ?? 'NONE';
  if (type === 'NONE') return null;
  if (type !== 'CUSTOM') throw method.error('AuthorizationType', `${type} is not supported: NONE and CUSTOM only`);
  const id = method.neededText('AuthorizerId');
  const found = source.resources.find(({ kind, logicalId }) => kind === 'restAuthorizer' && logicalId === id);
  if (!found) throw method.error('AuthorizerId', `the stack has no authorizer ${id}`);
  const read = propertiesOf(found);
  const kind = read.neededText('Type');
  if (kind !== 'TOKEN' && kind !== 'REQUEST')
    throw read.error('Type', `${kind} is not supported: TOKEN and REQUEST only`);
  const identitySources = (read.text('IdentitySource') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  for (const each of identitySources) {
    if (!/^method\.request\.(header|querystring)\.[^.]+$/.test(each))
      throw read.error('IdentitySource', `${each} is not supported: headers and query parameters only`);
  }
  const functionName = source.functionNamed(read.neededText('AuthorizerUri'), (problem) =>
    read.error('AuthorizerUri', problem),
  );
  return {
    kind,
    ...{ logicalId: read.logicalId, functionName },
    permitted: isPermittedAuthorizer(source, read, { api, apiId, functionName }),
    identitySources,
    validation: read.text('IdentityValidationExpression') ?? null,
    resultTtlMs: 1_000 * (read.number('AuthorizerResultTtlInSeconds') ?? defaultAuthorizerTtlSeconds),
  };
}

/** Of any method. */
function hasMethodMetrics(stage: PropertyReader): boolean {
  const settings = stage.json('MethodSettings');
  return (Array.isArray(settings) ? settings : [])
    .filter(isObject)
    .some(({ MetricsEnabled: isEnabled }) => isEnabled === true || isEnabled === 'true');
}

/** `GET /users/{id}` or `* /*` → throttle, from the stage's method settings. */
function throttlesOf(stage: PropertyReader): Map<string, ThrottleModel> {
  const throttles = new Map<string, ThrottleModel>();
  const settings = stage.json('MethodSettings');
  for (const setting of (Array.isArray(settings) ? settings : []).filter(isObject)) {
    const {
      ThrottlingRateLimit: rate,
      ThrottlingBurstLimit: burst,
      ResourcePath: path = '/*',
      HttpMethod: method = '*',
    } = setting;
    if (rate === undefined && burst === undefined) continue;
    if (rate === undefined || burst === undefined)
      throw stage.error(
        'MethodSettings',
        'the local target needs ThrottlingRateLimit and ThrottlingBurstLimit together',
      );
    // In this property, slashes of the path are written as ~1.
    const key = `${String(method)} ${String(path).replaceAll('~1', '/').replace(/^\/\//, '/')}`;
    throttles.set(key, { ratePerSecond: Number(rate), burst: Number(burst) });
  }
  return throttles;
}
