/** Deletes expired rows of the connection store in PostgreSQL, on a schedule. */
import type { Context } from 'aws-lambda';
import { InvocationTime, longestAttemptMs } from '../adapters/call-time.ts';
import { deleteExpired } from '../adapters/postgres/expiry.ts';
import { makePostgresClient } from '../adapters/postgres/postgres-stores.ts';

const time = new InvocationTime();

export async function handler(_event: unknown, context: Context): Promise<{ deleted: number }> {
  time.begin(context);
  // Of a connection that is kept for upkeep, and that the next one to need it must find free.
  const client = makePostgresClient({ time, inSequence: 1 });
  try {
    return {
      deleted: await deleteExpired(client.call, {
        nowMs: Date.now(),
        leftMs: () => time.remainingMs,
        // A connection, and the statement.
        batchMs: 2 * longestAttemptMs,
      }),
    };
  } finally {
    await client.close();
  }
}
