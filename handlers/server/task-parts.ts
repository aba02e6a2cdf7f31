/** The parts of a task: the cores that the functions have, with what a process that stays up needs around them. */
import { randomBytes } from 'node:crypto';
import type { CallBounds } from '../adapters/aws/aws-client.ts';
import type { Credentials } from '../adapters/aws/signature.ts';
import { makeSecretsCall, makeSqsCall } from '../adapters/aws-clients.ts';
import { attemptLimitMs } from '../adapters/connections-api-pusher.ts';
import { MessageVisibility } from '../adapters/message-visibility.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { makeStores } from '../adapters/stores.ts';
import { sleepMs } from '../adapters/work-time.ts';
import type { FallbackDependencies } from '../domain/answer-fallback.ts';
import { UserRates } from '../domain/channels/user-rates.ts';
import type { IngestDependencies } from '../domain/ingest-webhook.ts';
import type { MetricCounts } from '../domain/metric-counts.ts';
import { readQueuedEvent } from '../domain/queued-event.ts';
import { remembered } from '../domain/rollout-stage.ts';
import type { Bus } from './bus.ts';
import { HeldConnections } from './held-connections.ts';
import { KeptNews } from './kept-news.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { SocketEndpoint } from './socket-endpoint.ts';
import { TaskPusher } from './task-pusher.ts';
import type { TaskSettings } from './task-settings.ts';

/** Of an event's time, so that no claim expires while its owner can still run. */
const leaseMarginMs = 2_000;
/** How long a receive waits for messages: the longer, the fewer are paid for; a task that ends waits for it. */
const receiveWaitSeconds = 5;
const taskIdBytes = 6;
/** A task reads the stage so often at most. */
const stageForMs = 5_000;

/** Any call but a receive: four attempts within two seconds, as a provider waits ten and a person one. */
const bounds: CallBounds = { connectionTimeoutMs: 500, requestTimeoutMs: 1_000, maxAttempts: 4, callMs: 4_500 };
const receiveBounds: CallBounds = {
  ...bounds,
  requestTimeoutMs: receiveWaitSeconds * 1_000 + 5_000,
  maxAttempts: 1,
  callMs: receiveWaitSeconds * 1_000 + 6_000,
};
/** A task has no end, as an invocation has. */
const noEnd = { remainingMs: Number.POSITIVE_INFINITY };

interface Around {
  credentials: Credentials;
  bus: Bus;
  count: (counts: MetricCounts) => void;
}

export async function makeTaskParts(settings: TaskSettings, { credentials, bus, count }: Around) {
  const { connectionTtlSeconds: ttlSeconds, deliverTimeoutMs, queueUrl } = settings;
  const clients = { time: noEnd, inSequence: 1, bounds, credentials };
  const stores = await makeStores({ ...clients, connections: settings.databaseConnections });
  const secrets = makeSecretsCall(clients);
  const queue = makeSqsCall(clients);
  const taskId = randomBytes(taskIdBytes).toString('hex');
  const attemptMs = attemptLimitMs(deliverTimeoutMs);
  const held = new HeldConnections(attemptMs);
  const store = stores.connections({ ttlSeconds, nowMs: Date.now });
  const pusher = new TaskPusher({
    ...{ taskId, bus, held, answerMs: attemptMs, onError: console.error },
    monotonicMs: () => performance.now(),
  });
  const pushing = { store, pusher, sleepMs, random: Math.random, nowMs: Date.now };
  const visibility = new MessageVisibility({ call: queue, queueUrl, random: Math.random });
  const tokenSecret = secretsManagerSecret(secrets, settings.tokenSecretArn);
  const sockets = new SocketEndpoint({
    ...{ taskId, held, store, maxLifetimeSeconds: settings.maxLifetimeSeconds, pingSeconds: settings.pingSeconds },
    tokenSecret,
    messageLimitMs: settings.messageTimeoutMs,
    message: {
      ...pushing,
      rules: {
        ...{ rates: new UserRates(), rateCap: settings.rateCap, maxRecipients: settings.maxRecipients },
        nowMs: Date.now,
        monotonicMs: () => performance.now(),
      },
    },
  });
  const ingest: IngestDependencies = {
    secret: secretsManagerSecret(secrets, settings.webhookSecretArn),
    maxBytes: settings.maxWebhookBytes,
    replayWindowSeconds: settings.replayWindowSeconds,
    nowMs: Date.now,
    send: async (body) => {
      await queue('SendMessage', { QueueUrl: queueUrl, MessageBody: body });
    },
  };
  const news = new KeptNews({ taskId, bus, onError: console.error });
  const { recentSeconds } = settings;
  const recent = recentSeconds === null ? null : stores.recent(recentSeconds);
  const consumer = new QueueConsumer({
    receive: makeSqsCall({ ...clients, bounds: receiveBounds }),
    ...{ call: queue, queueUrl, waitSeconds: receiveWaitSeconds, batches: settings.queueBatches, count },
    limitMs: deliverTimeoutMs,
    deliver: {
      ...pushing,
      open: ({ body }) => readQueuedEvent(body),
      claims: stores.claims({
        eventTtlSeconds: settings.eventTtlSeconds,
        leaseMs: deliverTimeoutMs + leaseMarginMs,
        nowMs: Date.now,
      }),
      recent: recent && {
        ...recent,
        keep: async (event, nowMs) => {
          await recent.keep(event, nowMs);
          news.tell(event.owner);
        },
      },
      minStartMs: attemptMs,
      putOff: (records) => visibility.putOff(records),
    },
  });
  const { holdSeconds } = settings;
  const fallback =
    recent === null || recentSeconds === null
      ? null
      : ({
          stages: remembered(stores.stages, { forMs: stageForMs, nowMs: Date.now }),
          ...{ recent, recentSeconds, secret: tokenSecret, nowMs: Date.now },
          hold: holdSeconds === null ? null : { seconds: holdSeconds, news, leftMs: () => Number.POSITIVE_INFINITY },
          maxTokenLifetimeSeconds: settings.maxLifetimeSeconds,
        } satisfies FallbackDependencies);
  return { taskId, held, pusher, sockets, ingest, consumer, news, fallback };
}
