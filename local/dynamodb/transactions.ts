/**
 * TransactWriteItems and TransactGetItems: all or nothing, each item at most once, at twice the units.
 * Source: DynamoDB API reference and developer guide, "Managing complex workflows with transactions", read November 2026.
 */
import { createHash } from 'node:crypto';
import type { Caller } from '../interference/faults.ts';
import { type Access, type ItemAccess, readAccess, rowKeyOf, writeAccess, writeUnits } from './accesses.ts';
import type { FailsEntry } from './batch-request.ts';
import type { CapacityGate } from './capacity-gate.ts';
import { checkInput, type Item, itemMaths, type Json, type Outcome, runAction, type Store } from './dynalite-store.ts';
import { emptyIndexKey } from './index-keys.ts';
import type { TableMetrics } from './table-metrics.ts';
import { throttleError } from './throttle-error.ts';

type TransactOperation = 'TransactGetItems' | 'TransactWriteItems';
export function isTransaction(operation: string): operation is TransactOperation {
  return operation === 'TransactGetItems' || operation === 'TransactWriteItems';
}

/** Items of one transaction (DynamoDB quotas, read November 2026). */
const maxActions = 100;
/** Within this a repeated ClientRequestToken makes nothing happen again (API reference, TransactWriteItems). */
const tokenLifeMs = 600_000;
/** Reads and writes of a transaction cost twice their units. */
const unitFactor = 2;

/** Action of a transaction → the operation whose rules it has. A condition check has those of a delete that does not happen. */
const operations: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
  Get: 'GetItem',
};

interface Action {
  kind: string;
  input: Json;
  access: ItemAccess;
  returnsOld: boolean;
}
interface Reason {
  Code: string;
  Message?: string;
  Item?: Item;
}

export interface TransactionSettings {
  store: Store;
  gate: CapacityGate;
  metrics: TableMetrics;
  nowMs: () => number;
  failsEntry: FailsEntry;
}

export class Transactions {
  #settings: TransactionSettings;
  #tokens = new Map<string, { request: string; atMs: number; outcome: Outcome }>();

  constructor(settings: TransactionSettings) {
    this.#settings = settings;
  }

  run(operation: TransactOperation, body: Json, caller: Caller): Outcome {
    const { metrics, gate, failsEntry } = this.#settings;
    const token = typeof body.ClientRequestToken === 'string' ? body.ClientRequestToken : null;
    const request = createHash('sha256').update(JSON.stringify(body)).digest('base64');
    const repeated = token === null ? null : this.#repeated(token, request);
    if (repeated) return repeated;
    const asked = body.ReturnConsumedCapacity;
    const read = this.#readActions(operation, body.TransactItems);
    if ('status' in read) return this.#counted(read);
    const conflicts = read.map((): Reason => (failsEntry(operation, caller) ? conflict : { Code: 'None' }));
    if (conflicts.includes(conflict)) return cancelled(conflicts);
    const refusals = read.map(({ access }) => gate.admit(access.table, access.accesses));
    const throttles = refusals.flat();
    if (throttles.length > 0) {
      // Those that were admitted are not made either.
      for (const [index, { access }] of read.entries())
        if (refusals[index]?.length === 0) for (const one of access.accesses) gate.settle(access.table, one, 0);
      for (const table of tablesOf(read)) metrics.throttledRequest(table, operation);
      const reasons = read.map(
        (): Reason => ({ Code: 'ThrottlingError', Message: String(throttleError(throttles).message) }),
      );
      return { ...cancelled(reasons), throttled: true };
    }
    const outcome = operation === 'TransactGetItems' ? this.#get(read) : this.#write(read);
    if (outcome.status === 200 && (asked === 'TOTAL' || asked === 'INDEXES')) {
      outcome.body.ConsumedCapacity = tablesOf(read).map((TableName) => ({
        TableName,
        CapacityUnits: read
          .filter(({ access }) => access.table.TableName === TableName)
          .reduce((sum, { access }) => sum + (access.accesses[0]?.units ?? 0), 0),
      }));
    }
    if (token !== null && outcome.status === 200)
      this.#tokens.set(token, {
        request,
        atMs: this.#settings.nowMs(),
        outcome: { status: 200, body: { ...outcome.body } },
      });
    return outcome;
  }

  #repeated(token: string, request: string): Outcome | null {
    const nowMs = this.#settings.nowMs();
    for (const [key, { atMs }] of this.#tokens) if (nowMs - atMs > tokenLifeMs) this.#tokens.delete(key);
    const known = this.#tokens.get(token);
    if (!known) return null;
    if (known.request === request) return known.outcome;
    const message =
      'The request has an idempotent parameter mismatch: its ClientRequestToken was used with other parameters.';
    return this.#counted(error('com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException', message));
  }

  #counted(outcome: Outcome): Outcome {
    this.#settings.metrics.userError();
    return outcome;
  }

  /** The checked actions, or the error of the first that is not valid. */
  #readActions(operation: TransactOperation, items: unknown): Action[] | Outcome {
    if (!Array.isArray(items) || items.length < 1 || items.length > maxActions)
      return invalid(
        `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${maxActions}, and at least 1`,
      );
    const kinds = operation === 'TransactGetItems' ? ['Get'] : ['Put', 'Update', 'Delete', 'ConditionCheck'];
    const actions: Action[] = [];
    for (const item of items as Json[]) {
      const given = kinds.filter((kind) => item[kind] !== undefined && item[kind] !== null);
      const [kind] = given;
      if (kind === undefined || given.length > 1)
        return invalid(`TransactItems can only contain one of ${kinds.join(', ')} in each item`);
      const action = this.#readAction(kind, item[kind] as Json);
      if ('status' in action) return action;
      actions.push(action);
    }
    const keys = actions.map(({ access }) => `${access.table.TableName} ${access.rowKey}`);
    if (new Set(keys).size < keys.length)
      return invalid('Transaction request cannot include multiple operations on one item');
    return actions;
  }

  #readAction(kind: string, given: Json): Action | Outcome {
    const { store } = this.#settings;
    const returnsOld = given.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    if (kind === 'ConditionCheck' && given.ConditionExpression === undefined)
      return invalid('The ConditionExpression of a ConditionCheck must not be empty');
    const checked = checkInput(operations[kind] ?? '', given, store);
    if (checked.kind === 'refused') return checked.outcome;
    const { input } = checked;
    const table = store.table(String(input.TableName));
    if (!table)
      return error('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'Requested resource not found');
    const access =
      kind === 'Get'
        ? { ...readAccess(table, input.Key as Item, true), rowKey: rowKeyOf(input.Key as Item, table) }
        : writeAccess(table, { key: input.Key as Item, item: input.Item as Item }, store);
    return { kind, input, returnsOld, access: { ...access, accesses: access.accesses.map(doubled) } };
  }

  #get(actions: readonly Action[]): Outcome {
    const { store, gate } = this.#settings;
    const responses: Json[] = [];
    for (const { input, access } of actions) {
      const outcome = runAction('GetItem', { ...input, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' }, store);
      if (outcome instanceof Promise) throw new Error('An action of a transaction did not end at once.');
      if (outcome.status !== 200) return this.#counted(outcome);
      const { Item: item, ConsumedCapacity } = outcome.body;
      const [own] = access.accesses;
      const units = Math.max(1, Number((ConsumedCapacity as Json | undefined)?.CapacityUnits ?? 1)) * unitFactor;
      if (own) {
        gate.settle(access.table, own, units);
        own.units = units;
      }
      responses.push(item === undefined ? {} : { Item: item });
    }
    return { status: 200, body: { Responses: responses } };
  }

  #write(actions: readonly Action[]): Outcome {
    const { store, metrics } = this.#settings;
    const outcome = store.changes.run((): Outcome => this.#attempt(actions), {
      stands: ({ status }) => status === 200,
    });
    for (const action of actions) this.#settle(action, outcome.status === 200);
    if (outcome.status !== 200) for (const table of tablesOf(actions)) metrics.conditionFailed(table);
    return outcome;
  }

  /** Every action against the items as they were: they are all of different ones. */
  #attempt(actions: readonly Action[]): Outcome {
    const { store } = this.#settings;
    const reasons = actions.map(({ kind, input, access, returnsOld }): Reason => {
      const outcome =
        kind === 'ConditionCheck' ? checkCondition(input, access) : runAction(operations[kind] ?? '', input, store);
      if (outcome instanceof Promise) throw new Error('An action of a transaction did not end at once.');
      const after = access.rowKey === null ? undefined : store.getItemDb(access.table.TableName).read(access.rowKey);
      const change = { tableName: access.table.TableName, before: access.before, after, expired: false };
      const refused = outcome.status === 200 ? emptyIndexKey([change], (name) => store.table(name)) : outcome;
      return refused === null ? { Code: 'None' } : reasonOf(refused, returnsOld ? access.before : undefined);
    });
    return reasons.every(({ Code }) => Code === 'None') ? { status: 200, body: {} } : cancelled(reasons);
  }

  /** The larger of the item before and after, times two, whether the transaction stands or not. */
  #settle({ access }: Action, stands: boolean): void {
    const { store, gate } = this.#settings;
    const [own, ...indexes] = access.accesses;
    const after = access.rowKey === null ? undefined : store.getItemDb(access.table.TableName).read(access.rowKey);
    const units = Math.max(1, writeUnits(access.before), writeUnits(after)) * unitFactor;
    if (own) {
      gate.settle(access.table, own, units);
      own.units = units;
    }
    for (const index of indexes) gate.settle(access.table, index, stands ? index.units : 0);
  }
}

/** Another transaction, or a write, is under way for the item. Two never meet here, where each ends before the next begins. */
const conflict: Reason = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };

const doubled = (access: Access): Access => ({ ...access, units: access.units * unitFactor });
const tablesOf = (actions: readonly Action[]): string[] => [
  ...new Set(actions.map(({ access }) => access.table.TableName)),
];

function checkCondition(input: Json, { before }: ItemAccess): Outcome {
  const failed = itemMaths.checkConditional(input, before);
  return failed ? { status: failed.statusCode ?? 400, body: failed.body ?? {} } : { status: 200, body: {} };
}

function reasonOf({ body }: Outcome, before: Item | undefined): Reason {
  const type = String(body.__type);
  const Message = String(body.message ?? body.Message ?? '');
  if (!type.endsWith('#ConditionalCheckFailedException')) return { Code: 'ValidationError', Message };
  return { Code: 'ConditionalCheckFailed', Message, ...(before && { Item: before }) };
}

function cancelled(reasons: readonly Reason[]): Outcome {
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`;
  const body = {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: message,
    message,
    CancellationReasons: reasons,
  };
  return { status: 400, body };
}

const invalid = (message: string): Outcome => error('com.amazon.coral.validate#ValidationException', message);
const error = (__type: string, message: string): Outcome => ({ status: 400, body: { __type, message } });
