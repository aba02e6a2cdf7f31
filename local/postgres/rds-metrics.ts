/** What RDS publishes in CloudWatch of a database and of a proxy. Source: RDS user guide, "Monitoring", read November 2026. */
import type { MetricBatch } from '../process/messages.ts';
import type { Front } from './front.ts';

const namespace = 'AWS/RDS';

const batch = (
  name: string,
  dimensions: Readonly<Record<string, string>>,
  values: readonly number[],
  timestampMs: number,
  unit = 'Count',
): MetricBatch => ({ namespace, name, dimensions, unit, values, timestampMs });

/** `connections`: at most at once since the last time. */
export const databaseBatches = (connections: number, name: string, timestampMs: number): MetricBatch[] => [
  batch('DatabaseConnections', { DBInstanceIdentifier: name }, [connections], timestampMs),
];

export function proxyBatches(front: Front, name: string, timestampMs: number): MetricBatch[] {
  const { pool } = front;
  if (pool === null) return [];
  const waits = pool.takeWaits();
  const of = (metric: string, values: readonly number[], unit?: string) =>
    batch(metric, { ProxyName: name }, values, timestampMs, unit);
  return [
    of('ClientConnections', [front.clients.takeMost()]),
    of('DatabaseConnections', [pool.open.takeMost()]),
    of('DatabaseConnectionsCurrentlyBorrowed', [pool.borrowed.takeMost()]),
    of('DatabaseConnectionsCurrentlySessionPinned', [front.pinned]),
    of('MaxDatabaseConnectionsAllowed', [pool.most]),
    ...(waits.length > 0 ? [of('DatabaseConnectionsBorrowLatency', waits, 'Microseconds')] : []),
  ];
}
