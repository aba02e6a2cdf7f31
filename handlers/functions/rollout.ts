/** Sets the stage of the rollout in PostgreSQL, and says what it is then: nobody from outside reaches the database itself. */
import type { Context } from 'aws-lambda';
import { InvocationTime } from '../adapters/call-time.ts';
import { setRolloutStage } from '../adapters/postgres/postgres-recent-events.ts';
import { makePostgresClient } from '../adapters/postgres/postgres-stores.ts';
import { parseStage, type RolloutStage } from '../domain/rollout-stage.ts';

const time = new InvocationTime();

/** Fails with a sentence for what is no stage. */
export async function handler(event: unknown, context: Context): Promise<RolloutStage> {
  time.begin(context);
  const stage = parseStage(event);
  // Of a connection that is kept for upkeep, and that the next one to need it must find free.
  const client = makePostgresClient({ time, inSequence: 2 });
  try {
    return await setRolloutStage(client.call, stage);
  } finally {
    await client.close();
  }
}
