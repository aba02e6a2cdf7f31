/** `$connect`: the handshake is answered when the connection is stored, so that a push can never miss an open socket. One write. */
import type { Context } from 'aws-lambda';
import { makeDynamoDbCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { DynamoDbConnectionStore } from '../adapters/dynamodb-connection-store.ts';
import { requiredCount, requiredVariable } from '../adapters/environment.ts';
import { userOf, type WebSocketAnswer, type WebSocketEvent } from '../adapters/websocket-event.ts';

const time = new InvocationTime();
const store = new DynamoDbConnectionStore({
  call: makeDynamoDbCall({ time, inSequence: 1 }),
  tableName: requiredVariable('TABLE_NAME'),
  ttlSeconds: requiredCount('CONNECTION_TTL_SECONDS'),
  nowMs: Date.now,
});

export async function handler(event: WebSocketEvent, context: Context): Promise<WebSocketAnswer> {
  time.begin(context);
  await store.addConnection(userOf(event), event.requestContext.connectionId);
  return { statusCode: 200 };
}
