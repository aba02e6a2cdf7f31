/** Deletes many rows: in batches, a few at a time, again where DynamoDB is short of capacity, until none is left or the time is over. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { fanOut } from '../domain/pushing/fan-out.ts';
import { backOffCeilingMs } from '../domain/pushing/push.ts';
import { retryableAs } from './aws/aws-error.ts';
import type { DynamoDbCall } from './aws/operations.ts';

/** BatchWriteItem takes 25. Source: DynamoDB quotas, read November 2026. */
const batchSize = 25;
/** Concurrent batches: 100 rows at a time, a tenth of what one partition writes in a second. */
const batchLimit = 4;
/** After that many rounds in which something was refused, the longest wait stays the same: 50 ms · 2^5. */
const longestBackOff = 6;

type Key = Record<string, AttributeValue>;

interface DeleteOptions {
  call: DynamoDbCall;
  tableName: string;
  /** Milliseconds. */
  leftMs: () => number;
}

/** Returns how many rows are left. Rejects for an error that another attempt will not mend. */
export async function deleteRows(keys: readonly Key[], options: DeleteOptions): Promise<number> {
  let left = keys;
  for (let round = 1; left.length > 0; round++) {
    const batches: Key[][] = [];
    for (let from = 0; from < left.length; from += batchSize) batches.push(left.slice(from, from + batchSize));
    left = (await fanOut(batches, batchLimit, (batch) => deleteBatch(batch, options))).flat();
    const waitMs = Math.random() * backOffCeilingMs(Math.min(round, longestBackOff));
    if (left.length > 0) {
      if (options.leftMs() <= waitMs) break;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return left.length;
}

/** Returns the keys of those that are left. */
async function deleteBatch(batch: Key[], { call, tableName, leftMs }: DeleteOptions): Promise<Key[]> {
  if (leftMs() <= 0) return batch;
  try {
    const requests = batch.map((Key) => ({ DeleteRequest: { Key } }));
    const { UnprocessedItems } = await call('BatchWriteItem', { RequestItems: { [tableName]: requests } });
    const left = UnprocessedItems?.[tableName] ?? [];
    return left.map(({ DeleteRequest }) => DeleteRequest?.Key).filter((key) => key !== undefined);
  } catch (error) {
    // The whole batch was refused, or no answer came in time; deleting twice is the same as once.
    if (retryableAs(error) !== null) return batch;
    throw error;
  }
}
