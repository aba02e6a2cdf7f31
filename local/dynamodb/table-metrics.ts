/** AWS/DynamoDB metrics, and the refusals of this target's quotas, gathered for a second and passed on in batches. */
import type { QuotaId } from '../../aws/quotas/table.ts';
import type { MetricBatch } from '../process/messages.ts';
import { refusalDimension, refusalMetric } from '../quota/refusals.ts';
import type { Direction } from './capacity-limits.ts';
import type { Refusal } from './resource-capacity.ts';

const namespace = 'AWS/DynamoDB';

/** A table, or one of its global secondary indexes. */
export interface ResourceName {
  tableName: string;
  indexName: string | null;
}

export class TableMetrics {
  #values = new Map<string, Omit<MetricBatch, 'timestampMs'> & { values: number[] }>();

  consumed(direction: Direction, { tableName, indexName }: ResourceName, units: number): void {
    const name = direction === 'read' ? 'ConsumedReadCapacityUnits' : 'ConsumedWriteCapacityUnits';
    this.#add(name, resourceDimensions({ tableName, indexName }), units);
  }

  succeeded(operation: string, tableName: string, latencyMs: number): void {
    const dimensions = { TableName: tableName, Operation: operation };
    this.#add('SuccessfulRequestLatency', dimensions, latencyMs, 'Milliseconds');
  }

  /** Items returned by a Query or Scan, after its filter. */
  returned(tableName: string, items: number): void {
    this.#add('ReturnedItemCount', { TableName: tableName }, items);
  }

  conditionFailed(tableName: string): void {
    this.#add('ConditionalCheckFailedRequests', { TableName: tableName }, 1);
  }

  /** One refused read or write of an item. A request may have several. */
  throttleEvent(direction: Direction, resource: ResourceName, refusal: Refusal): void {
    this.#add(direction === 'read' ? 'ReadThrottleEvents' : 'WriteThrottleEvents', resourceDimensions(resource), 1);
    const named = resource.indexName === null ? resource.tableName : `${resource.tableName}/${resource.indexName}`;
    const Quota = refusalDimension(quotaOf(refusal, direction), named);
    this.#add(refusalMetric.name, { Quota }, 1, refusalMetric.unit, refusalMetric.namespace);
  }

  /** A request that was refused as a whole. */
  throttledRequest(tableName: string, operation: string): void {
    this.#add('ThrottledRequests', { TableName: tableName, Operation: operation }, 1);
  }

  systemError(tableName: string, operation: string): void {
    this.#add('SystemErrors', { TableName: tableName, Operation: operation }, 1);
  }

  userError(): void {
    this.#add('UserErrors', {}, 1);
  }

  timeToLiveDeleted(tableName: string, items: number): void {
    this.#add('TimeToLiveDeletedItemCount', { TableName: tableName }, items);
  }

  /** Metrics gathered since the last call. */
  drain(timestampMs: number): MetricBatch[] {
    const batches = [...this.#values.values()].map((entry) => ({ timestampMs, ...entry }));
    this.#values.clear();
    return batches;
  }

  #add(
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit = 'Count',
    space = namespace,
  ): void {
    const key = `${name}\n${Object.values(dimensions).join('\n')}`;
    const entry = this.#values.get(key);
    if (entry) entry.values.push(value);
    else this.#values.set(key, { namespace: space, name, unit, dimensions, values: [value] });
  }
}

/** The quota that refused; an index has the same quotas as a table. */
function quotaOf({ scope, limit }: Refusal, direction: Direction): QuotaId {
  if (scope === 'partition') return direction === 'read' ? 'dynamodbPartitionRead' : 'dynamodbPartitionWrite';
  switch (limit) {
    case 'ProvisionedThroughputExceeded':
      return direction === 'read' ? 'dynamodbProvisionedRead' : 'dynamodbProvisionedWrite';
    case 'AccountLimitExceeded':
      return direction === 'read' ? 'dynamodbTableRead' : 'dynamodbTableWrite';
    case 'KeyRangeThroughputExceeded':
      return direction === 'read' ? 'dynamodbOnDemandRead' : 'dynamodbOnDemandWrite';
    case 'MaxOnDemandThroughputExceeded':
      return direction === 'read' ? 'dynamodbMaximumRead' : 'dynamodbMaximumWrite';
  }
}

function resourceDimensions({ tableName, indexName }: ResourceName): Record<string, string> {
  if (indexName === null) return { TableName: tableName };
  return { TableName: tableName, GlobalSecondaryIndexName: indexName };
}
