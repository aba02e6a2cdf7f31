/** Admits accesses, charges them, and counts both: holds the capacity of every table and index. */
import type { Access } from './accesses.ts';
import type { CapacityLimits } from './capacity-limits.ts';
import type { IndexDescription, Store, TableDescription } from './dynalite-store.ts';
import { ResourceCapacity, type ThroughputMode } from './resource-capacity.ts';
import type { ResourceName, TableMetrics } from './table-metrics.ts';
import type { Throttle } from './throttle-error.ts';

export interface CapacityGateSettings {
  store: Store;
  metrics: TableMetrics;
  limits: CapacityLimits & { quotaScale?: number };
  /** Monotonic. */
  nowMs: () => number;
}

/** Units/s from the template that CreateTable does not accept: `OnDemandThroughput` of a table. */
export type OnDemandMaximum = Extract<ThroughputMode, { kind: 'onDemand' }>['maximum'];

export class CapacityGate {
  #settings: CapacityGateSettings;
  #capacities = new Map<string, ResourceCapacity>();
  #maximums = new Map<string, OnDemandMaximum>();

  constructor(settings: CapacityGateSettings) {
    this.#settings = settings;
  }

  setMaximum(tableName: string, maximum: OnDemandMaximum): void {
    this.#maximums.set(tableName, maximum);
  }

  /** After a table was created, changed or deleted: its next request uses its new throughput. */
  forget(tableName: string): void {
    for (const key of this.#capacities.keys()) {
      if (key === tableName || key.startsWith(`${tableName}/`)) this.#capacities.delete(key);
    }
  }

  /** The refusal of these accesses, counted; or none, in which case their known cost is charged. */
  admit(table: TableDescription, accesses: readonly Access[]): Throttle[] {
    const nowMs = this.#settings.nowMs();
    const throttles: Throttle[] = [];
    for (const { resource, direction, partitionKey, units } of accesses) {
      const capacity = this.#capacityOf(table, resource, nowMs);
      const refusal = capacity.refusal(direction, partitionKey, units, nowMs);
      if (refusal === null) continue;
      this.#settings.metrics.throttleEvent(direction, resource, refusal);
      const index = indexOf(table, resource);
      const arn = index ? (index.IndexArn ?? `${table.TableArn}/index/${index.IndexName}`) : table.TableArn;
      throttles.push({ direction, refusal, mode: capacity.mode, resource: index ? 'Index' : 'Table', arn });
    }
    if (throttles.length === 0) for (const access of accesses) this.#charge(table, access, access.units, nowMs);
    return throttles;
  }

  /** Charges the difference from the cost known in advance, and counts the total. */
  settle(table: TableDescription, access: Access, units: number): void {
    this.#charge(table, access, units - access.units, this.#settings.nowMs());
    if (units > 0) this.#settings.metrics.consumed(access.direction, access.resource, units);
  }

  #charge(table: TableDescription, access: Access, units: number, nowMs: number): void {
    if (units === 0) return;
    this.#capacityOf(table, access.resource, nowMs).charge(access.direction, access.partitionKey, units, nowMs);
  }

  #capacityOf(table: TableDescription, resource: ResourceName, nowMs: number): ResourceCapacity {
    const key = resource.indexName === null ? table.TableName : `${table.TableName}/${resource.indexName}`;
    const known = this.#capacities.get(key);
    if (known) return known;
    const made = new ResourceCapacity(this.#modeOf(table, resource), this.#settings.limits, nowMs);
    this.#capacities.set(key, made);
    return made;
  }

  #modeOf(table: TableDescription, resource: ResourceName): ThroughputMode {
    const { quotaScale = 1 } = this.#settings.limits;
    const units = (indexOf(table, resource) ?? table).ProvisionedThroughput;
    if (table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST' || !units) {
      const { read = null, write = null } =
        resource.indexName === null ? (this.#maximums.get(table.TableName) ?? {}) : {};
      const scaled = (maximum: number | null) => (maximum === null ? null : maximum * quotaScale);
      return { kind: 'onDemand', maximum: { read: scaled(read), write: scaled(write) } };
    }
    const { ReadCapacityUnits, WriteCapacityUnits } = units;
    return {
      kind: 'provisioned',
      units: { read: ReadCapacityUnits * quotaScale, write: WriteCapacityUnits * quotaScale },
    };
  }
}

function indexOf(table: TableDescription, { indexName }: ResourceName): IndexDescription | undefined {
  return indexName === null
    ? undefined
    : table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === indexName);
}
