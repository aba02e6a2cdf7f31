/** REST APIs, as API Gateway describes them. */
import {
  type Authorizer as AuthorizerDescription,
  GetAuthorizersCommand,
  GetRestApiCommand,
  GetStagesCommand,
  type Method,
  paginateGetResources,
  type Resource,
} from '@aws-sdk/client-api-gateway';
import { integrationOf, type ResourceNames } from '../../../graph/integrations.ts';
import type { Api, Authorizer, Route } from '../../../graph/model.ts';
import { arnName, functionArnOf } from '../../../graph/references.ts';
import { ask, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

/** 300 s: how long API Gateway keeps an authorizer's result unless it is told otherwise (REST API reference, read November 2026). */
const defaultCachedSeconds = 300;

export async function describeRestApi(
  clients: Clients,
  { id, physicalId: restApiId }: DeployedResource,
  names: ResourceNames,
): Promise<Api> {
  const { apiGateway: client } = clients;
  const what = `The API ${id}`;
  const { name = restApiId } = await ask(what, client.send(new GetRestApiCommand({ restApiId })));
  const stages = await ask(`${what}’s stages`, client.send(new GetStagesCommand({ restApiId })));
  const authorizers = await ask(`${what}’s authorizers`, client.send(new GetAuthorizersCommand({ restApiId })));
  const resources = await ask(`${what}’s resources`, resourcesOf(clients, restApiId));
  return {
    ...{ id, kind: 'rest', apiId: restApiId, name },
    stages: (stages.item ?? []).flatMap(({ stageName }) => (stageName === undefined ? [] : [stageName])),
    routes: resources.flatMap(({ path = '/', resourceMethods = {} }) =>
      Object.entries(resourceMethods).map(([httpMethod, method]) =>
        routeOf(`${httpMethod} ${path}`, method, { authorizers: authorizers.items ?? [], names }),
      ),
    ),
  };
}

async function resourcesOf({ apiGateway }: Clients, restApiId: string): Promise<Resource[]> {
  const resources: Resource[] = [];
  for await (const page of paginateGetResources({ client: apiGateway }, { restApiId, embed: ['methods'] }))
    resources.push(...(page.items ?? []));
  return resources;
}

function routeOf(
  key: string,
  { methodIntegration, authorizationType = 'NONE', authorizerId }: Method,
  { authorizers, names }: { authorizers: readonly AuthorizerDescription[]; names: ResourceNames },
): Route {
  const { type = '', uri } = methodIntegration ?? {};
  return {
    key,
    integration: methodIntegration === undefined ? null : integrationOf({ type, uri }, names),
    authorizer: authorizerOf(
      authorizationType,
      authorizers.find((authorizer) => authorizer.id === authorizerId),
      names,
    ),
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
