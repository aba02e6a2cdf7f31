/** Says which of some events are finished, and when: nobody from outside reaches the database itself. */
import type { Context } from 'aws-lambda';
import { InvocationTime } from '../adapters/call-time.ts';
import { finishedEvents } from '../adapters/postgres/finished-events.ts';
import { makePostgresClient } from '../adapters/postgres/postgres-stores.ts';

const time = new InvocationTime();

export async function handler(
  { eventIds }: { eventIds: readonly string[] },
  context: Context,
): Promise<{ finished: { id: string; atMs: number | null }[] }> {
  time.begin(context);
  // Of a connection that is kept for upkeep, and that the next one to need it must find free.
  const client = makePostgresClient({ time, inSequence: 1 });
  try {
    return { finished: await finishedEvents(client.call, eventIds) };
  } finally {
    await client.close();
  }
}
