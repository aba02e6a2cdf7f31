/**
 * Where connections and claims of events are kept: `postgres`, or else DynamoDB. The stack says it as its handlers are bundled (stack/synthesis/bundles.ts), so that a
 * function has the code of one store; anything else that runs a handler says it in the variable STORE.
 */
import type { ClientTime } from './aws-clients.ts';
import type { MadeStores } from './made-stores.ts';

/** @param clientTime `connections`: to PostgreSQL, at most; one is enough for what does one thing at a time. */
export async function makeStores(clientTime: ClientTime & { connections?: number }): Promise<MadeStores> {
  // Two branches, of which the bundler drops one.
  if (process.env.STORE === 'postgres') {
    const { makePostgresStores } = await import('./postgres/postgres-stores.ts');
    return makePostgresStores(clientTime);
  } else {
    const { makeDynamoDbStores } = await import('./dynamodb-stores.ts');
    return makeDynamoDbStores(clientTime);
  }
}
