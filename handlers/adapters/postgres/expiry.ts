/** Deletes expired rows, in batches that hold no lock for long: PostgreSQL has no time to live. Called on a schedule. */
import type { PostgresCall } from './postgres-call.ts';
import { expiringTables } from './schema.ts';

const batchRows = 5_000;

interface ExpiryOptions {
  /** Milliseconds since the epoch. */
  nowMs: number;
  /** Milliseconds. */
  leftMs: () => number;
  /** The longest that a batch may take, in milliseconds: with less left, what is not deleted waits for the next time. */
  batchMs: number;
}

/** Returns how many rows it has deleted. */
export async function deleteExpired(call: PostgresCall, { nowMs, leftMs, batchMs }: ExpiryOptions): Promise<number> {
  let deleted = 0;
  for (const table of expiringTables) {
    for (let batch = batchRows; batch === batchRows && leftMs() >= batchMs; deleted += batch) {
      // Rows that somebody is changing are skipped: they are being renewed.
      const [answer] = await call(
        `with expired as (select ctid from ${table} where expires_at <= $1 limit $2 for update skip locked),
              gone as (delete from ${table} using expired where ${table}.ctid = expired.ctid returning 1)
         select count(*)::int as rows from gone`,
        [Math.floor(nowMs / 1_000), batchRows],
      );
      batch = Number(answer?.rows ?? 0);
    }
  }
  return deleted;
}
