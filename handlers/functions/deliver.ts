/** Consumer of the queue. */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { makePostToConnection, makeSecretsCall, makeSqsCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { attemptLimitMs, ConnectionsApiPusher } from '../adapters/connections-api-pusher.ts';
import { readDirectRecord } from '../adapters/direct-record.ts';
import { writeMetrics } from '../adapters/embedded-metrics.ts';
import { optionalCount, requiredCount, requiredVariable } from '../adapters/environment.ts';
import { MessageVisibility } from '../adapters/message-visibility.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { makeStores } from '../adapters/stores.ts';
import { sleepMs, WorkTime } from '../adapters/work-time.ts';
import { type DeliverDependencies, deliverEvents } from '../domain/deliver-events.ts';
import { readQueuedEvent } from '../domain/queued-event.ts';
import { openWebhook } from '../domain/webhook-body.ts';

/** Part of the function's timeout in which no push goes out, and it is saved whom each unfinished event has reached. */
const savingShare = 0.1;
/** Added to the function's timeout, so that no claim expires while its owner can still run. */
const leaseMarginMs = 5_000;

const stackName = requiredVariable('STACK_NAME');
const time = new InvocationTime();
// An event is claimed, its owner's connections are read, pushes go out, it is completed or given back, and then put off.
const inSequence = 5;
const stores = await makeStores({ time, inSequence });
const recentSeconds = optionalCount('RECENT_EVENTS_SECONDS');
const timeoutMs = requiredCount('FUNCTION_TIMEOUT_SECONDS') * 1_000;

const budget = new WorkTime(time, timeoutMs * savingShare);
const attemptMs = attemptLimitMs(timeoutMs);
const visibility = new MessageVisibility({
  call: makeSqsCall({ time, inSequence }),
  queueUrl: requiredVariable('QUEUE_URL'),
  random: Math.random,
});

const dependencies: DeliverDependencies<SQSRecord> = {
  open: makeOpen(),
  store: stores.connections({ ttlSeconds: requiredCount('CONNECTION_TTL_SECONDS'), nowMs: Date.now }),
  claims: stores.claims({
    eventTtlSeconds: requiredCount('EVENT_TTL_SECONDS'),
    leaseMs: timeoutMs + leaseMarginMs,
    nowMs: Date.now,
  }),
  recent: recentSeconds === null ? null : stores.recent(recentSeconds),
  pusher: new ConnectionsApiPusher(makePostToConnection({ time, inSequence }), { budget, attemptMs }),
  sleepMs,
  random: Math.random,
  nowMs: Date.now,
  budget,
  minStartMs: attemptMs,
  putOff: (records) => visibility.putOff(records),
};

/**
 * The variant decides how a message is read, never the message itself: in the variant `direct` anyone can put anything on the queue, and
 * only a signature makes it an event.
 */
function makeOpen(): DeliverDependencies<SQSRecord>['open'] {
  if (requiredVariable('INGEST') === 'lambda') return ({ body }) => readQueuedEvent(body);
  const secret = secretsManagerSecret(makeSecretsCall({ time, inSequence }), requiredVariable('WEBHOOK_SECRET_ARN'));
  const maxBytes = requiredCount('MAX_WEBHOOK_BYTES');
  const replayWindowSeconds = optionalCount('REPLAY_WINDOW_SECONDS');
  const options = { secret, maxBytes, replayWindowSeconds, nowMs: Date.now };
  return (record) => openWebhook(readDirectRecord(record, Date.now()), options);
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  time.begin(context);
  budget.begin();
  const { counts, failedMessageIds, failures } = await deliverEvents(event.Records, dependencies);
  budget.end();
  for (const failure of failures) console.error(failure);
  writeMetrics(stackName, counts, Date.now());
  return { batchItemFailures: failedMessageIds.map((itemIdentifier) => ({ itemIdentifier })) };
}
