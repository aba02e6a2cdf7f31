/** The served stack as a graph. Pure. */

import { busesOnTheWay } from '../../graph/event-buses.ts';
import {
  type Database,
  inOrder,
  type Queue,
  type Service,
  type StackGraph,
  type Subscription,
  type Table,
} from '../../graph/model.ts';
import { arnName, reachesOf } from '../../graph/references.ts';
import { isOnTheWay } from '../../graph/topics.ts';
import { apisOf } from './apis/api-graph.ts';
import { ruleOf } from './events/rule-graph.ts';
import { functionNodeOf } from './function-node.ts';
import { type GraphIds, toFunction, toQueue } from './graph-ids.ts';
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
  const apis = apisOf(stack, ids);
  const ownBuses = stack.eventBuses.map(({ logicalId: id, name }) => ({ id, name }));
  const nodes = {
    apis,
    functions: stack.functions.map((model) => functionNodeOf(model, ids)),
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
