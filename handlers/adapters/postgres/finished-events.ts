import { millisecondsOf, type PostgresCall } from './postgres-call.ts';

/** Those of the events whose claim is done, with when it was, in ms since the epoch. */
export async function finishedEvents(
  call: PostgresCall,
  eventIds: readonly string[],
): Promise<{ id: string; atMs: number | null }[]> {
  const rows = await call(
    `select event_id, done_at from event_claims where event_id = any($1::text[]) and phase = 'done'`,
    [[...eventIds]],
  );
  return rows.map(({ event_id, done_at }) => ({ id: String(event_id), atMs: millisecondsOf(done_at) }));
}
