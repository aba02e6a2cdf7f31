/** REST APIs, as API Gateway describes them. */
import {
  type Authorizer as AuthorizerDescription,
  GetAuthorizersCommand,
  GetRestApiCommand,
  GetStagesCommand,
  type Method,
  paginateGetResources,
  type Resource,
  type Stage,
} from '@aws-sdk/client-api-gateway';
import { integrationOf, type ResourceNames } from '../../../graph/integrations.ts';
import type { Api, Authorizer, Route, StageThrottles } from '../../../graph/model.ts';
import { type ObservedStage, observedStages } from '../../../graph/observed-stages.ts';
import { arnName, functionArnOf } from '../../../graph/references.ts';
import { throttleOf, throttlesOf } from '../../../graph/throttles.ts';
import { ask, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';
import { plansOfApi, usagePlansOf } from './usage-plans.ts';

/** 300 s: how long API Gateway keeps an authorizer's result unless it is told otherwise (REST API reference, read November 2026). */
const defaultCachedSeconds = 300;

export async function describeRestApi(
  clients: Clients,
  { id, physicalId: restApiId }: DeployedResource,
  { names, planIds }: { names: ResourceNames; planIds: ReadonlyMap<string, string> },
): Promise<Api> {
  const { apiGateway: client } = clients;
  const what = `The API ${id}`;
  const { name = restApiId } = await ask(what, client.send(new GetRestApiCommand({ restApiId })));
  const stages = await ask(`${what}’s stages`, client.send(new GetStagesCommand({ restApiId })));
  const authorizers = await ask(`${what}’s authorizers`, client.send(new GetAuthorizersCommand({ restApiId })));
  const resources = await ask(`${what}’s resources`, resourcesOf(clients, restApiId));
  const needsKeys = resources.some(({ resourceMethods = {} }) =>
    Object.values(resourceMethods).some(({ apiKeyRequired }) => apiKeyRequired === true),
  );
  const plans = needsKeys ? await ask(`${what}’s usage plans`, usagePlansOf(clients)) : [];
  return {
    ...{ id, kind: 'rest', apiId: restApiId, name },
    stages: (stages.item ?? []).flatMap(({ stageName }) => (stageName === undefined ? [] : [stageName])),
    ...throttlesOf((stages.item ?? []).map(stageThrottles)),
    ...plansOfApi(restApiId, plans, planIds),
    ...observedStages((stages.item ?? []).map(observedStage)),
    routes: resources.flatMap(({ path = '/', resourceMethods = {} }) =>
      Object.entries(resourceMethods).map(([httpMethod, method]) =>
        routeOf(`${httpMethod} ${path}`, method, { authorizers: authorizers.items ?? [], names }),
      ),
    ),
  };
}

const observedStage = ({ stageName = '', accessLogSettings, methodSettings = {} }: Stage): ObservedStage => ({
  stage: stageName,
  accessLogs: (accessLogSettings?.destinationArn ?? '') !== '',
  routeMetrics: Object.values(methodSettings).some(({ metricsEnabled }) => metricsEnabled === true),
});

/** By API Gateway's keys: of every method, or `~1orders~1{id}/POST` (REST API reference, MethodSetting, read November 2026). */
const everyMethod = '*/*';

function stageThrottles({ stageName = '', methodSettings = {} }: Stage): StageThrottles {
  const own = Object.entries(methodSettings).flatMap(([key, { throttlingRateLimit, throttlingBurstLimit }]) => {
    const throttle = throttleOf(throttlingRateLimit, throttlingBurstLimit);
    return throttle === null ? [] : [[key, throttle] as const];
  });
  return {
    stage: stageName,
    everyRoute: own.find(([key]) => key === everyMethod)?.[1] ?? null,
    routes: Object.fromEntries(
      own.filter(([key]) => key !== everyMethod).map(([key, each]) => [routeKeyOf(key), each]),
    ),
  };
}

/** `~1orders~1{id}/POST` → `POST /orders/{id}`; a method of `*` is ANY. */
function routeKeyOf(key: string): string {
  const at = key.lastIndexOf('/');
  const path = key.slice(0, at).replaceAll('~1', '/');
  const method = key.slice(at + 1);
  return `${method === '*' ? 'ANY' : method} /${path.replace(/^\//, '')}`;
}

async function resourcesOf({ apiGateway }: Clients, restApiId: string): Promise<Resource[]> {
  const resources: Resource[] = [];
  for await (const page of paginateGetResources({ client: apiGateway }, { restApiId, embed: ['methods'] }))
    resources.push(...(page.items ?? []));
  return resources;
}

function routeOf(
  key: string,
  { methodIntegration, authorizationType = 'NONE', authorizerId, apiKeyRequired }: Method,
  { authorizers, names }: { authorizers: readonly AuthorizerDescription[]; names: ResourceNames },
): Route {
  const { type = '', uri, requestTemplates = {}, requestParameters = {} } = methodIntegration ?? {};
  const texts = [...Object.values(requestTemplates), ...Object.values(requestParameters)];
  return {
    key,
    integration: methodIntegration === undefined ? null : integrationOf({ type, uri, texts }, names),
    authorizer: authorizerOf(
      authorizationType,
      authorizers.find((authorizer) => authorizer.id === authorizerId),
      names,
    ),
    ...(apiKeyRequired === true && { needsKey: true as const }),
  };
}

function authorizerOf(type: string, found: AuthorizerDescription | undefined, names: ResourceNames): Authorizer | null {
  switch (type) {
    case 'NONE':
      return null;
    case 'AWS_IAM':
      return { kind: 'iam' };
    case 'CUSTOM': {
      const id = names.functions.get(arnName(functionArnOf(found?.authorizerUri ?? ''))?.name ?? '') ?? null;
      return { kind: 'function', id, cachedSeconds: found?.authorizerResultTtlInSeconds ?? defaultCachedSeconds };
    }
    default:
      return { kind: 'token' };
  }
}
