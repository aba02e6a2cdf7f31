/** `$disconnect`: API Gateway calls it after a connection has closed, on a best-effort basis. */
import type { Context } from 'aws-lambda';
import { makeDynamoDbCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { DynamoDbConnectionStore } from '../adapters/dynamodb-connection-store.ts';
import { requiredCount, requiredVariable } from '../adapters/environment.ts';
import { userOf, type WebSocketAnswer, type WebSocketEvent } from '../adapters/websocket-event.ts';
import { disconnect } from '../domain/disconnect.ts';

const time = new InvocationTime();
const ttlSeconds = requiredCount('CONNECTION_TTL_SECONDS');
const store = new DynamoDbConnectionStore({
  call: makeDynamoDbCall({ time, inSequence: 2 }),
  tableName: requiredVariable('TABLE_NAME'),
  ttlSeconds,
  nowMs: Date.now,
  leftMs: () => time.remainingMs,
});

export async function handler(event: WebSocketEvent, context: Context): Promise<WebSocketAnswer> {
  time.begin(context);
  const left = await disconnect(store, userOf(event), event.requestContext.connectionId);
  if (left > 0) {
    console.error(
      `No time was left to end ${left} subscriptions of a closed connection. They expire within ${ttlSeconds} s.`,
    );
  }
  return { statusCode: 200 };
}
