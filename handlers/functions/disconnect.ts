/** `$disconnect`: API Gateway calls it after a connection has closed, on a best-effort basis. */
import type { Context } from 'aws-lambda';
import { InvocationTime } from '../adapters/call-time.ts';
import { requiredCount } from '../adapters/environment.ts';
import { makeStores } from '../adapters/stores.ts';
import { userOf, type WebSocketAnswer, type WebSocketEvent } from '../adapters/websocket-event.ts';
import { disconnect } from '../domain/disconnect.ts';

const time = new InvocationTime();
const ttlSeconds = requiredCount('CONNECTION_TTL_SECONDS');
const stores = await makeStores({ time, inSequence: 2 });
const store = stores.connections({ ttlSeconds, nowMs: Date.now, leftMs: () => time.remainingMs });

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
