/** The routes `ping`, `subscribe`, `publish` and `$default`. Two-way: the body of the response is sent back on the socket. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { makeDynamoDbClient, makeManagementApiClient } from '../adapters/aws-clients.ts';
import { ConnectionsApiPusher } from '../adapters/connections-api-pusher.ts';
import { DynamoDbConnectionStore } from '../adapters/dynamodb-connection-store.ts';
import { requiredCount, requiredVariable } from '../adapters/environment.ts';
import type { WebSocketAnswer, WebSocketEvent } from '../adapters/websocket-event.ts';
import { answerMessage, type MessageDependencies } from '../domain/answer-message.ts';

const dependencies: MessageDependencies = {
  store: new DynamoDbConnectionStore({
    client: makeDynamoDbClient(),
    tableName: requiredVariable('TABLE_NAME'),
    ttlSeconds: requiredCount('CONNECTION_TTL_SECONDS'),
    nowMs: Date.now,
  }),
  pusher: new ConnectionsApiPusher(makeManagementApiClient()),
  sleepMs,
  random: Math.random,
};

export async function handler(event: WebSocketEvent): Promise<WebSocketAnswer> {
  return { statusCode: 200, body: await answerMessage(event.body, event.requestContext.connectionId, dependencies) };
}
