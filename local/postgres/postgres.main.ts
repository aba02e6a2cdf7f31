/** The process that serves RDS for PostgreSQL: a real server for each database of the stack, and what stands in front of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { reservedConnections } from '../../aws/rds-instances.ts';
import { startInterference } from '../interference/interference.ts';
import { runChild } from '../process/child.ts';
import { listen, localHost } from '../process/listen.ts';
import type { MetricBatch, PostgresConfiguration, PostgresReady } from '../process/messages.ts';
import { ProcessorTime } from '../process/processor-time.ts';
import { StandstillWatch } from '../process/standstill.ts';
import { refusalDimension, refusalMetric } from '../quota/refusals.ts';
import type { DatabaseModel } from '../template/model.ts';
import { neededBinaries } from './binaries.ts';
import { DatabaseServer } from './database-server.ts';
import { Front } from './front.ts';
import { Gauge } from './gauge.ts';
import { databaseBatches, proxyBatches } from './rds-metrics.ts';

/** How often it is looked whether a database is to fail over. */
const lookMs = 100;

runChild<PostgresConfiguration, PostgresReady>(async (configuration, report) => {
  const { databases, proxies, failoverMs } = configuration;
  const binaries = neededBinaries();
  const interference = startInterference(configuration.interference, 'postgres');
  const standstill = new StandstillWatch();
  const processor = new ProcessorTime();
  const servers = new Map<string, DatabaseServer>();
  const fronts: { front: Front; database: DatabaseModel; proxy: PostgresConfiguration['proxies'][number] | null }[] =
    [];
  const addresses: Record<string, string> = {};
  const refused = new Map<string, number>();
  const connectionsOf = new Map<string, Gauge>();
  let stopping = false;
  /** Those that fail over now. */
  const away = new Set<string>();

  const startServer = async (database: DatabaseModel) => {
    const server = await DatabaseServer.start({
      ...{ binaries, maxConnections: database.maxConnections, owner: database.owner, database: database.database },
      onLog: (text) => process.stdout.write(text),
      onCrash: () => void recover(database),
    });
    servers.set(database.logicalId, server);
  };
  const recover = async ({ logicalId, name }: DatabaseModel) => {
    console.error(`The database ${name} has ended. It is started again, with what was committed.`);
    if (away.has(logicalId)) while (away.has(logicalId) && !stopping) await sleep(lookMs);
    else await sleep(failoverMs);
    if (!stopping) await servers.get(logicalId)?.restart();
    if (!stopping) console.error(`The database ${name} answers again.`);
  };
  const open = async (database: DatabaseModel, proxy: PostgresConfiguration['proxies'][number] | null) => {
    const { logicalId, maxConnections } = database;
    const connections = connectionsOf.get(logicalId) ?? new Gauge();
    connectionsOf.set(logicalId, connections);
    const front = new Front({
      connections,
      socketPath: () => servers.get(logicalId)?.socketPath ?? '',
      proxy: proxy && {
        most: Math.max(1, Math.floor(((maxConnections - reservedConnections) * proxy.mostPercent) / 100)),
        borrowTimeoutMs: proxy.borrowTimeoutMs,
      },
      nowMs: Date.now,
      onRefused: () => refused.set(logicalId, (refused.get(logicalId) ?? 0) + 1),
    });
    addresses[(proxy ?? database).host] = `${localHost}:${await listen(front.server, 0, 'postgres')}`;
    fronts.push({ front, database, proxy });
  };

  const interfere = () => {
    for (const { logicalId, name } of databases) {
      const way = interference.failover(logicalId);
      const isAway = way !== null;
      if (isAway === away.has(logicalId)) continue;
      if (isAway) away.add(logicalId);
      else away.delete(logicalId);
      console.error(`The database ${name} ${isAway ? 'fails over' : 'has failed over, and answers again'}.`);
      for (const { front, database } of fronts) if (database.logicalId === logicalId) front.setAway(isAway);
      const pid = servers.get(logicalId)?.pid;
      if (way === 'kill' && pid) kill(pid);
    }
  };

  await Promise.all(databases.map(startServer));
  for (const database of databases) {
    await open(database, null);
    for (const proxy of proxies) if (proxy.database === database.logicalId) await open(database, proxy);
  }
  const batchesOf = (timestampMs: number): MetricBatch[] => {
    const all = fronts.flatMap(({ front, database, proxy }) =>
      proxy
        ? proxyBatches(front, proxy.name, timestampMs)
        : databaseBatches(connectionsOf.get(database.logicalId)?.takeMost() ?? 0, database.name, timestampMs),
    );
    const refusals = [...refused].map(([logicalId, count]) => {
      const dimensions = { Quota: refusalDimension('databaseConnections', logicalId) };
      // From now on it says 0 too.
      refused.set(logicalId, 0);
      return { ...refusalMetric, namespace: refusalMetric.namespace, dimensions, timestampMs, values: [count] };
    });
    return [...all, ...refusals];
  };
  const timer = setInterval(() => {
    const nowMs = Date.now();
    const own = [...interference.drain(nowMs), ...standstill.drain(nowMs), processor.drain(nowMs)];
    report({ kind: 'metrics', batches: [...batchesOf(nowMs), ...own] });
  }, 1_000);
  const looks = setInterval(interfere, lookMs);
  return {
    ready: {
      addresses,
      servers: databases.map(({ logicalId, maxConnections }) => ({
        ...{ id: logicalId, maxConnections, source: binaries.source },
        version: servers.get(logicalId)?.version ?? '',
        proxied: proxies.some(({ database }) => database === logicalId),
      })),
      processIds: [...servers.values()].map(({ pid }) => pid),
    },
    onFaults(faults) {
      interference.setFaults(faults);
      interfere();
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      clearInterval(looks);
      interference.close();
      standstill.close();
      for (const { front } of fronts) front.close();
      await Promise.all([...servers.values()].map((server) => server.stop()));
    },
  };
});

/** Its own processes end when they see it gone. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
