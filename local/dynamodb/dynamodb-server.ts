/** DynamoDB in this process: the stack's tables, an HTTP server that is not yet listening, and its metrics. */
import { createServer, type Server } from 'node:http';
import { compose, type Layer } from '../process/compose.ts';
import { refuseForeign } from '../process/foreign-requests.ts';
import type { DynamodbConfiguration, MetricBatch } from '../process/messages.ts';
import type { TableModel } from '../template/model.ts';
import type { FailsEntry } from './batch-request.ts';
import { type Json, Store } from './dynalite-store.ts';
import { createDynamodbListener } from './dynamodb-listener.ts';
import { DynamodbService } from './dynamodb-service.ts';
import { answerStreams, isStreamsOperation } from './streams/streams-api.ts';
import { TableStream } from './streams/table-stream.ts';
import { TableMetrics } from './table-metrics.ts';
import { TimeToLive } from './time-to-live.ts';

const sweepEveryMs = 1_000;

export interface DynamodbServer {
  server: Server;
  /** Metrics gathered since the last call. */
  drainMetrics: (timestampMs: number) => MetricBatch[];
  stop: () => void;
}

export interface DynamodbServerSettings
  extends Pick<DynamodbConfiguration, 'region' | 'accountId' | 'tables' | 'limits'> {
  /** Latency that a profile adds to an operation that no quota refused. */
  latencyMs?: (operation: string) => number;
  failsEntry?: FailsEntry;
  /** Layers in front of its listener. */
  layers?: readonly Layer[];
  /** The clock of its capacity, in ms. */
  nowMs?: () => number;
}

/** @throws one sentence for a table that DynamoDB would refuse. */
export async function createDynamodbServer({
  region,
  accountId,
  tables,
  limits,
  latencyMs,
  failsEntry,
  layers = [],
  nowMs = () => performance.now(),
}: DynamodbServerSettings): Promise<DynamodbServer> {
  const store = new Store({ region, accountId });
  const metrics = new TableMetrics();
  const timeToLive = new TimeToLive({ store, metrics, delayMs: limits.dynamodbTimeToLiveDelayMs });
  const service = new DynamodbService({
    store,
    metrics,
    timeToLive,
    limits,
    latencyMs,
    failsEntry,
    nowMs,
  });
  const streams = streamsOf(tables, region);
  store.changes.listen((change) => {
    const table = store.table(change.tableName);
    const stream = streams.find(({ tableName }) => tableName === change.tableName);
    if (stream && table) stream.put(change, table, Date.now());
  });
  for (const table of tables) await createTable(table, service, timeToLive);
  metrics.drain(0);
  const server = createServer(
    { keepAliveTimeout: 75_000 },
    compose(
      [refuseForeign('tools'), ...layers],
      createDynamodbListener({
        handle: async (operation, body, caller) =>
          isStreamsOperation(operation)
            ? await answerStreams(operation, body, { streams, mayWait: caller === 'platform' })
            : await service.handle(operation, body, caller),
        onUserError: () => metrics.userError(),
      }),
    ),
  );
  const timer = setInterval(() => {
    timeToLive.sweep(Date.now()).catch((error) => console.error('Time to live:', error));
  }, sweepEveryMs);
  return {
    server,
    drainMetrics: (timestampMs) => metrics.drain(timestampMs),
    stop() {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A table has as many shards as partitions: a new on-demand table has four (developer guide, read November 2026). */
const onDemandShards = 4;

function streamsOf(tables: readonly TableModel[], region: string): TableStream[] {
  return tables.flatMap(({ tableName, createTable, stream }) => {
    if (stream === null) return [];
    const shards = createTable.BillingMode === 'PAY_PER_REQUEST' ? onDemandShards : 1;
    return [new TableStream({ ...stream, tableName, region, shards })];
  });
}

/** As CloudFormation does: template properties that CreateTable does not accept are set afterwards. */
async function createTable({ tableName, createTable }: TableModel, service: DynamodbService, timeToLive: TimeToLive) {
  const { TimeToLiveSpecification, OnDemandThroughput, ...parameters } = createTable;
  const { status, body } = await service.handle('CreateTable', structuredClone(parameters));
  if (status !== 200) throw new Error(`DynamoDB refused the table ${tableName}: ${JSON.stringify(body)}`);
  const { AttributeName, Enabled } = (TimeToLiveSpecification ?? {}) as Json;
  if (String(Enabled) === 'true') timeToLive.enable(tableName, String(AttributeName));
  const { MaxReadRequestUnits, MaxWriteRequestUnits } = (OnDemandThroughput ?? {}) as Json;
  // For AWS, -1 means no maximum.
  const unitsOf = (value: unknown) => (value === undefined || Number(value) < 0 ? null : Number(value));
  service.gate.setMaximum(tableName, { read: unitsOf(MaxReadRequestUnits), write: unitsOf(MaxWriteRequestUnits) });
}
