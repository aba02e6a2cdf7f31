/** DynamoDB's operations: dynalite's actions with throttling in front and metrics behind. */
import type { Caller } from '../interference/faults.ts';
import { throttleOf } from '../interference/services.ts';
import { type Access, accessOf, type ItemAccess, indexWriteUnits, writeUnits } from './accesses.ts';
import { BatchRequest, type FailsEntry, isBatch } from './batch-request.ts';
import { CapacityGate, type CapacityGateSettings } from './capacity-gate.ts';
import { checkInput, type Item, type Json, type Outcome, runAction, type Store } from './dynalite-store.ts';
import { emptyIndexKey } from './index-keys.ts';
import type { TableMetrics } from './table-metrics.ts';
import { type Throttle, throttleError } from './throttle-error.ts';
import { isTimeToLiveOperation, type TimeToLive } from './time-to-live.ts';
import { isTransaction, Transactions } from './transactions.ts';

const itemOperations = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan']);
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);
const tableOperations = new Set(['CreateTable', 'UpdateTable', 'DeleteTable']);

export interface DynamodbServiceSettings extends CapacityGateSettings {
  timeToLive: TimeToLive;
  /** Latency that a profile adds to an operation that no quota refused. */
  latencyMs?: ((operation: string) => number) | undefined;
  failsEntry?: FailsEntry | undefined;
}

export class DynamodbService {
  readonly gate: CapacityGate;
  #store: Store;
  #transactions: Transactions;
  #metrics: TableMetrics;
  #timeToLive: TimeToLive;
  #nowMs: () => number;
  #latencyMs: (operation: string) => number;
  #failsEntry: FailsEntry;

  constructor(settings: DynamodbServiceSettings) {
    this.gate = new CapacityGate(settings);
    this.#failsEntry = settings.failsEntry ?? (() => false);
    this.#transactions = new Transactions({ ...settings, gate: this.gate, failsEntry: this.#failsEntry });
    this.#store = settings.store;
    this.#metrics = settings.metrics;
    this.#timeToLive = settings.timeToLive;
    this.#nowMs = settings.nowMs;
    this.#latencyMs = settings.latencyMs ?? (() => 0);
  }

  /** One request, with its body parsed and consumed. Never rejects: a defect of an action is an InternalServerError. */
  async handle(operation: string, body: Json, caller: Caller = 'others'): Promise<Outcome> {
    const startedMs = this.#nowMs();
    const tableNames = tablesNamed(operation, body);
    try {
      const outcome = await this.#run(operation, body, caller);
      const latencyMs = outcome.throttled ? 0 : this.#latencyMs(operation);
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      if (outcome.status === 200) {
        for (const name of tableNames) this.#metrics.succeeded(operation, name, this.#nowMs() - startedMs);
        if (tableOperations.has(operation)) this.gate.forget(String(body.TableName));
      }
      return outcome;
    } catch (error) {
      console.error(`DynamoDB ${operation}:`, error);
      for (const name of tableNames) this.#metrics.systemError(name, operation);
      return {
        status: 500,
        body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'Internal server error' },
      };
    }
  }

  async #run(operation: string, body: Json, caller: Caller): Promise<Outcome> {
    if (isTransaction(operation)) return this.#transactions.run(operation, body, caller);
    if (isTimeToLiveOperation(operation)) return this.#counted(this.#timeToLive.handle(operation, body));
    const asked = body.ReturnConsumedCapacity;
    const returnsOld = body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const metered = itemOperations.has(operation) || isBatch(operation);
    // Every action returns its consumed capacity, whether or not the caller asked for it.
    if (metered && (asked === undefined || asked === null || asked === 'NONE')) body.ReturnConsumedCapacity = 'TOTAL';
    const checked = checkInput(operation, body, this.#store);
    if (checked.kind === 'refused') return this.#counted(checked.outcome);
    const { input } = checked;
    if (!metered) return this.#counted(await runAction(operation, input, this.#store));
    const outcome = isBatch(operation)
      ? await this.#batch(operation, input, caller)
      : await this.#item(operation, input, returnsOld);
    if (asked !== 'TOTAL' && asked !== 'INDEXES') delete outcome.body.ConsumedCapacity;
    return outcome;
  }

  /** A 400 counts as the account's UserErrors; throttles and failed conditions are counted elsewhere. */
  #counted(outcome: Outcome): Outcome {
    if (outcome.status >= 400 && outcome.status < 500) this.#metrics.userError();
    return outcome;
  }

  async #item(operation: string, input: Json, returnsOld: boolean): Promise<Outcome> {
    const access = accessOf(operation, input, this.#store);
    if (access === null) return this.#counted(await runAction(operation, input, this.#store));
    const throttles = this.gate.admit(access.table, access.accesses);
    if (throttles.length > 0) {
      this.#metrics.throttledRequest(access.table.TableName, operation);
      return { status: 400, throttled: true, body: throttleError(throttles) };
    }
    const outcome = await this.#act(operation, input);
    if (outcome.status !== 200) return this.#failed(outcome, access, { input, returnsOld });
    const consumed = outcome.body.ConsumedCapacity as ConsumedCapacity;
    const [own, ...indexes] = access.accesses;
    if (own) {
      // dynalite charges nothing for a read that finds nothing.
      if (own.direction === 'read') consumed.CapacityUnits = Math.max(consumed.CapacityUnits, own.units);
      this.gate.settle(access.table, own, consumed.CapacityUnits);
    }
    addIndexUnits(consumed, this.#settleIndexes(access, indexes));
    if (operation === 'Query' || operation === 'Scan')
      this.#metrics.returned(access.table.TableName, Number(outcome.body.Count));
    return outcome;
  }

  /** A write stands unless DynamoDB refuses what it made of an item. */
  #act(operation: string, input: Json): Promise<Outcome> | Outcome {
    if (!writes.has(operation)) return runAction(operation, input, this.#store);
    const verdict: { refused: Outcome | null } = { refused: null };
    const outcome = this.#store.changes.run(() => runAction(operation, input, this.#store), {
      stands: (_outcome, changes) => {
        verdict.refused = emptyIndexKey(changes, (name) => this.#store.table(name));
        return verdict.refused === null;
      },
    });
    return verdict.refused ?? outcome;
  }

  /** A failed operation costs nothing, except a failed condition: the larger of the existing item and the new one. */
  #failed(outcome: Outcome, access: ItemAccess, { input, returnsOld }: { input: Json; returnsOld: boolean }): Outcome {
    const conditional = String(outcome.body.__type).endsWith('#ConditionalCheckFailedException');
    for (const [index, one] of access.accesses.entries()) {
      const units =
        index > 0 || !conditional ? 0 : Math.max(1, writeUnits(access.before), writeUnits(input.Item as Item));
      this.gate.settle(access.table, one, units);
    }
    if (!conditional) return this.#counted(outcome);
    this.#metrics.conditionFailed(access.table.TableName);
    if (returnsOld && access.before) outcome.body.Item = access.before;
    return outcome;
  }

  /** Charges each index for the changes of the write; returns the units by index. */
  #settleIndexes({ table, before, rowKey }: ItemAccess, admitted: readonly Access[]): Record<string, number> {
    const units: Record<string, number> = {};
    if (rowKey === null) return units;
    const after = this.#store.getItemDb(table.TableName).read(rowKey);
    for (const index of table.GlobalSecondaryIndexes ?? []) {
      const consumed = indexWriteUnits(index, table, before, after);
      const known = admitted.find(({ resource }) => resource.indexName === index.IndexName);
      const resource = { tableName: table.TableName, indexName: index.IndexName };
      this.gate.settle(table, known ?? { resource, direction: 'write', partitionKey: null, units: 0 }, consumed);
      if (consumed > 0) units[index.IndexName] = consumed;
    }
    return units;
  }

  async #batch(operation: 'BatchGetItem' | 'BatchWriteItem', input: Json, caller: Caller): Promise<Outcome> {
    const batch = new BatchRequest(operation, input, this.#store);
    const throttles = batch.admit(
      (entry) => this.gate.admit(entry.table, entry.accesses),
      () => this.#failsEntry(operation, caller),
    );
    for (const tableName of batch.tablesRefusedWhole()) this.#metrics.throttledRequest(tableName, operation);
    if (batch.isRefusedWhole) return { status: 400, throttled: true, body: refusalOf(throttles) };
    const outcome = await this.#act(operation, batch.admittedInput());
    if (outcome.status !== 200) {
      for (const { table, accesses } of batch.admitted) for (const one of accesses) this.gate.settle(table, one, 0);
      return this.#counted(outcome);
    }
    const consumed = (outcome.body.ConsumedCapacity ?? []) as ConsumedCapacity[];
    for (const ofTable of consumed) {
      const entries = batch.admitted.filter(({ table }) => table.TableName === ofTable.TableName);
      // dynalite sums a table's units. The minimum of each is known; the rest is shared among them.
      const known = entries.reduce((sum, { accesses }) => sum + (accesses[0]?.units ?? 0), 0);
      ofTable.CapacityUnits =
        operation === 'BatchGetItem' ? Math.max(known, ofTable.CapacityUnits) : ofTable.CapacityUnits;
      const restEach = (ofTable.CapacityUnits - known) / entries.length;
      for (const entry of entries) {
        const [own, ...indexes] = entry.accesses;
        if (own) this.gate.settle(entry.table, own, own.units + restEach);
        addIndexUnits(ofTable, this.#settleIndexes(entry, indexes));
      }
    }
    batch.addUnprocessed(outcome.body);
    return outcome;
  }
}

/** Of a batch of which nothing was processed: DynamoDB returns an error then, in place of unprocessed items. */
function refusalOf(throttles: readonly Throttle[]): Json {
  if (throttles.length > 0) return throttleError(throttles);
  const { type, message } = throttleOf('dynamodb');
  return { __type: type, message };
}

/** The tables that a request names, each once. */
function tablesNamed(operation: string, body: Json): string[] {
  if (isBatch(operation)) return Object.keys(body.RequestItems ?? {});
  if (!isTransaction(operation)) return [String(body.TableName)];
  const items = Array.isArray(body.TransactItems) ? body.TransactItems : [];
  const actions = items.flatMap((item: unknown) => Object.values(item ?? {}));
  return [...new Set(actions.map((action: unknown) => String(Reflect.get(Object(action), 'TableName'))))];
}

interface ConsumedCapacity {
  TableName: string;
  CapacityUnits: number;
  /** Requested with INDEXES. */
  Table?: { CapacityUnits: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
}

function addIndexUnits(consumed: ConsumedCapacity, units: Readonly<Record<string, number>>): void {
  for (const [indexName, more] of Object.entries(units)) {
    consumed.CapacityUnits += more;
    if (!consumed.Table) continue;
    consumed.GlobalSecondaryIndexes ??= {};
    const before = consumed.GlobalSecondaryIndexes[indexName]?.CapacityUnits ?? 0;
    consumed.GlobalSecondaryIndexes[indexName] = { CapacityUnits: before + more };
  }
}
