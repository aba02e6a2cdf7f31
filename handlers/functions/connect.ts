/** `$connect`: the handshake is answered when the connection is stored, so that a push can never miss an open socket. One write. */
import type { Context } from 'aws-lambda';
import { InvocationTime } from '../adapters/call-time.ts';
import { requiredCount } from '../adapters/environment.ts';
import { makeStores } from '../adapters/stores.ts';
import { userOf, type WebSocketAnswer, type WebSocketEvent } from '../adapters/websocket-event.ts';

const time = new InvocationTime();
const stores = await makeStores({ time, inSequence: 1 });
const store = stores.connections({ ttlSeconds: requiredCount('CONNECTION_TTL_SECONDS'), nowMs: Date.now });

export async function handler(event: WebSocketEvent, context: Context): Promise<WebSocketAnswer> {
  time.begin(context);
  await store.addConnection(userOf(event), event.requestContext.connectionId);
  return { statusCode: 200 };
}
