/** What each resource of the stack did in the run, by its logical id: any number of APIs, functions, queues and tables. */
import { type Cause, causesOf } from '../../graph/causes.ts';
import type { StackGraph } from '../../graph/model.ts';
import type { Observation } from '../../record/observation.ts';
import { maxOfSeries, numberOf, resourceIds, sumOfSeries, weightedMean } from './series.ts';

/** Every figure is null where CloudWatch had no data. Of an API with several stages `id` is `<id>:<stage>`, of an index `<table>:<index>`. */
export interface ResourceUse {
  webSocketApis: { id: string; connects: number | null; messages: number | null; errors: number | null }[];
  httpApis: {
    id: string;
    requests: number | null;
    clientErrors: number | null;
    serverErrors: number | null;
    p99Ms: number | null;
  }[];
  functions: FunctionUse[];
  queues: {
    id: string;
    sent: number | null;
    received: number | null;
    deleted: number | null;
    mostVisible: number | null;
    oldestSeconds: number | null;
  }[];
  /** Absent: the stack has none. */
  topics?: {
    id: string;
    published: number | null;
    /** To each subscription by itself. */
    delivered: number | null;
    failed: number | null;
    filteredOut: number | null;
  }[];
  /** Events that a rule matched, of each bus. Absent: the stack has none. */
  eventBuses?: { id: string; matched: number | null }[];
  rules?: {
    id: string;
    matched: number | null;
    /** Of each target by itself. */
    invocations: number | null;
    failed: number | null;
    throttled: number | null;
  }[];
  tables: {
    id: string;
    readUnits: number | null;
    writeUnits: number | null;
    throttledReads: number | null;
    throttledWrites: number | null;
  }[];
  /** Absent: the stack has none. */
  loadBalancers?: {
    id: string;
    requests: number | null;
    newConnections: number | null;
    /** On both sides: about two for each WebSocket. */
    mostActiveConnections: number | null;
    processedBytes: number | null;
    /** Answers with 5xx, by tasks and by the load balancer itself. */
    serverErrors: number | null;
    ownErrors: number | null;
  }[];
  services?: ServiceUse[];
  databases: {
    id: string;
    /** At most at once, as the database counts them; `maxConnections`: as many as it takes. */
    connections: number | null;
    maxConnections: number | null;
    /** Clients of the proxy in front of it, and connections that it had lent, at most at once. */
    proxyClients: number | null;
    proxyBorrowed: number | null;
  }[];
}

interface ServiceUse {
  id: string;
  tasks: number | null;
  /** Of what a task has, over the run, and in its busiest second. */
  meanCpuPercent: number | null;
  mostCpuPercent: number | null;
  mostMemoryPercent: number | null;
  /** Of all tasks; of this machine only. */
  cpuSeconds: number | null;
  mostMemoryBytes: number | null;
}

interface FunctionUse {
  id: string;
  /** The kinds of load that can have caused its invocations, by the arrows of the stack. */
  causes: Cause[];
  invocations: number | null;
  errors: number | null;
  throttles: number | null;
  meanMs: number | null;
  p99Ms: number | null;
  maxConcurrency: number | null;
}

/** Null where nothing of the inside was asked for. */
export function resourceUseOf(
  { server }: Pick<Observation, 'server'>,
  graph: StackGraph | undefined,
): ResourceUse | null {
  if (server.series.length === 0) return null;
  const causes = graph === undefined ? new Map<string, Cause[]>() : causesOf(graph);
  const sum = (key: string) => numberOf(sumOfSeries(server, key));
  const max = (key: string) => numberOf(maxOfSeries(server, key));
  return {
    webSocketApis: resourceIds(server, 'apigateway', 'connectCount.sum').map((id) => ({
      id,
      connects: sum(`apigateway.${id}.connectCount.sum`),
      messages: sum(`apigateway.${id}.messageCount.sum`),
      errors: sum(`apigateway.${id}.integrationError.sum`),
    })),
    httpApis: resourceIds(server, 'apigateway', 'count.sum').map((id) => ({
      id,
      requests: sum(`apigateway.${id}.count.sum`),
      clientErrors: sum(`apigateway.${id}.4xx.sum`),
      serverErrors: sum(`apigateway.${id}.5xx.sum`),
      p99Ms: max(`apigateway.${id}.latency.p99.window`),
    })),
    functions: resourceIds(server, 'lambda', 'invocations.sum').map((id) => ({
      id,
      causes: causes.get(id) ?? [],
      invocations: sum(`lambda.${id}.invocations.sum`),
      errors: sum(`lambda.${id}.errors.sum`),
      throttles: sum(`lambda.${id}.throttles.sum`),
      meanMs:
        max(`lambda.${id}.duration.avg.window`) ??
        numberOf(weightedMean(server, `lambda.${id}.duration.avg`, `lambda.${id}.invocations.sum`)),
      p99Ms: max(`lambda.${id}.duration.p99.window`),
      maxConcurrency: max(`lambda.${id}.concurrentExecutions.max`),
    })),
    queues: resourceIds(server, 'sqs', 'visible.max').map((id) => ({
      id,
      sent: sum(`sqs.${id}.sent.sum`),
      received: sum(`sqs.${id}.received.sum`),
      deleted: sum(`sqs.${id}.deleted.sum`),
      mostVisible: max(`sqs.${id}.visible.max`),
      oldestSeconds: max(`sqs.${id}.oldestAgeSeconds.max`),
    })),
    ...(graph?.topics && {
      topics: resourceIds(server, 'sns', 'published.sum').map((id) => ({
        id,
        published: sum(`sns.${id}.published.sum`),
        delivered: sum(`sns.${id}.delivered.sum`),
        failed: sum(`sns.${id}.failed.sum`),
        filteredOut: sum(`sns.${id}.filteredOut.sum`),
      })),
    }),
    ...(graph?.eventBuses && {
      eventBuses: resourceIds(server, 'events', 'matched.sum').map((id) => ({
        id,
        matched: sum(`events.${id}.matched.sum`),
      })),
    }),
    ...(graph?.rules && {
      rules: resourceIds(server, 'events', 'invocations.sum').map((id) => ({
        id,
        matched: sum(`events.${id}.ruleMatched.sum`),
        invocations: sum(`events.${id}.invocations.sum`),
        failed: sum(`events.${id}.failed.sum`),
        throttled: sum(`events.${id}.throttled.sum`),
      })),
    }),
    tables: resourceIds(server, 'dynamodb', 'consumedRead.sum').map((id) => ({
      id,
      readUnits: sum(`dynamodb.${id}.consumedRead.sum`),
      writeUnits: sum(`dynamodb.${id}.consumedWrite.sum`),
      throttledReads: sum(`dynamodb.${id}.readThrottles.sum`),
      throttledWrites: sum(`dynamodb.${id}.writeThrottles.sum`),
    })),
    ...(graph?.loadBalancers && {
      loadBalancers: resourceIds(server, 'loadBalancer', 'requests.sum').map((id) => ({
        id,
        requests: sum(`loadBalancer.${id}.requests.sum`),
        newConnections: sum(`loadBalancer.${id}.newConnections.sum`),
        mostActiveConnections: max(`loadBalancer.${id}.activeConnections.max`),
        processedBytes: sum(`loadBalancer.${id}.processedBytes.sum`),
        serverErrors: sum(`loadBalancer.${id}.target5xx.sum`),
        ownErrors: sum(`loadBalancer.${id}.own5xx.sum`),
      })),
    }),
    ...(graph?.services && {
      services: resourceIds(server, 'ecs', 'cpuPercent.max').map((id): ServiceUse => {
        const micros = sum(`ecs.${id}.processorMicros.sum`);
        return {
          id,
          tasks: graph.services?.find((service) => service.id === id)?.tasks ?? null,
          meanCpuPercent: max(`ecs.${id}.cpuPercent.avg`),
          mostCpuPercent: max(`ecs.${id}.cpuPercent.max`),
          mostMemoryPercent: max(`ecs.${id}.memoryPercent.max`),
          cpuSeconds: micros === null ? null : micros / 1e6,
          mostMemoryBytes: max(`ecs.${id}.memoryBytes.max`),
        };
      }),
    }),
    databases: resourceIds(server, 'rds', 'connections.max')
      .filter((id) => !id.endsWith('.proxy'))
      .map((id) => ({
        id,
        connections: max(`rds.${id}.connections.max`),
        maxConnections: graph?.databases?.find((database) => database.id === id)?.maxConnections ?? null,
        proxyClients: max(`rds.${id}.proxy.clients.max`),
        proxyBorrowed: max(`rds.${id}.proxy.borrowed.max`),
      })),
  };
}
