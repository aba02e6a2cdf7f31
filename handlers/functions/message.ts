/** The routes `ping`, `subscribe`, `publish` and `$default`. Two-way: the body of the response is sent back on the socket. */
import type { Context } from 'aws-lambda';
import { makePostToConnection } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { attemptLimitMs, ConnectionsApiPusher } from '../adapters/connections-api-pusher.ts';
import { requiredCount } from '../adapters/environment.ts';
import { makeStores } from '../adapters/stores.ts';
import { callerOf, type WebSocketAnswer, type WebSocketEvent } from '../adapters/websocket-event.ts';
import { sleepMs, WorkTime } from '../adapters/work-time.ts';
import { answerMessage, type MessageDependencies } from '../domain/answer-message.ts';
import { UserRates } from '../domain/channels/user-rates.ts';

const time = new InvocationTime();
// A publish reads the subscribers, then pushes.
const inSequence = 2;
const stores = await makeStores({ time, inSequence });

// All of it: a publish has nothing to save.
const budget = new WorkTime(time, 0);
const attemptMs = attemptLimitMs(requiredCount('FUNCTION_TIMEOUT_SECONDS') * 1_000);

const dependencies: MessageDependencies = {
  store: stores.connections({ ttlSeconds: requiredCount('CONNECTION_TTL_SECONDS'), nowMs: Date.now }),
  pusher: new ConnectionsApiPusher(makePostToConnection({ time, inSequence }), { budget, attemptMs }),
  sleepMs,
  random: Math.random,
  nowMs: Date.now,
  budget,
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
  budget.begin();
  try {
    return { statusCode: 200, body: await answerMessage(event.body, callerOf(event), dependencies) };
  } finally {
    budget.end();
  }
}
