/** The served stack as a graph. Pure. */

import { busesOnTheWay, busNameIn, busNameOf, defaultBus } from '../../graph/event-buses.ts';
import { toEventBus } from '../../graph/integrations.ts';
import {
  type Api,
  type Database,
  type Integration,
  inOrder,
  type Queue,
  type Route,
  type Service,
  type StackGraph,
  type Subscription,
  type Table,
} from '../../graph/model.ts';
import { observedStages } from '../../graph/observed-stages.ts';
import { arnName, reachesOf } from '../../graph/references.ts';
import { throttlesOf } from '../../graph/throttles.ts';
import { isOnTheWay, topicNameIn } from '../../graph/topics.ts';
import type {
  HttpApiModel,
  HttpAuthorizerModel,
  HttpIntegrationModel,
  RestApiModel,
  ThrottleModel,
  WebSocketApiModel,
} from './apis/api-models.ts';
import { ruleOf } from './events/rule-graph.ts';
import { type GraphIds, toFunction, toQueue } from './graph-ids.ts';
import type { IntegrationModel } from './integration-model.ts';
import type { EventSourceModel, QueueModel, StackModel, StreamSourceModel, TableModel } from './model.ts';
import type { ServiceModel } from './servers/server-model.ts';
import type { TopicModel } from './topics/topic.ts';

/**
 * @param stack read without an address of the gateway: in one that has it, addresses of APIs are this machine's, and name no API.
 * @param sqsUrl base URL of the queues, without a slash at the end.
 */
export function stackGraphOf(stack: StackModel, sqsUrl: string): StackGraph {
  const ids: GraphIds = {
    functions: new Map(stack.functions.map(({ functionName, logicalId }) => [functionName, logicalId])),
    queues: new Map(stack.queues.map(({ queueName, logicalId }) => [queueName, logicalId])),
    topics: new Map(stack.topics.map(({ topicName, logicalId }) => [topicName, logicalId])),
    eventBuses: new Map(stack.eventBuses.map(({ name, logicalId }) => [name, logicalId])),
  };
  const rules = stack.rules.map((rule) => ruleOf(rule, ids));
  const apis = [
    ...stack.webSocketApis.map((api) => webSocketApi(api, ids)),
    ...stack.httpApis.map((api) => httpApi(api, ids)),
    ...stack.restApis.map((api) => restApi(api, ids)),
    ...stack.functionUrls.map((url) => functionUrl(url, ids)),
  ];
  const ownBuses = stack.eventBuses.map(({ logicalId: id, name }) => ({ id, name }));
  const nodes = {
    apis,
    functions: stack.functions.map(({ logicalId, functionName, memoryMb, timeoutMs, reservedConcurrency }) => ({
      ...{ id: logicalId, name: functionName, memoryMb, timeoutSeconds: timeoutMs / 1_000, reservedConcurrency },
    })),
    queues: stack.queues.map((queue) => queueOf(queue, `${sqsUrl}/${stack.accountId}/${queue.queueName}`, ids)),
    tables: stack.tables.map(tableOf),
    topics: stack.topics.map(({ logicalId, topicName }) => ({ id: logicalId, name: topicName })),
    eventBuses: busesOnTheWay(ownBuses, { apis, rules }),
  };
  const reaches = stack.functions.flatMap(({ logicalId, environment }) => reachesOf(logicalId, environment, nodes));
  const subscriptions = stack.topics.flatMap((topic) => subscriptionsOf(topic, ids));
  const databases = databasesOf(stack);
  return inOrder({
    stackName: stack.stackName,
    ...nodes,
    topics: nodes.topics.filter(({ id }) => isOnTheWay(id, { ...nodes, reaches, subscriptions, rules })),
    subscriptions,
    rules,
    ...(databases.length > 0 && { databases }),
    ...(stack.balancers.length > 0 && {
      loadBalancers: stack.balancers.map(({ logicalId: id, fullName: name }) => ({ id, name })),
    }),
    ...(stack.services.length > 0 && { services: stack.services.map(serviceOf) }),
    eventSources: [
      ...stack.eventSources.map((source) => ({
        from: queueSource(source.queueArn, ids),
        ...batchesOf(source, ids),
        maximumConcurrency: source.maximumConcurrency,
        ...(source.provisionedPollers && { provisionedPollers: source.provisionedPollers }),
      })),
      ...stack.streamSources.map((source) => ({
        from: streamSource(source.streamArn, stack.tables),
        ...batchesOf(source, ids),
        maximumConcurrency: null,
      })),
    ],
    reaches,
  });
}

function subscriptionsOf({ logicalId: topic, subscriptions }: TopicModel, ids: GraphIds): Subscription[] {
  return subscriptions.map(({ logicalId, to, isRaw, filter, deadLetterQueue }) => ({
    ...{ id: logicalId, topic, isRaw, filteredBy: filter?.scope ?? null },
    to: to.kind === 'queue' ? toQueue(to.queueName, ids) : toFunction(to.functionName, ids),
    deadLetters: deadLetterQueue === null ? null : { id: ids.queues.get(deadLetterQueue) ?? null },
  }));
}

const serviceOf = ({ logicalId, serviceName, clusterName, desiredCount, task }: ServiceModel): Service => ({
  ...{ id: logicalId, name: serviceName, cluster: clusterName, tasks: desiredCount },
  ...{ cpuUnits: task.cpuUnits, memoryMb: task.memoryMb },
});

const databasesOf = ({ databases, databaseProxies }: StackModel): Database[] =>
  databases.map(({ logicalId, name, instanceClass, multiAz, maxConnections }) => {
    const proxy = databaseProxies.find(({ database }) => database === logicalId);
    return {
      ...{ id: logicalId, name, instanceClass, multiAz, maxConnections },
      proxy: proxy ? { id: proxy.logicalId, name: proxy.name, mostPercent: proxy.mostPercent } : null,
    };
  });

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
    ...observedStages([{ stage, accessLogs: api.accessLogs, routeMetrics: api.detailedMetrics }]),
    routes: routes.map(({ routeKey, integration, authorizer }) => ({
      key: routeKey,
      integration: integrationOf(integration, ids),
      authorizer: authorizerOf(authorizer, ids),
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

const batchesOf = (source: EventSourceModel | StreamSourceModel, ids: GraphIds) => ({
  id: source.logicalId,
  function: ids.functions.get(source.functionName) ?? source.functionName,
  batchSize: source.batchSize,
  batchWindowSeconds: source.batchWindowMs / 1_000,
});

type Source = StackGraph['eventSources'][number]['from'];

function streamSource(arn: string, tables: readonly TableModel[]): Source {
  const table = tables.find(({ stream }) => stream?.arn === arn);
  return table === undefined ? { kind: 'outside', what: arn } : { kind: 'stream', id: table.logicalId };
}

function queueSource(arn: string, ids: GraphIds): Source {
  const id = ids.queues.get(arnName(arn)?.name ?? arn);
  return id === undefined ? { kind: 'outside', what: arn } : { kind: 'queue', id };
}

/** SQS's default visibility timeout, in seconds (API reference, CreateQueue, read November 2026). */
const visibilityTimeoutSeconds = 30;
/** 4 days (the same). */
const retentionSeconds = 345_600;

function queueOf({ logicalId, queueName, attributes }: QueueModel, url: string, ids: GraphIds): Queue {
  return {
    ...{ id: logicalId, name: queueName, url },
    isFifo: queueName.endsWith('.fifo'),
    ...(attributes.FifoThroughputLimit === 'perMessageGroupId' && { isHighThroughput: true }),
    visibilityTimeoutSeconds: Number(attributes.VisibilityTimeout ?? visibilityTimeoutSeconds),
    deadLetters: deadLettersOf(attributes.RedrivePolicy, ids.queues),
    retentionSeconds: Number(attributes.MessageRetentionPeriod ?? retentionSeconds),
  };
}

function deadLettersOf(redrivePolicy: string | undefined, queues: GraphIds['queues']): Queue['deadLetters'] {
  if (redrivePolicy === undefined) return null;
  const { deadLetterTargetArn = '', maxReceiveCount }: Record<string, unknown> = JSON.parse(redrivePolicy);
  const name = arnName(String(deadLetterTargetArn))?.name ?? '';
  return { id: queues.get(name) ?? null, maxReceiveCount: Number(maxReceiveCount) };
}

function tableOf({ logicalId, tableName, createTable, stream }: TableModel): Table {
  const { BillingMode, ProvisionedThroughput, GlobalSecondaryIndexes, LocalSecondaryIndexes } = createTable;
  const { ReadCapacityUnits, WriteCapacityUnits } = fieldsOf(ProvisionedThroughput);
  const indexes = (list: unknown, kind: 'global' | 'local') =>
    (Array.isArray(list) ? list : []).map((index: unknown) => ({ name: String(fieldsOf(index).IndexName), kind }));
  return {
    ...{ id: logicalId, name: tableName },
    provisioned:
      BillingMode === 'PAY_PER_REQUEST'
        ? null
        : { readUnits: Number(ReadCapacityUnits), writeUnits: Number(WriteCapacityUnits) },
    indexes: [...indexes(GlobalSecondaryIndexes, 'global'), ...indexes(LocalSecondaryIndexes, 'local')],
    hasStream: stream !== null,
  };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
