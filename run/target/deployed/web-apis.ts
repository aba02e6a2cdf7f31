/** WebSocket and HTTP APIs, as API Gateway describes them. */
import {
  type Authorizer as AuthorizerDescription,
  GetApiCommand,
  GetAuthorizersCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
  type Route as RouteDescription,
  type RouteSettings,
  type Stage,
} from '@aws-sdk/client-apigatewayv2';
import { integrationOf, type ResourceNames } from '../../../graph/integrations.ts';
import type { Api, Authorizer, Integration, StageThrottles, Throttle } from '../../../graph/model.ts';
import { type ObservedStage, observedStages } from '../../../graph/observed-stages.ts';
import { arnName, functionArnOf } from '../../../graph/references.ts';
import { throttleOf, throttlesOf } from '../../../graph/throttles.ts';
import { ask, type Clients } from './clients.ts';
import { pagesOf } from './pages.ts';
import type { DeployedResource } from './stack-resources.ts';

export interface DescribedApi {
  node: Api;
  /** `wss://…` or `https://…`, without a stage; null where it is not known. */
  endpoint: string | null;
}

export async function describeWebApi(
  { apiGatewayV2: client }: Clients,
  { id, physicalId: ApiId }: DeployedResource,
  names: ResourceNames,
): Promise<DescribedApi> {
  const what = `The API ${id}`;
  const api = await ask(what, client.send(new GetApiCommand({ ApiId })));
  const stages = await ask(
    `${what}’s stages`,
    pagesOf((NextToken) => client.send(new GetStagesCommand({ ApiId, NextToken }))),
  );
  const routes = await ask(
    `${what}’s routes`,
    pagesOf((NextToken) => client.send(new GetRoutesCommand({ ApiId, NextToken }))),
  );
  const integrations = await ask(
    `${what}’s integrations`,
    pagesOf((NextToken) => client.send(new GetIntegrationsCommand({ ApiId, NextToken }))),
  );
  const authorizers = await ask(
    `${what}’s authorizers`,
    pagesOf((NextToken) => client.send(new GetAuthorizersCommand({ ApiId, NextToken }))),
  );
  const targets = new Map(
    integrations.map(
      ({
        IntegrationId,
        IntegrationType = '',
        IntegrationUri,
        IntegrationSubtype,
        RequestParameters = {},
        RequestTemplates = {},
      }) => [
        `integrations/${IntegrationId}`,
        integrationOf(
          {
            type: IntegrationType,
            uri: IntegrationUri,
            subtype: IntegrationSubtype,
            queueUrl: RequestParameters.QueueUrl,
            eventBus: RequestParameters.EventBusName,
            texts: [...Object.values(RequestTemplates), ...Object.values(RequestParameters)],
          },
          names,
        ),
      ],
    ),
  );
  return {
    node: {
      ...{ id, kind: api.ProtocolType === 'WEBSOCKET' ? 'webSocket' : 'http', apiId: ApiId, name: null },
      stages: stages.flatMap(({ StageName }) => (StageName === undefined ? [] : [StageName])),
      ...throttlesOf(stages.map(stageThrottles)),
      ...observedStages(stages.map(observedStage)),
      routes: routes.map((route) => ({
        key: route.RouteKey ?? '',
        integration: targetOf(route, targets),
        authorizer: authorizerOf(route, authorizers, names),
      })),
    },
    endpoint: api.ApiEndpoint ?? null,
  };
}

const observedStage = ({ StageName = '', AccessLogSettings, ...stage }: Stage): ObservedStage => ({
  stage: StageName,
  accessLogs: (AccessLogSettings?.DestinationArn ?? '') !== '',
  routeMetrics: [stage.DefaultRouteSettings, ...Object.values(stage.RouteSettings ?? {})].some(
    (settings) => settings?.DetailedMetricsEnabled === true,
  ),
});

const settingsThrottle = ({ ThrottlingRateLimit, ThrottlingBurstLimit }: RouteSettings = {}): Throttle | null =>
  throttleOf(ThrottlingRateLimit, ThrottlingBurstLimit);

const stageThrottles = ({ StageName = '', DefaultRouteSettings, RouteSettings: own = {} }: Stage): StageThrottles => ({
  stage: StageName,
  everyRoute: settingsThrottle(DefaultRouteSettings),
  routes: Object.fromEntries(
    Object.entries(own).flatMap(([key, settings]) => {
      const throttle = settingsThrottle(settings);
      return throttle === null ? [] : [[key, throttle]];
    }),
  ),
});

const targetOf = ({ Target }: RouteDescription, targets: ReadonlyMap<string, Integration>): Integration | null =>
  Target === undefined || Target === '' ? null : (targets.get(Target) ?? { kind: 'outside', what: Target });

function authorizerOf(
  { AuthorizationType = 'NONE', AuthorizerId }: RouteDescription,
  authorizers: readonly AuthorizerDescription[],
  names: ResourceNames,
): Authorizer | null {
  switch (AuthorizationType) {
    case 'NONE':
      return null;
    case 'AWS_IAM':
      return { kind: 'iam' };
    case 'CUSTOM': {
      const found = authorizers.find((authorizer) => authorizer.AuthorizerId === AuthorizerId);
      const name = arnName(functionArnOf(found?.AuthorizerUri ?? ''))?.name ?? '';
      const id = names.functions.get(name) ?? null;
      return { kind: 'function', id, cachedSeconds: found?.AuthorizerResultTtlInSeconds ?? 0 };
    }
    default:
      return { kind: 'token' };
  }
}
