/** API Gateway's reading actions for REST APIs (version 1, REST JSON). Source: API reference of version 1, read November 2026. */

import type { RestApiModel, RestAuthorizerModel, RestRouteModel, ThrottleModel } from '../template/apis/api-models.ts';
import type { IntegrationModel } from '../template/integration-model.ts';
import type { StackModel } from '../template/model.ts';
import { failure, type ServiceAnswer, success } from './answers.ts';
import { localLogArn } from './api-gateway-reads.ts';

const keysPath = /^\/apikeys\/?$/;
const plansPath = /^\/usageplans\/?$/;
const path = /^\/restapis(?:\/([^/]+)(?:\/([a-z]+)(?:\/([^/]+))?)?)?\/?$/;

/** @returns null for a path that is not one of these actions. */
export function answerRestApiRead(requestPath: string, stack: StackModel): ServiceAnswer | null {
  if (keysPath.test(requestPath))
    return success({
      item: [...new Map(stack.restApis.flatMap(({ apiKeys }) => apiKeys.map((key) => [key.id, key]))).values()].map(
        ({ id, value }) => ({ id, name: id, value, enabled: true }),
      ),
    });
  if (plansPath.test(requestPath)) return success({ item: usagePlansOf(stack) });
  const match = path.exec(requestPath);
  if (!match) return null;
  const [, apiId, collection, id] = match;
  if (apiId === undefined) return success({ item: stack.restApis.map(apiOf) });
  const api = stack.restApis.find((one) => one.apiId === apiId);
  if (!api) return failure(404, 'NotFoundException', `Invalid API identifier specified ${apiId}`);
  switch (collection) {
    case undefined:
      return success(apiOf(api));
    case 'stages':
      return one(id, [stageOf(api)], ({ stageName }) => stageName);
    case 'authorizers':
      return one(id, authorizersOf(api, stack), (authorizer) => authorizer.id);
    case 'resources':
      return one(id, resourcesOf(api, stack), (resource) => resource.id);
    default:
      return null;
  }
}

/** Each with all of its stages. */
function usagePlansOf({ restApis }: StackModel): object[] {
  const all = restApis.flatMap(({ apiId, stage, usagePlans }) => usagePlans.map((plan) => ({ apiId, stage, plan })));
  return [...Map.groupBy(all, ({ plan }) => plan.logicalId)].map(([id, stages]) => {
    const { throttle = null, quota = null } = stages[0]?.plan ?? {};
    return {
      ...{ id, name: id },
      apiStages: stages.map(({ apiId, stage, plan }) => ({
        ...{ apiId, stage },
        throttle: Object.fromEntries(
          Object.entries(plan.routes).map(([key, own]) => [`${key.split(' ').reverse().join('/')}`, limitsOf(own)]),
        ),
      })),
      ...(throttle && { throttle: limitsOf(throttle) }),
      ...(quota && { quota }),
    };
  });
}

const limitsOf = ({ ratePerSecond, burst }: ThrottleModel) => ({ rateLimit: ratePerSecond, burstLimit: burst });

/** All of a collection, or the one that is asked for. */
function one<Item extends object>(id: string | undefined, items: Item[], idOf: (item: Item) => string): ServiceAnswer {
  if (id === undefined) return success({ item: items });
  const wanted = decodeURIComponent(id);
  const found = items.find((item) => idOf(item) === wanted);
  return found ? success(found) : failure(404, 'NotFoundException', `Invalid identifier specified ${wanted}`);
}

const apiOf = ({ apiId, name, binaryMediaTypes }: RestApiModel) => ({
  ...{ id: apiId, name, binaryMediaTypes, apiKeySource: 'HEADER' },
  endpointConfiguration: { types: ['REGIONAL'] },
});

const stageOf = ({ stage, stageVariables, defaultThrottle, routes, ...observed }: RestApiModel) => {
  const settings = ({ ratePerSecond, burst }: ThrottleModel) => ({
    ...{ throttlingRateLimit: ratePerSecond, throttlingBurstLimit: burst },
  });
  const own = routes.flatMap((route) => {
    if (route.throttle === null) return [];
    const { method, path } = keyOf(route);
    return [[`${path.replaceAll('/', '~1')}/${method === 'ANY' ? '*' : method}`, settings(route.throttle)] as const];
  });
  return {
    ...{ stageName: stage, variables: stageVariables, deploymentId: 'local' },
    methodSettings: {
      ...((defaultThrottle || observed.detailedMetrics) && {
        '*/*': {
          ...(defaultThrottle && settings(defaultThrottle)),
          ...(observed.detailedMetrics && { metricsEnabled: true }),
        },
      }),
      ...Object.fromEntries(own),
    },
    ...(observed.accessLogs && { accessLogSettings: { destinationArn: localLogArn } }),
  };
};

const authorizerId = ({ logicalId }: RestAuthorizerModel): string => logicalId;

function authorizersOf({ routes }: RestApiModel, { functions, region }: StackModel) {
  const all = routes.flatMap(({ authorizer }) => (authorizer === null ? [] : [authorizer]));
  const byId = new Map(all.map((authorizer) => [authorizerId(authorizer), authorizer]));
  return [...byId].map(([id, { kind, functionName, identitySources, resultTtlMs }]) => ({
    ...{ id, name: functionName, type: kind, identitySource: identitySources.join(',') },
    authorizerUri: invocationUri(functionName, functions, region),
    authorizerResultTtlInSeconds: resultTtlMs / 1_000,
  }));
}

function resourcesOf({ apiId, routes }: RestApiModel, stack: StackModel) {
  const paths = new Map<string, RestRouteModel[]>([['/', []]]);
  for (const route of routes) {
    const { path } = keyOf(route);
    paths.set(path, [...(paths.get(path) ?? []), route]);
  }
  return [...paths].map(([path, ofPath]) => ({
    id: path === '/' ? `${apiId}-root` : Buffer.from(path).toString('hex'),
    path,
    ...(ofPath.length > 0 && {
      resourceMethods: Object.fromEntries(ofPath.map((route) => [keyOf(route).method, methodOf(route, stack)])),
    }),
  }));
}

function keyOf({ routeKey }: RestRouteModel): { method: string; path: string } {
  const [method = '', path = '/'] = routeKey.split(' ');
  return { method, path };
}

function methodOf(
  { routeKey, authorizer, integration, apiKeyRequired }: RestRouteModel,
  { functions, region }: StackModel,
) {
  return {
    httpMethod: routeKey.split(' ')[0],
    authorizationType: authorizer === null ? 'NONE' : 'CUSTOM',
    ...(authorizer !== null && { authorizerId: authorizerId(authorizer) }),
    apiKeyRequired,
    methodIntegration: integrationOf(integration, functions, region),
  };
}

function integrationOf(integration: IntegrationModel, functions: StackModel['functions'], region: string): object {
  switch (integration.kind) {
    case 'mock':
      return { type: 'MOCK' };
    case 'lambda':
      return { type: 'AWS_PROXY', httpMethod: 'POST', uri: invocationUri(integration.functionName, functions, region) };
    case 'lambdaWithTemplates':
      return { type: 'AWS', httpMethod: 'POST', uri: invocationUri(integration.functionName, functions, region) };
    case 'forward':
      return {
        ...{ type: integration.mapping === null ? 'HTTP_PROXY' : 'HTTP', uri: integration.url },
        httpMethod: integration.method,
      };
    case 'service': {
      const { service, action, path } = integration;
      const what = action === null ? `path${path}` : `action/${action}`;
      return { type: 'AWS', httpMethod: 'POST', uri: `arn:aws:apigateway:${region}:${service}:${what}` };
    }
  }
}

function invocationUri(functionName: string, functions: StackModel['functions'], region: string): string | undefined {
  const arn = functions.find((model) => model.functionName === functionName)?.arn;
  return arn && `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}
