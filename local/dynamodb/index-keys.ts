/** What DynamoDB refuses of a change that dynalite accepts. Pure. */
import type { Item, ItemChange } from './change-log.ts';
import type { Outcome, TableDescription } from './dynalite-store.ts';

/**
 * The first change whose item has an empty text or binary as the key of an index, as DynamoDB's error; null if there is none.
 * Source: DynamoDB developer guide, "Naming rules and data types": an empty value is allowed unless the attribute is a key of a table or an index.
 */
export function emptyIndexKey(
  changes: readonly ItemChange[],
  tableOf: (name: string) => TableDescription | undefined,
): Outcome | null {
  for (const { tableName, after } of changes) {
    const table = tableOf(tableName);
    if (!table || !after) continue;
    for (const { IndexName, KeySchema } of [
      ...(table.GlobalSecondaryIndexes ?? []),
      ...(table.LocalSecondaryIndexes ?? []),
    ]) {
      const empty = KeySchema.find(({ AttributeName }) => isEmpty(after[AttributeName]));
      if (!empty) continue;
      const message = `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${emptyKind(after[empty.AttributeName])} value. IndexName: ${IndexName}, IndexKey: ${empty.AttributeName}`;
      return { status: 400, body: { __type: 'com.amazon.coral.validate#ValidationException', message } };
    }
  }
  return null;
}

const isEmpty = (value: Item[string] | undefined): boolean => value?.S === '' || value?.B === '';
const emptyKind = (value: Item[string] | undefined): string => (value?.S === '' ? 'string' : 'binary');
