/** Deletes expired rows of the connection store in PostgreSQL, on a schedule. */
import type { Context } from 'aws-lambda';
import { InvocationTime, longestAttemptMs } from '../adapters/call-time.ts';
import { deleteExpired } from '../adapters/postgres/expiry.ts';
import { makePostgresCall } from '../adapters/postgres/postgres-stores.ts';

const time = new InvocationTime();
const call = makePostgresCall({ time, inSequence: 1 });

export async function handler(_event: unknown, context: Context): Promise<{ deleted: number }> {
  time.begin(context);
  return {
    deleted: await deleteExpired(call, {
      nowMs: Date.now(),
      leftMs: () => time.remainingMs,
      // A connection, and the statement.
      batchMs: 2 * longestAttemptMs,
    }),
  };
}
