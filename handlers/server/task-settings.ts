/** What the stack sets in the environment of a task. */
import { optionalCount, requiredCount, requiredVariable } from '../adapters/environment.ts';

/** Throws a sentence for what is missing or wrong: a defect of the stack, found before the task takes anything. */
export const readTaskSettings = () => ({
  port: requiredCount('PORT'),
  stackName: requiredVariable('STACK_NAME'),
  queueUrl: requiredVariable('QUEUE_URL'),
  tokenSecretArn: requiredVariable('TOKEN_SECRET_ARN'),
  webhookSecretArn: requiredVariable('WEBHOOK_SECRET_ARN'),
  /** Null: the service has one task. */
  busUrl: process.env.BUS_URL || null,
  connectionTtlSeconds: requiredCount('CONNECTION_TTL_SECONDS'),
  eventTtlSeconds: requiredCount('EVENT_TTL_SECONDS'),
  maxLifetimeSeconds: requiredCount('MAX_TOKEN_LIFETIME_SECONDS'),
  maxWebhookBytes: requiredCount('MAX_WEBHOOK_BYTES'),
  replayWindowSeconds: optionalCount('REPLAY_WINDOW_SECONDS'),
  rateCap: {
    messagesPerSecond: requiredCount('USER_MESSAGES_PER_SECOND'),
    burstSeconds: requiredCount('USER_BURST_SECONDS'),
  },
  maxRecipients: requiredCount('MAX_RECIPIENTS'),
  messageTimeoutMs: requiredCount('MESSAGE_TIMEOUT_SECONDS') * 1_000,
  deliverTimeoutMs: requiredCount('DELIVER_TIMEOUT_SECONDS') * 1_000,
  /** Batches of the queue in hand at a time. */
  queueBatches: requiredCount('QUEUE_BATCHES'),
  /** To PostgreSQL, at most. Absent: the store is in DynamoDB. */
  databaseConnections: optionalCount('DATABASE_CONNECTIONS') ?? 1,
  pingSeconds: requiredCount('PING_SECONDS'),
  /** Longer than the balancer keeps an idle connection, which it would otherwise use as it is closed. */
  keepAliveSeconds: requiredCount('KEEP_ALIVE_SECONDS'),
  /** How long events are kept for clients without a connection; null: they are not. */
  recentSeconds: optionalCount('RECENT_EVENTS_SECONDS'),
  /** How long a read of theirs is held; null: not at all. */
  holdSeconds: optionalCount('HOLD_SECONDS'),
  fallbackOrigins: (process.env.FALLBACK_ORIGINS ?? '').split(' '),
  closeOverMs: requiredCount('CLOSE_OVER_SECONDS') * 1_000,
});
export type TaskSettings = ReturnType<typeof readTaskSettings>;
