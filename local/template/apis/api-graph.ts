/** The APIs of the served stack, and the URLs of its functions, as its graph has them. Pure. */
import { busNameIn, busNameOf, defaultBus } from '../../../graph/event-buses.ts';
import { toEventBus } from '../../../graph/integrations.ts';
import type { Api, Integration, Route } from '../../../graph/model.ts';
import { observedStages } from '../../../graph/observed-stages.ts';
import { throttlesOf } from '../../../graph/throttles.ts';
import { topicNameIn } from '../../../graph/topics.ts';
import { type GraphIds, toFunction, toQueue } from '../graph-ids.ts';
import type { IntegrationModel } from '../integration-model.ts';
import type { StackModel } from '../model.ts';
import type {
  HttpApiModel,
  HttpAuthorizerModel,
  HttpIntegrationModel,
  RestApiModel,
  ThrottleModel,
  WebSocketApiModel,
} from './api-models.ts';
import { usagePlansIn } from './usage-plan-graph.ts';

export const apisOf = (
  stack: Pick<StackModel, 'webSocketApis' | 'httpApis' | 'restApis' | 'functionUrls'>,
  ids: GraphIds,
): Api[] => [
  ...stack.webSocketApis.map((api) => webSocketApi(api, ids)),
  ...stack.httpApis.map((api) => httpApi(api, ids)),
  ...stack.restApis.map((api) => restApi(api, ids)),
  ...stack.functionUrls.map((url) => functionUrl(url, ids)),
];

function webSocketApi({ logicalId, apiId, stage, routes, ...api }: WebSocketApiModel, ids: GraphIds): Api {
  return {
    ...{ id: logicalId, kind: 'webSocket', apiId, name: null, stages: [stage] },
    ...stageThrottles(stage, api.defaultThrottle, routes),
    ...observedStages([
      { stage, accessLogs: api.accessLogs, routeMetrics: routes.some((route) => route.detailedMetrics) },
    ]),
    routes: routes.map(({ routeKey, integration, authorizer }) => ({
      key: routeKey,
      integration: integration && integrationOf(integration, ids),
      authorizer: authorizerOf(authorizer, ids),
    })),
  };
}

function httpApi({ logicalId, apiId, stage, routes, ...api }: HttpApiModel, ids: GraphIds): Api {
  return {
    ...{ id: logicalId, kind: 'http', apiId, name: null, stages: [stage] },
    ...stageThrottles(stage, api.defaultThrottle, routes),
    ...observedStages([
      { stage, accessLogs: api.accessLogs, routeMetrics: routes.some((route) => route.detailedMetrics) },
    ]),
    routes: routes.map(({ routeKey, integration, authorizer }) => ({
      key: routeKey,
      integration: integrationOf(integration, ids),
      authorizer: httpAuthorizerOf(authorizer, ids),
    })),
  };
}

function restApi({ logicalId, apiId, name, stage, routes, ...api }: RestApiModel, ids: GraphIds): Api {
  return {
    ...{ id: logicalId, kind: 'rest', apiId, name, stages: [stage] },
    ...stageThrottles(stage, api.defaultThrottle, routes),
    ...usagePlansIn({ stage, routes, usagePlans: api.usagePlans }),
    ...observedStages([{ stage, accessLogs: api.accessLogs, routeMetrics: api.detailedMetrics }]),
    routes: routes.map(({ routeKey, integration, authorizer, apiKeyRequired }) => ({
      key: routeKey,
      integration: integrationOf(integration, ids),
      authorizer: authorizerOf(authorizer, ids),
      ...(apiKeyRequired && { needsKey: true as const }),
    })),
  };
}

function functionUrl(url: HttpApiModel, ids: GraphIds): Api {
  const [route] = url.routes;
  const { integration } = route ?? {};
  return {
    ...httpApi(url, ids),
    kind: 'functionUrl',
    name: integration?.kind === 'lambda' ? integration.functionName : null,
  };
}

function stageThrottles(
  stage: string,
  everyRoute: ThrottleModel | null,
  routes: readonly { routeKey: string; throttle: ThrottleModel | null }[],
): Pick<Api, 'throttles'> {
  const own = routes.flatMap(({ routeKey, throttle }) => (throttle === null ? [] : [[routeKey, throttle] as const]));
  return throttlesOf([{ stage, everyRoute, routes: Object.fromEntries(own) }]);
}

function httpAuthorizerOf(authorizer: HttpAuthorizerModel | null, ids: GraphIds): Route['authorizer'] {
  switch (authorizer?.kind) {
    case 'jwt':
      return { kind: 'token' };
    case 'iam':
      return { kind: 'iam' };
    default:
      return authorizerOf(authorizer ?? null, ids);
  }
}

function authorizerOf(
  authorizer: { functionName: string; resultTtlMs: number } | null,
  ids: GraphIds,
): Route['authorizer'] {
  if (authorizer === null) return null;
  const id = ids.functions.get(authorizer.functionName) ?? null;
  return { kind: 'function', id, cachedSeconds: authorizer.resultTtlMs / 1_000 };
}

function integrationOf(integration: IntegrationModel | HttpIntegrationModel, ids: GraphIds): Integration {
  switch (integration.kind) {
    case 'lambda':
    case 'lambdaWithTemplates':
      return toFunction(integration.functionName, ids);
    case 'mock':
      return { kind: 'mock' };
    case 'forward':
      return { kind: 'url', origin: URL.canParse(integration.url) ? new URL(integration.url).origin : 'unknown' };
    case 'sqsSendMessage':
      return toQueue(integration.requestParameters.QueueUrl ?? '', ids);
    case 'putEvents':
      return toEventBus(busNameOf(integration.requestParameters.EventBusName ?? defaultBus), ids);
    case 'service':
      if (integration.service === 'events') return toEventBus(busNameIn(textsOf(integration)), ids);
      if (integration.service === 'sqs' && integration.path !== '') return toQueue(integration.path, ids);
      return (
        toTopic(integration, ids) ?? {
          kind: 'outside',
          what: `${integration.service} action/${integration.action ?? ''}`,
        }
      );
  }
}

type ServiceIntegration = Extract<IntegrationModel, { kind: 'service' }>;

const textsOf = ({ mapping }: ServiceIntegration): string[] => [
  ...Object.values(mapping.requestTemplates),
  ...Object.values(mapping.requestParameters),
];

/** The topic that a template, or a parameter, names. */
function toTopic(integration: ServiceIntegration, ids: GraphIds): Integration | null {
  if (integration.service !== 'sns') return null;
  const name = textsOf(integration)
    .map(topicNameIn)
    .find((found) => found !== null);
  const id = name === undefined ? undefined : ids.topics.get(name);
  return id === undefined ? null : { kind: 'topic', id };
}
