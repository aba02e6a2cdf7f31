// biome-ignore-all lint/suspicious/noTemplateCurlyInString: API Gateway's own expression
/** API Gateway's reading actions for WebSocket and HTTP APIs (version 2, REST JSON). Source: API reference of version 2, read November 2026. */
import type { HttpApiModel, ThrottleModel, WebSocketApiModel } from '../template/apis/api-models.ts';
import type { StackModel } from '../template/model.ts';
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
  const apis: Api[] = [...stack.webSocketApis, ...stack.httpApis];
  if (apiId === undefined) return success({ items: apis.map((api) => apiOf(api, endpoints)) });
  const api = apis.find((one) => one.apiId === apiId);
  if (!api) return notFound(`Invalid API identifier specified ${apiId}`);
  if (collection === undefined) return success(apiOf(api, endpoints));
  const items = collectionOf(api, collection, stack);
  if (items === null) return null;
  if (id === undefined) return success({ items: items.map(({ shown }) => shown) });
  const wanted = decodeURIComponent(id);
  const item = items.find(({ id: own }) => own === wanted);
  return item ? success(item.shown) : notFound(`Invalid identifier specified ${wanted}`);
}

const notFound = (message: string): ServiceAnswer => failure(404, 'NotFoundException', message);

function apiOf(api: Api, endpoints: Readonly<Record<string, string>>) {
  const { [api.logicalId]: address } = endpoints;
  return {
    apiId: api.apiId,
    name: api.logicalId,
    // Without the stage, as on AWS.
    apiEndpoint: address && new URL(address).origin,
    protocolType: 'routeSelectionExpression' in api ? 'WEBSOCKET' : 'HTTP',
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
        const { authorizer } = route;
        const authorizationType = authorizationTypeOf(authorizer);
        const hasAuthorizer = authorizationType === 'JWT' || authorizationType === 'CUSTOM';
        const authorization = { authorizationType };
        const authorizerId = hasAuthorizer ? { authorizerId: `authorizer${index}` } : {};
        return { id: routeId, shown: { routeId, routeKey: route.routeKey, target, ...authorization, ...authorizerId } };
      });
    case 'integrations':
      return api.routes.map(({ integration }, index) => {
        const integrationId = `integration${index}`;
        return { id: integrationId, shown: { integrationId, ...integrationOf(integration, functions) } };
      });
    case 'authorizers':
      return api.routes.flatMap((route, index) => {
        if (route.authorizer === null || authorizationTypeOf(route.authorizer) === 'AWS_IAM') return [];
        const authorizerId = `authorizer${index}`;
        return [{ id: authorizerId, shown: { authorizerId, ...shownAuthorizer(route.authorizer, functions) } }];
      });
    default:
      return null;
  }
}

type Authorizer = NonNullable<Api['routes'][number]['authorizer']>;

function authorizationTypeOf(authorizer: Authorizer | null): 'NONE' | 'JWT' | 'AWS_IAM' | 'CUSTOM' {
  if (authorizer === null) return 'NONE';
  if (!('kind' in authorizer) || authorizer.kind === 'function') return 'CUSTOM';
  return authorizer.kind === 'jwt' ? 'JWT' : 'AWS_IAM';
}

function shownAuthorizer(authorizer: Authorizer, functions: StackModel['functions']): object {
  if ('kind' in authorizer && authorizer.kind === 'iam') return {};
  if ('kind' in authorizer && authorizer.kind === 'jwt') {
    const { issuer, audience, identitySource } = authorizer;
    return {
      ...{ authorizerType: 'JWT', name: issuer, identitySource: [identitySource] },
      jwtConfiguration: { issuer, audience },
    };
  }
  const { functionName, identitySources, resultTtlMs } = authorizer;
  return {
    ...{ authorizerType: 'REQUEST', name: functionName, identitySource: identitySources },
    authorizerUri: functions.find((model) => model.functionName === functionName)?.arn,
    authorizerResultTtlInSeconds: resultTtlMs / 1_000,
  };
}

function integrationOf(integration: Api['routes'][number]['integration'], functions: StackModel['functions']) {
  switch (integration?.kind) {
    case 'sqsSendMessage':
    case 'putEvents':
      return {
        integrationType: 'AWS_PROXY',
        integrationSubtype: integration.kind === 'putEvents' ? 'EventBridge-PutEvents' : 'SQS-SendMessage',
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

function stageOf({ stage, stageVariables, defaultThrottle, accessLogs, routes }: Api): Item {
  const own = routes.flatMap(({ routeKey, throttle, detailedMetrics }) => {
    const settings = {
      ...(throttle && settingsOf(throttle)),
      ...(detailedMetrics && { detailedMetricsEnabled: true }),
    };
    return Object.keys(settings).length === 0 ? [] : [[routeKey, settings] as const];
  });
  return {
    id: stage,
    shown: {
      ...{ stageName: stage, stageVariables, autoDeploy: true },
      defaultRouteSettings: defaultThrottle === null ? {} : settingsOf(defaultThrottle),
      routeSettings: Object.fromEntries(own),
      ...(accessLogs && { accessLogSettings: { destinationArn: localLogArn } }),
    },
  };
}

/** Where the log of a stage goes on AWS is not known here. */
export const localLogArn = 'arn:aws:logs:local:000000000000:log-group:access-log';

const settingsOf = ({ ratePerSecond, burst }: ThrottleModel) => ({
  ...{ throttlingRateLimit: ratePerSecond, throttlingBurstLimit: burst },
});
