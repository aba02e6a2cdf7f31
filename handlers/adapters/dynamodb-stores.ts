/** The stores in the table that the stack names. */
import { type ClientTime, makeDynamoDbCall } from './aws-clients.ts';
import { DynamoDbConnectionStore } from './dynamodb-connection-store.ts';
import { DynamoDbEventClaims } from './dynamodb-event-claims.ts';
import { dynamoDbRecentEvents, dynamoDbRolloutStages } from './dynamodb-recent-events.ts';
import { requiredVariable } from './environment.ts';
import type { MadeStores } from './made-stores.ts';

export function makeDynamoDbStores(clientTime: ClientTime): MadeStores {
  const at = { call: makeDynamoDbCall(clientTime), tableName: requiredVariable('TABLE_NAME') };
  return {
    connections: (options) => new DynamoDbConnectionStore({ ...at, ...options }),
    claims: (options) => new DynamoDbEventClaims({ ...at, ...options }),
    recent: (ttlSeconds) => dynamoDbRecentEvents({ ...at, ttlSeconds }),
    stages: dynamoDbRolloutStages(at),
  };
}
