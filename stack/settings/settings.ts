/** Every setting of the reference stack, in one typed and validated object. */

import { z } from 'zod';
import { floorOf, webhookShares } from '../concurrency.ts';
import { checkConsumer, withQueueTimes } from '../queue-times.ts';
import { serverSettingsSchema } from '../server/server-settings.ts';
import { databaseSettings } from './database-settings.ts';
import { checkIngest } from './ingest-settings.ts';
import { fallbackSchema } from './sync-fallback-settings.ts';

const memoryMb = z.number().int().min(128).max(10_240);
/** API Gateway's integration timeout (29 s; an HTTP API 30 s). */
const apiTimeoutSeconds = 29;
/** Lambda's own limit, for the function behind the queue. */
const lambdaTimeoutSeconds = 900;
const functionSettings = (
  defaults: { memoryMb: number; timeoutSeconds: number },
  maxTimeoutSeconds: number = apiTimeoutSeconds,
) =>
  z
    .strictObject({
      memoryMb: memoryMb.default(defaults.memoryMb),
      timeoutSeconds: z.number().int().min(1).max(maxTimeoutSeconds).default(defaults.timeoutSeconds),
      /** Reserved concurrent executions; null leaves the function in the account's unreserved pool (ingest: see accountConcurrency). */
      reservedConcurrency: z.number().int().min(0).nullable().default(null),
    })
    .prefault({});

const throttle = (defaults: { ratePerSecond: number; burst: number }) =>
  z
    .strictObject({
      ratePerSecond: z.number().positive().default(defaults.ratePerSecond),
      burst: z.number().int().positive().default(defaults.burst),
    })
    .prefault({});

const given = z.strictObject({
  /** CloudFormation's name of the stack, and the dimension of its own metrics: two stacks in one account need different names. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'must start with a letter and contain only letters, digits and hyphens')
    .default('Loadline'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-west-1')
    .default('us-east-1'),
  stageName: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/)
    .default('prod'),
  /**
   * Where an emulator of AWS answers for an API, with `{apiId}` and `{stage}` in it, as `http://127.0.0.1:4566/_aws/execute-api/{apiId}/{stage}`:
   * what functions call to push, and what the outputs name. Null: AWS's own addresses (docs/emulators.md).
   */
  emulatorApiUrl: z
    .string()
    .regex(/^https?:\/\/.*\{apiId\}/, 'must be a URL of http or https with {apiId} in it')
    .nullable()
    .default(null),
  /** Where connections and claims of events are kept. `postgres`: in RDS for PostgreSQL, in a network of its own. */
  store: z.enum(['dynamodb', 'postgres']).default('dynamodb'),
  /** Of the store `postgres`. */
  database: databaseSettings,
  /** `lambda`: functions behind API Gateway. `server`: one service of Node.js tasks behind a load balancer does the job of all of them. */
  compute: z.enum(['lambda', 'server']).default('lambda'),
  /** Used with `compute: server` alone. */
  server: serverSettingsSchema,
  /**
   * `lambda`: API → Lambda → SQS. `direct`: API → SQS, verified in the consumer. `forward`: the API sends webhooks on to a server (forwardUrl), which verifies
   * and queues them. `mock`: the API answers 200 by itself, and nobody has the webhook (REST only): what is left when nothing stands behind the API.
   */
  ingest: z.enum(['lambda', 'direct', 'forward', 'mock']).default('lambda'),
  /** The kind of API that takes webhooks. */
  webhookApi: z.enum(['http', 'rest']).default('http'),
  /** Where `forward` sends webhooks on to, with their path: null for every other ingest. */
  forwardUrl: z
    .string()
    .regex(/^https?:\/\/[^\s?#]+$/, 'must be a URL of http or https without a query')
    .nullable()
    .default(null),
  /** Default route throttles of the two stages. They cannot exceed the account's throttle (10,000/s, burst 5,000, L-8A5B8E43). */
  webSocketThrottle: throttle({ ratePerSecond: 5_000, burst: 2_500 }),
  webhookThrottle: throttle({ ratePerSecond: 2_000, burst: 1_000 }),
  /** What a token may be. Whoever issues tokens needs to know it (docs/reference/protocol.md). */
  token: z
    .strictObject({
      /** Longest time from `iat` to `exp`. */
      maxLifetimeSeconds: z.number().int().min(60).max(604_800).default(86_400),
    })
    .prefault({}),
  /** What a user may send, unless the token names another cap. */
  userCaps: z
    .strictObject({
      /** Publishes and subscriptions; kept by each Lambda environment for itself, so approximate (handlers/domain/channels/user-rates.ts). */
      messagesPerSecond: z.number().int().min(1).default(50),
      /** How many seconds' worth a user may send at once: a tab that opens subscribes to all of its channels. */
      burstSeconds: z.number().int().min(1).default(5),
      /** Largest channel that one publish may reach: by default a second of the account's API Gateway requests (10,000/s, L-8A5B8E43). */
      recipients: z.number().int().min(1).default(10_000),
    })
    .prefault({}),
  /**
   * Concurrent executions of the account (L-B99A9384), for all of its functions together. If stated, ingest gets a reservation and the queue's
   * event source a maximum, unless they have one, so that a flood of webhooks leaves some for $connect (stack/concurrency.ts). Where it is not
   * stated, a deployment asks for it, or throttles webhooks instead (stack/settings/deployment-settings.ts): new accounts may have 10, of which nothing can be reserved.
   */
  accountConcurrency: z.number().int().min(1).nullable().default(null),
  /**
   * Webhooks a second at the busiest (users × webhooks a day / 86,400 × burst factor of the plan; the default is that of scenarios/plan.yml): where webhooks are
   * throttled because nothing can be reserved for them, never to less.
   */
  webhookPeakPerSecond: z.number().positive().default(45),
  functions: z
    .strictObject({
      authorize: functionSettings({ memoryMb: 256, timeoutSeconds: 5 }),
      connect: functionSettings({ memoryMb: 256, timeoutSeconds: 10 }),
      disconnect: functionSettings({ memoryMb: 256, timeoutSeconds: 10 }),
      message: functionSettings({ memoryMb: 512, timeoutSeconds: 15 }),
      /** Half of the 10 s that a provider waits. A webhook that hangs holds an execution for as long. */
      ingest: functionSettings({ memoryMb: 512, timeoutSeconds: 5 }),
      deliver: functionSettings({ memoryMb: 512, timeoutSeconds: 30 }, lambdaTimeoutSeconds),
      /** Deployed with `fallback` only. */
      fallback: functionSettings({ memoryMb: 256, timeoutSeconds: 10 }),
    })
    .prefault({}),
  queue: z
    .strictObject({
      /** At least 6 × the deliver function's timeout plus the batch window (AWS Lambda developer guide, SQS): default 181. Of a server: twice its deliverTimeoutSeconds. */
      visibilityTimeoutSeconds: z.number().int().min(0).max(43_200).optional(),
      /** At least 5, so that throttling alone sends nothing to the dead-letter queue: default 5. Of a server, whose messages come back sooner: 30. */
      maxReceiveCount: z.number().int().min(5).max(1_000).optional(),
      retentionSeconds: z.number().int().min(60).max(1_209_600).default(345_600),
      batchSize: z.number().int().min(1).max(10_000).default(10),
      /** Needed (≥ 1 s) when the batch size is over 10. */
      batchWindowSeconds: z.number().int().min(0).max(300).default(0),
      /** MaximumConcurrency of the event source; null leaves the poller's own limit (1,250), or a share of accountConcurrency. */
      maximumConcurrency: z.number().int().min(2).max(1_000).nullable().default(null),
      /**
       * Pollers that are kept for the event source, at least and at most, in place of MaximumConcurrency: 10 executions each, 1,000 more a
       * minute, 20,000 at most. Charged by the hour.
       */
      provisionedPollers: z
        .strictObject({ minimum: z.number().int().min(2).max(200), maximum: z.number().int().min(2).max(2_000) })
        .nullable()
        .default(null),
    })
    .prefault({}),
  /** TTL of rows in the connection store: longer than a connection can last (2 h). */
  connectionTtlSeconds: z.number().int().min(7_200).default(10_800),
  /** How long an event id is remembered: longer than the provider's last retry (20 min) and the visibility timeout. */
  eventTtlSeconds: z.number().int().min(1_200).default(86_400),
  /**
   * Webhooks whose own time is longer ago are refused as replays; null accepts any. At most eventTtlSeconds, so that a replay is either a
   * known event or too old. Off by default: Nylas does not say what `time` is in events of its historic sync (docs/reference/protocol.md).
   */
  replayWindowSeconds: z.number().int().min(60).nullable().default(null),
  fallback: fallbackSchema,
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]).default(14),
  accessLogs: z
    .strictObject({
      webhook: z.boolean().default(true),
      /** Needs a role that API Gateway has once for an account and Region (docs/operations.md). */
      webSocket: z.boolean().default(true),
      /** `existing`: the account has that role. `create`: the stack sets it, for every API of the account and Region. */
      accountRole: z.enum(['existing', 'create']).default('existing'),
    })
    .prefault({}),
  alarms: z
    .strictObject({
      /** An SNS topic that CloudWatch may publish to; null makes one, encrypted. */
      topicArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 'must be the ARN of an SNS topic')
        .nullable()
        .default(null),
      /** Each is asked to confirm by a mail. */
      emails: z.array(z.email()).max(100).default([]),
    })
    .prefault({}),
  /** X-Ray traces of the functions, sampled as X-Ray is set up to; charged for each trace. */
  tracing: z.boolean().default(false),
  /** Metrics of each route (DetailedMetricsEnabled): CloudWatch charges for them as custom metrics. */
  detailedMetrics: z.boolean().default(false),
  maxWebhookBytes: z.number().int().min(1_024).max(1_048_576).default(1_048_576),
});

export const settingsSchema = given
  .transform((settings) => ({ ...settings, ...concurrencyOf(settings) }))
  .superRefine((settings, context) => {
    const { queue, functions } = settings;
    checkConsumer(settings, context);
    checkIngest(settings, context);
    if (queue.batchSize > 10 && queue.batchWindowSeconds < 1) {
      context.addIssue({
        code: 'custom',
        path: ['queue', 'batchWindowSeconds'],
        message: 'must be at least 1 when batchSize is over 10',
      });
    }
    const { provisionedPollers } = queue;
    if (provisionedPollers !== null && provisionedPollers.minimum > provisionedPollers.maximum)
      context.addIssue({
        code: 'custom',
        path: ['queue', 'provisionedPollers', 'minimum'],
        message: `must be at most the maximum (${provisionedPollers.maximum})`,
      });
    if (provisionedPollers !== null && queue.maximumConcurrency !== null)
      context.addIssue({
        code: 'custom',
        path: ['queue', 'maximumConcurrency'],
        message: 'must be null beside provisionedPollers: an event source has one or the other',
      });
    if (settings.eventTtlSeconds <= queue.visibilityTimeoutSeconds) {
      context.addIssue({
        code: 'custom',
        path: ['eventTtlSeconds'],
        message: `must be greater than the queue's visibilityTimeoutSeconds (${queue.visibilityTimeoutSeconds}): otherwise an event is forgotten before its message is redelivered`,
      });
    }
    if ((settings.replayWindowSeconds ?? 0) > settings.eventTtlSeconds) {
      context.addIssue({
        code: 'custom',
        path: ['replayWindowSeconds'],
        message: `must be at most eventTtlSeconds (${settings.eventTtlSeconds}): otherwise an event is forgotten while it can still be replayed`,
      });
    }
    const { accountConcurrency } = settings;
    const unreserved = (accountConcurrency ?? Number.POSITIVE_INFINITY) - totalReserved(functions);
    if (accountConcurrency !== null && totalReserved(functions) > 0 && unreserved < floorOf(accountConcurrency)) {
      context.addIssue({
        code: 'custom',
        path: ['functions'],
        message: `reserve ${totalReserved(functions)} of the account's ${accountConcurrency} concurrent executions: Lambda keeps at least ${floorOf(accountConcurrency)} unreserved. Lower a reservedConcurrency`,
      });
    }
    const reserved = functions.deliver.reservedConcurrency;
    const most = provisionedPollers
      ? provisionedPollers.maximum * executionsOfPoller
      : (queue.maximumConcurrency ?? Number.POSITIVE_INFINITY);
    if (reserved !== null && most > reserved) {
      context.addIssue({
        code: 'custom',
        path: ['queue', provisionedPollers ? 'provisionedPollers' : 'maximumConcurrency'],
        message: provisionedPollers
          ? `invoke up to ${most} executions, and the deliver function reserves ${reserved}: the poller is throttled and messages end up in the dead-letter queue. Lower the maximum, or raise reservedConcurrency`
          : `must be set and at most the deliver function's reservedConcurrency (${reserved}): otherwise the poller is throttled and messages end up in the dead-letter queue`,
      });
    }
  });

/** What one provisioned poller invokes at a time. Lambda developer guide, SQS scaling, read November 2026. */
const executionsOfPoller = 10;

/** Of all functions that reserve any. */
export const totalReserved = (functions: z.infer<typeof given>['functions']): number =>
  Object.values(functions).reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);

/** Functions and queue, with the shares of the webhooks' functions where the account's concurrency is stated and they have none of their own. */
function concurrencyOf(settings: z.infer<typeof given>) {
  const { accountConcurrency, functions, ingest } = settings;
  const queue = withQueueTimes(settings);
  if (accountConcurrency === null || settings.compute === 'server') return { functions, queue };
  const shares = webhookShares(accountConcurrency, {
    reserved: totalReserved(functions),
    deliver: functions.deliver.reservedConcurrency,
  });
  // Only the variant `lambda` has an ingest function.
  const reserved = ingest !== 'lambda' ? null : (functions.ingest.reservedConcurrency ?? shares.ingest);
  return {
    functions: { ...functions, ingest: { ...functions.ingest, reservedConcurrency: reserved } },
    queue: {
      ...queue,
      maximumConcurrency: queue.maximumConcurrency ?? (queue.provisionedPollers === null ? shares.deliver : null),
    },
  };
}

export type StackSettings = z.infer<typeof settingsSchema>;
/** Settings as given by a caller: every field has a default. */
export type StackSettingsInput = z.input<typeof settingsSchema>;

/** Validates settings and fills in the defaults. Throws a ZodError whose issues name the path of each bad field. */
export function parseSettings(input: StackSettingsInput = {}): StackSettings {
  return settingsSchema.parse(input);
}
