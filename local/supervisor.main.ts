/** The first process of the local target: starts the others, and ends them all when one ends or when its parent is gone. */

import { runChild } from './process/child.ts';
import type {
  DynamodbConfiguration,
  GatewayConfiguration,
  GatewayReady,
  MetricBatch,
  ServiceReady,
  SqsConfiguration,
  SupervisorConfiguration,
  SupervisorReady,
} from './process/messages.ts';
import { SpawnedPart } from './process/spawned-part.ts';
import { limitNotes } from './quota/notes.ts';
import { synthesizeApart } from './synthesize-apart.ts';
import { readStackModel } from './template/stack-model.ts';

/** AWS has no account of zeros; fauxqs knows no other. */
const accountId = '000000000000';

runChild<SupervisorConfiguration, SupervisorReady>(
  async ({ settings, assembly: given, ports, limits, logFolder }, report) => {
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
      const part = new SpawnedPart<Ready>({ name, entry, configuration, logFolder, ...(onMetrics && { onMetrics }) });
      parts.push(part);
      void part.exited.then(async ({ reason }) => {
        if (stopping) return;
        console.error(reason);
        report({ kind: 'failed', reason });
        await stop();
        process.exit(1);
      });
      return part;
    };

    const { region, stackName } = settings;
    const assembly = given ?? (await synthesizeApart(settings));
    const common = { ...assembly, stackName, region, accountId };
    // Read here for tables and queues, and so that a template that cannot be served is refused before anything starts.
    const stack = readStackModel({ ...common, sqsUrl: 'http://not-yet', gatewayAddress: 'not-yet' });
    let gateway: SpawnedPart<GatewayReady> | null = null;
    const forward = (batches: readonly MetricBatch[]) => gateway?.sendMetrics(batches);
    const dynamodb = spawnPart<DynamodbConfiguration, ServiceReady>(
      'dynamodb',
      'dynamodb/dynamodb.main',
      { port: ports.dynamodb, tables: stack.tables },
      forward,
    );
    const sqs = spawnPart<SqsConfiguration, ServiceReady>(
      'sqs',
      'sqs/sqs.main',
      { port: ports.sqs, region, queues: stack.queues },
      forward,
    );
    const [{ url: dynamodbUrl }, { url: sqsUrl }] = await Promise.all([dynamodb.ready, sqs.ready]);
    gateway = spawnPart<GatewayConfiguration, GatewayReady>('gateway', 'gateway/gateway.main', {
      ...common,
      ports: { gateway: ports.gateway, aws: ports.aws },
      dynamodbUrl,
      sqsUrl,
      limits,
      logFolder,
    });
    const target = await gateway.ready;
    const notes = [...(target.notes ?? []), ...limitNotes(limits)];
    return {
      ready: {
        ...target,
        ...(notes.length > 0 && { notes }),
        processIds: [process.pid, ...parts.map(({ pid }) => pid)],
      },
      stop,
    };
  },
);
