/** AWS/DynamoDB metrics, gathered for a second and handed on in batches. */
import type { MetricBatch } from '../process/messages.ts';

const namespace = 'AWS/DynamoDB';
const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan']);
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

export interface Consumed {
  tableName: string;
  capacityUnits: number;
}

/** Whether an operation reads or writes items, and so consumes capacity. */
export function isMetered(operation: string): boolean {
  return reads.has(operation) || writes.has(operation);
}

export class TableMetrics {
  #values = new Map<string, { name: string; unit: string; dimensions: Record<string, string>; values: number[] }>();

  succeeded(operation: string, consumed: readonly Consumed[], latencyMs: number): void {
    const name = reads.has(operation) ? 'ConsumedReadCapacityUnits' : 'ConsumedWriteCapacityUnits';
    for (const { tableName, capacityUnits } of consumed) {
      this.#add(name, 'Count', { TableName: tableName }, capacityUnits);
      this.#add('SuccessfulRequestLatency', 'Milliseconds', { TableName: tableName, Operation: operation }, latencyMs);
    }
  }

  /** A condition that fails still consumes write capacity: one unit here, though AWS counts the item's size. */
  conditionFailed(tableName: string): void {
    this.#add('ConditionalCheckFailedRequests', 'Count', { TableName: tableName }, 1);
    this.#add('ConsumedWriteCapacityUnits', 'Count', { TableName: tableName }, 1);
  }

  userError(): void {
    this.#add('UserErrors', 'Count', {}, 1);
  }

  /** What came together since the last call. */
  drain(timestampMs: number): MetricBatch[] {
    const batches = [...this.#values.values()].map((entry) => ({ namespace, timestampMs, ...entry }));
    this.#values.clear();
    return batches;
  }

  #add(name: string, unit: string, dimensions: Record<string, string>, value: number): void {
    const key = `${name} ${dimensions.TableName} ${dimensions.Operation}`;
    const entry = this.#values.get(key);
    if (entry) entry.values.push(value);
    else this.#values.set(key, { name, unit, dimensions, values: [value] });
  }
}
