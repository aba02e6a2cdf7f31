// biome-ignore-all lint/suspicious/noTemplateCurlyInString: API Gateway's own expression
/** API Gateway's reading actions for WebSocket and HTTP APIs (version 2, REST JSON). Source: API reference of version 2, read November 2026. */
import type { HttpApiModel, StackModel, WebSocketApiModel } from '../template/model.ts';
import { failure, type ServiceAnswer, success } from './answers.ts';

type Api = WebSocketApiModel | HttpApiModel;

const path = /^\/v2\/apis(?:\/([^/]+)(?:\/([a-z]+)(?:\/([^/]+))?)?)?\/?$/;

/** @param endpoints of the APIs, by logical id. @returns null for a path that is not one of these actions. */
export function answerApiGatewayRead(
  requestPath: string,
  { stack, endpoints }: { stack: StackModel; endpoints: Readonly<Record<string, string>> },
): ServiceAnswer | null {
  const match = path.exec(requestPath);
  if (!match) return null;
  const [, apiId, collection, id] = match;
  const apis: Api[] = [stack.webSocketApi, stack.httpApi].filter((api) => api !== null);
  if (apiId === undefined) return success({ items: apis.map((api) => apiOf(api, stack, endpoints)) });
  const api = apis.find((one) => one.apiId === apiId);
  if (!api) return notFound(`Invalid API identifier specified ${apiId}`);
  if (collection === undefined) return success(apiOf(api, stack, endpoints));
  const items = collectionOf(api, collection, stack);
  if (items === null) return null;
  if (id === undefined) return success({ items: items.map(({ shown }) => shown) });
  const wanted = decodeURIComponent(id);
  const item = items.find(({ id: own }) => own === wanted);
  return item ? success(item.shown) : notFound(`Invalid identifier specified ${wanted}`);
}

const notFound = (message: string): ServiceAnswer => failure(404, 'NotFoundException', message);

function apiOf(api: Api, { webSocketApi }: StackModel, endpoints: Readonly<Record<string, string>>) {
  const isWebSocket = api.apiId === webSocketApi?.apiId;
  const { [api.logicalId]: address } = endpoints;
  return {
    apiId: api.apiId,
    name: api.logicalId,
    // Without the stage, as on AWS.
    apiEndpoint: address && new URL(address).origin,
    protocolType: isWebSocket ? 'WEBSOCKET' : 'HTTP',
    routeSelectionExpression:
      'routeSelectionExpression' in api ? api.routeSelectionExpression : '${request.method} ${request.path}',
  };
}

interface Item {
  id: string;
  shown: object;
}

function collectionOf(api: Api, collection: string, { functions }: StackModel): Item[] | null {
  switch (collection) {
    case 'stages':
      return [stageOf(api)];
    case 'routes':
      return api.routes.map((route, index) => {
        const routeId = `route${index}`;
        const target = `integrations/integration${index}`;
        const isGuarded = authorizerOf(route) !== null;
        const authorization = { authorizationType: isGuarded ? 'CUSTOM' : 'NONE' };
        const authorizerId = isGuarded ? { authorizerId: `authorizer${index}` } : {};
        return { id: routeId, shown: { routeId, routeKey: route.routeKey, target, ...authorization, ...authorizerId } };
      });
    case 'integrations':
      return api.routes.map(({ integration }, index) => {
        const integrationId = `integration${index}`;
        return { id: integrationId, shown: { integrationId, ...integrationOf(integration, functions) } };
      });
    case 'authorizers':
      return api.routes.flatMap((route, index) => {
        const authorizer = authorizerOf(route);
        if (authorizer === null) return [];
        const authorizerId = `authorizer${index}`;
        const shown = {
          ...{ authorizerId, authorizerType: 'REQUEST', name: authorizer.functionName },
          authorizerUri: functions.find((model) => model.functionName === authorizer.functionName)?.arn,
          identitySource: authorizer.identitySources,
          authorizerResultTtlInSeconds: authorizer.resultTtlMs / 1_000,
        };
        return [{ id: authorizerId, shown }];
      });
    default:
      return null;
  }
}

const authorizerOf = (route: Api['routes'][number]) => ('authorizer' in route ? route.authorizer : null);

function integrationOf(integration: Api['routes'][number]['integration'], functions: StackModel['functions']) {
  switch (integration?.kind) {
    case 'sqsSendMessage':
      return {
        ...{ integrationType: 'AWS_PROXY', integrationSubtype: 'SQS-SendMessage' },
        requestParameters: integration.requestParameters,
      };
    case 'forward':
      return { integrationType: 'HTTP_PROXY', integrationUri: integration.url, integrationMethod: integration.method };
    case 'lambda':
    case 'lambdaWithTemplates': {
      const arn = functions.find(({ functionName }) => functionName === integration.functionName)?.arn;
      return { integrationType: integration.kind === 'lambda' ? 'AWS_PROXY' : 'AWS', integrationUri: arn };
    }
    case 'service':
      return {
        integrationType: 'AWS',
        integrationUri: `arn:aws:apigateway:local:${integration.service}:${integration.action === null ? `path/${integration.path}` : `action/${integration.action}`}`,
      };
    default:
      return { integrationType: 'MOCK' };
  }
}

function stageOf({ stage, stageVariables, defaultThrottle }: Api): Item {
  const throttle = defaultThrottle && {
    throttlingRateLimit: defaultThrottle.ratePerSecond,
    throttlingBurstLimit: defaultThrottle.burst,
  };
  return {
    id: stage,
    shown: { stageName: stage, stageVariables, autoDeploy: true, defaultRouteSettings: throttle ?? {} },
  };
}
