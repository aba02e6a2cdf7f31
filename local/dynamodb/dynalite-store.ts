/**
 * dynalite's parts, used separately: request validation, actions, and a store made of {@link OrderedRows}. Its own HTTP
 * listener and database cost two thirds of an operation, and expose neither an item's size nor its expiry.
 */
import { createRequire } from 'node:module';
import { ChangeLog, type Item } from './change-log.ts';
import { demandsCheck, type TypeCheck, typeCheck } from './input-checks.ts';
import { OrderedRows } from './ordered-rows.ts';
import { type ExpressionParser, parseOnce } from './parsed-expressions.ts';

export type { Item };
export type Json = Record<string, unknown>;

export interface IndexDescription {
  IndexName: string;
  IndexArn?: string;
  KeySchema: readonly { AttributeName: string; KeyType: string }[];
  Projection: { ProjectionType: string; NonKeyAttributes?: readonly string[] };
  ProvisionedThroughput?: { ReadCapacityUnits: number; WriteCapacityUnits: number };
}
/** As in DescribeTable. */
export interface TableDescription {
  TableName: string;
  TableArn: string;
  TableStatus: string;
  KeySchema: readonly { AttributeName: string; KeyType: string }[];
  AttributeDefinitions: readonly { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: readonly IndexDescription[];
  LocalSecondaryIndexes?: readonly IndexDescription[];
  BillingModeSummary?: { BillingMode: string };
  ProvisionedThroughput?: { ReadCapacityUnits: number; WriteCapacityUnits: number };
}

/** dynalite's own error: a status and the response body. */
export interface ServiceError {
  statusCode?: number;
  body?: Json;
}
export interface Outcome {
  status: number;
  body: Json;
  /** Refused by a quota. */
  throttled?: true;
}

interface Action {
  typed: TypeCheck;
  meetsDemands: (input: Json) => boolean;
  run: (store: Store, input: Json, callback: (error: ServiceError | null, output?: Json) => void) => void;
  types: Json;
  /** The operation's own rules: what is wrong, if anything. */
  custom?: (input: Json, store: Store) => string | undefined;
}
interface Validations {
  checkTypes: (input: Json, types: Json) => Json;
  checkValidations: (input: Json, types: Json, custom: unknown, store: Store) => void;
}
interface ItemMaths {
  validationError: (message: string) => Error & ServiceError;
  createKey: (item: Item, table: TableDescription) => string;
  itemSize: (item: Item) => number;
  /** The error of a condition that does not hold. */
  checkConditional: (input: Json, existing: Item | undefined) => ServiceError | null | undefined;
  getIndexActions: (
    indexes: readonly IndexDescription[],
    existing: Item | undefined,
    item: Item | undefined,
    table: TableDescription,
  ) => { puts: { index: string; key: string; item: Item }[]; deletes: { index: string; key: string }[] };
}

const require = createRequire(import.meta.url);
// The casts: dynalite is untyped JavaScript; this is its only entry point.
const validations = require('dynalite/validations/index.js') as Validations;
export const itemMaths = require('dynalite/db/index.js') as ItemMaths;
for (const name of ['condition', 'update', 'projection'])
  parseOnce(require(`dynalite/db/${name}Parser.js`) as ExpressionParser);

const operations = [
  ...['BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DeleteTable', 'DescribeTable', 'GetItem'],
  ...['ListTables', 'PutItem', 'Query', 'Scan', 'TagResource', 'UntagResource', 'ListTagsOfResource', 'UpdateItem'],
  'UpdateTable',
];
const actions = new Map(
  operations.map((operation): [string, Action] => {
    const file = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}.js`;
    const validation = require(`dynalite/validations/${file}`) as Pick<Action, 'types' | 'custom'>;
    const { types } = validation;
    const run = require(`dynalite/actions/${file}`) as Action['run'];
    return [operation, { run, ...validation, typed: typeCheck(types), meetsDemands: demandsCheck(types) }];
  }),
);

export function isServed(operation: string): boolean {
  return actions.has(operation);
}

export class Store {
  readonly options = {
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    maxItemSizeKb: 400,
    maxItemSize: 400 * 1_024,
  };
  readonly tableDb: OrderedRows<TableDescription> & { awsAccountId: string; awsRegion: string };
  /** Of items, by the action that is running. */
  readonly changes = new ChangeLog();
  #items = new Map<string, OrderedRows<Item>>();
  #indexes = new Map<string, OrderedRows>();
  #tags = new Map<string, OrderedRows>();

  constructor({ accountId, region }: { accountId: string; region: string }) {
    this.tableDb = Object.assign(new OrderedRows<TableDescription>(), { awsAccountId: accountId, awsRegion: region });
  }

  table(name: string): TableDescription | undefined {
    return this.tableDb.read(name);
  }

  getItemDb(name: string): OrderedRows<Item> {
    return obtain(this.#items, name, () => {
      const rows = new OrderedRows<Item>();
      rows.onChange = (key, before) => this.changes.noteItem({ tableName: name, key, rows, before });
      return rows;
    });
  }

  getIndexDb(type: string, table: string, index: string): OrderedRows {
    return obtain(this.#indexes, `${type.toLowerCase()}~${table}~${index}`, () => {
      const rows = new OrderedRows();
      rows.onChange = (key, before) => this.changes.noteIndex(() => rows.restore(key, before));
      return rows;
    });
  }

  getTagDb(name: string): OrderedRows {
    return obtain(this.#tags, name, () => new OrderedRows());
  }

  deleteItemDb(name: string, callback: (error: null) => void): void {
    this.#items.delete(name);
    callback(null);
  }

  deleteIndexDb(type: string, table: string, index: string, callback: (error: null) => void): void {
    this.#indexes.delete(`${type.toLowerCase()}~${table}~${index}`);
    callback(null);
  }

  deleteTagDb(name: string, callback: (error: null) => void): void {
    this.#tags.delete(name);
    callback(null);
  }

  /** The description, or DynamoDB's ResourceNotFoundException. With `checkStatus`, a table being created or deleted does not exist. */
  getTable(
    name: string,
    checkStatus: boolean | ((error: ServiceError | null, table?: TableDescription) => void),
    then?: (error: ServiceError | null, table?: TableDescription) => void,
  ): void {
    const callback = typeof checkStatus === 'function' ? checkStatus : then;
    const table = this.table(name);
    const passing = table?.TableStatus === 'CREATING' || table?.TableStatus === 'DELETING';
    if (table && !(checkStatus !== false && passing)) {
      callback?.(null, table);
      return;
    }
    const message = `Requested resource not found${checkStatus === false ? `: Table: ${name} not found` : ''}`;
    const body = { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message };
    callback?.(Object.assign(new Error(message), { name: 'NotFoundError', statusCode: 400, body }));
  }
}

/** Input for the action, or the error to return. `body` is consumed. */
export function checkInput(
  operation: string,
  body: Json,
  store: Store,
): { kind: 'valid'; input: Json } | { kind: 'refused'; outcome: Outcome } {
  const action = actions.get(operation);
  if (!action) throw new Error(`DynamoDB's ${operation} is not supported here.`);
  try {
    const input = action.typed(body) ?? validations.checkTypes(body, action.types);
    if (action.meetsDemands(input)) {
      const problem = action.custom?.(input, store);
      if (problem) throw itemMaths.validationError(problem);
    } else validations.checkValidations(input, action.types, action.custom, store);
    return { kind: 'valid', input };
  } catch (error) {
    return { kind: 'refused', outcome: outcomeOf(error) };
  }
}

/** Runs an action on validated input. Throws only for a defect. */
export function runAction(operation: string, input: Json, store: Store): Promise<Outcome> | Outcome {
  const action = actions.get(operation);
  if (!action) throw new Error(`DynamoDB's ${operation} is not supported here.`);
  let outcome: Outcome | null = null;
  let settle: ((outcome: Outcome) => void) | null = null;
  action.run(store, input, (error, output) => {
    const done = error ? outcomeOf(error) : { status: 200, body: output ?? {} };
    if (settle) settle(done);
    else outcome = done;
  });
  // Most actions have ended by now; a promise would only cost.
  return outcome ?? new Promise((resolve) => (settle = resolve));
}

function outcomeOf(error: unknown): Outcome {
  const { statusCode, body } = error as ServiceError;
  if (statusCode === undefined) throw error;
  return { status: statusCode, body: body ?? {} };
}

function obtain<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
