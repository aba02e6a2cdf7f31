/** The first process of the local target: starts the others, and ends them all if one ends or its parent is gone. */

import { checkReservedConcurrency } from '../aws/reserved-concurrency.ts';
import { localAccountId } from './account.ts';
import type { SetFault } from './interference/faults.ts';
import { runChild } from './process/child.ts';
import type {
  DynamodbConfiguration,
  GatewayConfiguration,
  GatewayReady,
  MetricBatch,
  PostgresConfiguration,
  PostgresReady,
  ServersConfiguration,
  ServersReady,
  ServiceReady,
  SqsConfiguration,
  SupervisorConfiguration,
  SupervisorReady,
} from './process/messages.ts';
import { killAfterMsOf, SpawnedPart } from './process/spawned-part.ts';
import { scaleStack } from './quota/scale-stack.ts';
import { modelOf } from './resolved-model.ts';
import type { ServerModels } from './template/servers/server-model.ts';
import { stackGraphOf } from './template/stack-graph.ts';
import { readStackModel } from './template/stack-model.ts';

runChild<SupervisorConfiguration, SupervisorReady>(
  async (configuration, report) => {
    const { stackName, region, input } = configuration;
    const { ports, gatewayProcesses, limits, logFolder, interference: chosen, notices, watch } = configuration;
    const parts: SpawnedPart<unknown>[] = [];
    let stopping = false;
    const stop = async () => {
      stopping = true;
      await Promise.all(parts.map((part) => part.stop()));
    };
    const spawnPart = <Configuration, Ready>(
      name: string,
      entry: string,
      configuration: Configuration,
      onMetrics?: (batches: readonly MetricBatch[]) => void,
    ) => {
      const part = new SpawnedPart<Ready>({
        name,
        entry,
        configuration,
        logFolder,
        ...(onMetrics && { onMetrics }),
        onSpreadFaults: (faults) => void spreadFaults(faults),
        onNotices: (noticed) => report({ kind: 'notices', notices: noticed }),
        killAfterMs: name === 'gateway' ? killAfterMsOf.gateway : undefined,
        onKilled: (killed) => {
          console.error(`The process ${killed} did not end, and was killed.`);
          report({ kind: 'killed', name: killed });
        },
      });
      parts.push(part);
      void part.exited.then(async ({ reason, port }) => {
        if (stopping) return;
        console.error(reason);
        report({ kind: 'failed', reason, port });
        await stop();
        process.exit(1);
      });
      return part;
    };

    const spreadFaults = async (faults: readonly SetFault[]) => {
      // The gateway last: it answers the request that set them, and by then every process has them.
      await Promise.all(parts.filter((part) => part !== gateway).map((part) => part.setFaults(faults)));
      await gateway?.setFaults(faults);
    };

    /** Null: the stack has none. */
    const startServers = async (
      { balancers, services, caches }: ServerModels,
      { dynamodb: dynamodbUrl, sqs: sqsUrl, cloudwatch: awsUrl }: GatewayReady['endpoints'],
      databaseAddresses: Readonly<Record<string, string>>,
    ): Promise<ServersReady | null> => {
      if (balancers.length + services.length === 0) return null;
      const endpoints = { dynamodbUrl, sqsUrl, awsUrl };
      const configuration = {
        balancers,
        services,
        caches,
        region,
        endpoints,
        databaseAddresses,
        port: ports.gateway,
        logFolder,
        interference,
      };
      return await spawnPart<ServersConfiguration, ServersReady>(
        'servers',
        'servers/servers.main',
        configuration,
        forward,
      ).ready;
    };

    // Faults are set once everything is up: nothing fails during the start, and their start counts from there.
    const interference = { ...chosen, faults: [] };
    const accountId = localAccountId;
    const common = { input, stackName, region, accountId };
    // Read here for tables and queues, and so that an unsupported template is refused before anything starts.
    const stack = readStackModel({ ...common, sqsUrl: 'http://not-yet', gatewayAddress: 'not-yet' });
    const scaled = scaleStack(stack, limits.quotaScale);
    checkReservedConcurrency(scaled.functions, limits);
    let gateway: SpawnedPart<GatewayReady> | null = null;
    const forward = (batches: readonly MetricBatch[]) => gateway?.sendMetrics(batches);
    const dynamodb = spawnPart<DynamodbConfiguration, ServiceReady>(
      'dynamodb',
      'dynamodb/dynamodb.main',
      { port: ports.dynamodb, region, accountId, tables: stack.tables, limits, interference },
      forward,
    );
    const sqs = spawnPart<SqsConfiguration, ServiceReady>(
      'sqs',
      'sqs/sqs.main',
      { port: ports.sqs, region, queues: stack.queues, limits, interference },
      forward,
    );
    const { databases, databaseProxies: proxies } = scaled;
    const postgres =
      databases.length > 0
        ? spawnPart<PostgresConfiguration, PostgresReady>(
            'postgres',
            'postgres/postgres.main',
            { databases, proxies, failoverMs: limits.databaseFailoverMs, interference },
            forward,
          )
        : null;
    const [{ url: dynamodbUrl }, { url: sqsUrl }, database] = await Promise.all([
      dynamodb.ready,
      sqs.ready,
      postgres?.ready,
    ]);
    gateway = spawnPart<GatewayConfiguration, GatewayReady>('gateway', 'gateway/gateway.main', {
      ...common,
      // Where the stack has a load balancer, clients come there.
      ports: { gateway: stack.balancers.length > 0 ? 0 : ports.gateway, aws: ports.aws },
      gatewayProcesses,
      dynamodbUrl,
      sqsUrl,
      ...(database && { databaseAddresses: database.addresses }),
      limits,
      logFolder,
      interference,
      notices,
      watch,
    });
    const asMade = readStackModel({ ...common, sqsUrl, gatewayAddress: null });
    const graph = stackGraphOf(asMade, sqsUrl);
    const ofGateway = await gateway.ready;
    const servers = await startServers(asMade, ofGateway.endpoints, database?.addresses ?? {});
    const served = { ...ofGateway, outputs: withBalancers(ofGateway.outputs, servers) };
    await spreadFaults(chosen.faults.map((fault) => ({ ...fault, setAtMs: Date.now() })));
    return {
      ready: {
        ...served,
        stackName,
        region,
        accountId,
        leftOut: stack.leftOut,
        warnings: stack.warnings,
        graph,
        model: {
          ...modelOf(limits, chosen, servers?.cache ?? null),
          ...(database && { databases: [...database.servers] }),
        },
        processIds: [
          ...[process.pid, ...parts.map(({ pid }) => pid), ...served.processIds],
          ...[...(database?.processIds ?? []), ...(servers?.processIds ?? [])],
        ],
      },
      stop,
      silentParts: async (limitMs) => (await Promise.all(parts.map((part) => part.silentParts(limitMs)))).flat(),
    };
  },
  { stopLimitMs: killAfterMsOf.supervisor - 1_000 },
);

/** URLs of load balancers are those of this machine, which has no TLS. */
function withBalancers(
  outputs: Readonly<Record<string, string>>,
  servers: ServersReady | null,
): Record<string, string> {
  const localized = (text: string) =>
    (servers?.addresses ?? []).reduce(
      (url, { dnsName, address }) =>
        url
          .replaceAll(`wss://${dnsName}`, `ws://${address}`)
          .replaceAll(`https://${dnsName}`, `http://${address}`)
          .replaceAll(dnsName, address),
      text,
    );
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, localized(value)]));
}
