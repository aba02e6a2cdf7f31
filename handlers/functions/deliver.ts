/** Consumer of the queue. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { makeDynamoDbClient, makeManagementApiClient, makeSecretsManagerClient } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { ConnectionsApiPusher } from '../adapters/connections-api-pusher.ts';
import { readDirectRecord } from '../adapters/direct-record.ts';
import { DynamoDbConnectionStore } from '../adapters/dynamodb-connection-store.ts';
import { DynamoDbEventClaims } from '../adapters/dynamodb-event-claims.ts';
import { writeMetrics } from '../adapters/embedded-metrics.ts';
import { optionalCount, requiredCount, requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { type DeliverDependencies, deliverEvents } from '../domain/deliver-events.ts';
import { readQueuedEvent } from '../domain/queued-event.ts';
import { openWebhook } from '../domain/webhook-body.ts';

/** Final part of the function's timeout in which no event is started: 5 s of 30, enough for pushes throttled on every attempt. */
const reservedShare = 1 / 6;
/** Added to the function's timeout, so that no claim expires while its owner can still run. */
const leaseMarginMs = 5_000;

const stackName = requiredVariable('STACK_NAME');
const time = new InvocationTime();
// An event is claimed, its owner's connections are read, pushes go out, and it is completed.
const inSequence = 4;
const client = makeDynamoDbClient({ time, inSequence });
const tableName = requiredVariable('TABLE_NAME');
const timeoutMs = requiredCount('FUNCTION_TIMEOUT_SECONDS') * 1_000;

const dependencies: Omit<DeliverDependencies<SQSRecord>, 'remainingMs'> = {
  open: makeOpen(),
  store: new DynamoDbConnectionStore({
    client,
    tableName,
    ttlSeconds: requiredCount('CONNECTION_TTL_SECONDS'),
    nowMs: Date.now,
  }),
  claims: new DynamoDbEventClaims({
    client,
    tableName,
    eventTtlSeconds: requiredCount('EVENT_TTL_SECONDS'),
    leaseMs: timeoutMs + leaseMarginMs,
    nowMs: Date.now,
  }),
  pusher: new ConnectionsApiPusher(makeManagementApiClient({ time, inSequence })),
  sleepMs,
  random: Math.random,
  minRemainingMs: timeoutMs * reservedShare,
};

/**
 * The variant decides how a message is read, never the message itself: in the variant `direct` anyone can put anything on the queue, and
 * only a signature makes it an event.
 */
function makeOpen(): DeliverDependencies<SQSRecord>['open'] {
  if (requiredVariable('INGEST') === 'lambda') return ({ body }) => readQueuedEvent(body);
  const secret = secretsManagerSecret(
    makeSecretsManagerClient({ time, inSequence }),
    requiredVariable('WEBHOOK_SECRET_ARN'),
  );
  const maxBytes = requiredCount('MAX_WEBHOOK_BYTES');
  const replayWindowSeconds = optionalCount('REPLAY_WINDOW_SECONDS');
  const options = { secret, maxBytes, replayWindowSeconds, nowMs: Date.now };
  return (record) => openWebhook(readDirectRecord(record, Date.now()), options);
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  time.begin(context);
  const { counts, failedMessageIds, failures } = await deliverEvents(event.Records, {
    ...dependencies,
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
  for (const failure of failures) console.error(failure);
  writeMetrics(stackName, counts, Date.now());
  return { batchItemFailures: failedMessageIds.map((itemIdentifier) => ({ itemIdentifier })) };
}
