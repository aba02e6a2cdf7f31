/** The HTTP APIs of a template. */
import type { PropertyReader } from '../../../template/properties.ts';
import type { HttpApiModel, HttpIntegrationModel, HttpRouteModel } from './api-models.ts';
import {
  type ApiSource,
  detailedMetrics,
  eachApi,
  eachRoute,
  functionNameOf,
  integrationOf,
  isPermitted,
  routeThrottles,
  type StagedApi,
  throttleOf,
} from './api-source.ts';
import { corsOf } from './cors-model.ts';
import { httpAuthorizerOf } from './http-authorizer-model.ts';

/** 30 s, not increasable (API Gateway quotas for HTTP APIs, read November 2026). */
const httpIntegrationTimeoutMs = 30_000;

export const httpApisOf = (source: ApiSource): HttpApiModel[] =>
  eachApi(source, 'HTTP', (api) => httpApiOf(source, api));

function httpApiOf(source: ApiSource, { read, apiId, stage }: StagedApi): HttpApiModel {
  const throttles = routeThrottles(stage);
  const routes = eachRoute(source, apiId, (route): HttpRouteModel => {
    const key = route.neededText('RouteKey');
    const integration = integrationOf(source, route);
    if (!integration) throw route.error('Target', 'a route of an HTTP API needs an integration');
    const arn = `${apiId}/${stage.neededText('StageName')}/${sourceOfRoute(key)}`;
    return {
      routeKey: key,
      permitted: isPermitted(source, integration, { api: read.logicalId, routeKey: key, arn }),
      integration: httpIntegration(source, integration),
      authorizer: httpAuthorizerOf(source, route, { api: read.logicalId, apiId }),
      throttle: throttles.get(key) ?? null,
      detailedMetrics: detailedMetrics(stage, key),
    };
  });
  return {
    kind: 'api',
    logicalId: read.logicalId,
    apiId,
    stage: stage.neededText('StageName'),
    stageVariables: stage.textMap('StageVariables'),
    defaultThrottle: throttleOf(stage, 'DefaultRouteSettings', stage.json('DefaultRouteSettings')),
    accessLogs: stage.json('AccessLogSettings') !== undefined,
    routes,
    cors: corsOf(read),
  };
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
  if (subtype === 'EventBridge-PutEvents') {
    const requestParameters = integration.textMap('RequestParameters');
    for (const name of ['Detail', 'DetailType', 'Source'])
      if (requestParameters[name] === undefined)
        throw integration.error('RequestParameters', `${name} is missing, which EventBridge-PutEvents needs`);
    return { kind: 'putEvents', requestParameters, timeoutMs };
  }
  if (subtype !== undefined)
    throw integration.error(
      'IntegrationSubtype',
      `${subtype} is not supported: SQS-SendMessage and EventBridge-PutEvents only`,
    );
  if (integration.json('RequestParameters') !== undefined) {
    throw integration.error(
      'RequestParameters',
      'parameter mapping is supported for SQS-SendMessage and EventBridge-PutEvents only',
    );
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
