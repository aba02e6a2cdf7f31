/** The routes `ping`, `subscribe`, `publish` and `$default`. Two-way: the body of the response is sent back on the socket. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { makeDynamoDbClient, makeManagementApiClient } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { ConnectionsApiPusher } from '../adapters/connections-api-pusher.ts';
import { DynamoDbConnectionStore } from '../adapters/dynamodb-connection-store.ts';
import { requiredCount, requiredVariable } from '../adapters/environment.ts';
import { callerOf, type WebSocketAnswer, type WebSocketEvent } from '../adapters/websocket-event.ts';
import { answerMessage, type MessageDependencies } from '../domain/answer-message.ts';
import { UserRates } from '../domain/channels/user-rates.ts';

const time = new InvocationTime();
// A publish reads the subscribers, then pushes.
const inSequence = 2;

const dependencies: MessageDependencies = {
  store: new DynamoDbConnectionStore({
    client: makeDynamoDbClient({ time, inSequence }),
    tableName: requiredVariable('TABLE_NAME'),
    ttlSeconds: requiredCount('CONNECTION_TTL_SECONDS'),
    nowMs: Date.now,
  }),
  pusher: new ConnectionsApiPusher(makeManagementApiClient({ time, inSequence })),
  sleepMs,
  random: Math.random,
  rules: {
    rates: new UserRates(),
    rateCap: {
      messagesPerSecond: requiredCount('USER_MESSAGES_PER_SECOND'),
      burstSeconds: requiredCount('USER_BURST_SECONDS'),
    },
    maxRecipients: requiredCount('MAX_RECIPIENTS'),
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
  },
};

export async function handler(event: WebSocketEvent, context: Context): Promise<WebSocketAnswer> {
  time.begin(context);
  return { statusCode: 200, body: await answerMessage(event.body, callerOf(event), dependencies) };
}
