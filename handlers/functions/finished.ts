/** Says which of some events are finished, and when: the database itself is reached by the functions only. */
import type { Context } from 'aws-lambda';
import { InvocationTime } from '../adapters/call-time.ts';
import { finishedEvents } from '../adapters/postgres/finished-events.ts';
import { makePostgresCall } from '../adapters/postgres/postgres-stores.ts';

const time = new InvocationTime();
const call = makePostgresCall({ time, inSequence: 1 });

export async function handler(
  { eventIds }: { eventIds: readonly string[] },
  context: Context,
): Promise<{ finished: { id: string; atMs: number | null }[] }> {
  time.begin(context);
  return { finished: await finishedEvents(call, eventIds) };
}
