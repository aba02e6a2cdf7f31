/** The WebSocket APIs of a template. */
import type { PropertyReader } from '../../../template/properties.ts';
import type { WebSocketApiModel, WebSocketAuthorizerModel, WebSocketRouteModel } from './api-models.ts';
import {
  type ApiSource,
  detailedMetrics,
  eachApi,
  eachRoute,
  functionNamed,
  functionNameOf,
  integrationOf,
  isPermitted,
  isPermittedAuthorizer,
  namedAuthorizer,
  ofApi,
  routeThrottles,
  type StagedApi,
  throttleOf,
} from './api-source.ts';
import { webSocketIntegrationOf } from './integrations.ts';
import { messageRulesOf, modelsOf } from './request-rules-model.ts';

export const webSocketApisOf = (source: ApiSource): WebSocketApiModel[] =>
  eachApi(source, 'WEBSOCKET', (api) => webSocketApiOf(source, api));

function webSocketApiOf(source: ApiSource, { read, apiId, stage }: StagedApi): WebSocketApiModel {
  const throttles = routeThrottles(stage);
  const models = modelsOf(ofApi(source, 'model', apiId));
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
      rules: messageRulesOf(route, { apiId, models }),
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
    accessLogs: stage.json('AccessLogSettings') !== undefined,
    models,
    routes,
  };
}

/** Whether the answer of an integration reaches nobody: those of a proxy need no integration response. */
function needsResponse(source: ApiSource, integration: PropertyReader): boolean {
  if (integration.neededText('IntegrationType').endsWith('_PROXY')) return false;
  return !source.resources.some(
    ({ kind, properties }) => kind === 'integrationResponse' && properties.IntegrationId === integration.logicalId,
  );
}

function authorizerOf(
  source: ApiSource,
  route: PropertyReader,
  { api, apiId }: { api: string; apiId: string },
): WebSocketAuthorizerModel | null {
  const type = route.text('AuthorizationType') ?? 'NONE';
  if (type === 'NONE') return null;
  if (type !== 'CUSTOM') throw route.error('AuthorizationType', `${type} is not supported: NONE and CUSTOM only`);
  const read = namedAuthorizer(source, route);
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
  const permitted = isPermittedAuthorizer(source, read, { api, apiId, functionName });
  return { functionName, identitySources, resultTtlMs, permitted };
}
