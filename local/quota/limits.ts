/**
 * The quotas that the local target enforces: AWS's, with the defaults and the scaling laws of aws/quotas, under the same ids (a time has its
 * unit in its name), and this target's own limits. Explicit settings are used unchanged. See resolve-limits.ts.
 */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { QuotaFact } from '../../aws/quotas/quota.ts';
import { type QuotaId, quotaFact } from '../../aws/quotas/table.ts';
import { assumptionsSchema } from '../gateway/assumptions.ts';

/** How a default follows `quotaScale` or `timeScale`. Counts stay whole and at least 1; rates keep their fractions. `retryTime`: as `connectionTime`. */
export type Scaling = NonNullable<QuotaFact['scales']> | 'retryTime';

const scaling = (scales: Scaling | null) => (scales === null ? {} : { scales });

/** A rate in 1/s, or per minute: its name says so. */
const rate = (id: QuotaId) => {
  const { default: value, scales } = quotaFact(id);
  return z.number().positive().default(value).meta(scaling(scales));
};
/** A whole number of simultaneous things (concurrency, messages in flight), or a size. */
const count = (id: QuotaId) => {
  const { default: value, scales } = quotaFact(id);
  return z.number().int().positive().default(value).meta(scaling(scales));
};
/** Maximum duration of a WebSocket, in ms. */
const milliseconds = (id: QuotaId) => {
  const { default: seconds, scales } = quotaFact(id);
  return z
    .number()
    .positive()
    .default(1_000 * seconds)
    .meta(scaling(scales));
};
/** A token bucket. If AWS documents no burst, it is one second's worth. `region`: its default, where it has one of its own. */
const bucket = (id: QuotaId, region?: string) => {
  const { default: usual, burst, regions, scales } = quotaFact(id);
  const value = regions.find((each) => region !== undefined && each.regions.includes(region))?.default ?? usual;
  return z
    .strictObject({
      ratePerSecond: z.number().positive().default(value).meta(scaling(scales)),
      burst: z
        .number()
        .int()
        .positive()
        .default(burst ?? value)
        .meta(scaling('count')),
    })
    .prefault({});
};

export const limitsSchema = z.strictObject({
  /**
   * Multiplies every rate, burst, concurrency, in-flight and unit limit that is not set explicitly, and with them the template's own
   * throttles, reserved concurrency and poller settings: AWS's quotas in proportion, within reach of one machine. Sizes and durations stay.
   */
  quotaScale: z.number().positive().max(1_000).default(1),
  /**
   * Divides idle timeout and lifetime of WebSockets, and waits and ages of asynchronous invocations, where they are not set explicitly, and the
   * template's own ages of these; nothing else.
   */
  timeScale: z.number().min(1).max(100_000).default(1),
  /** Shared by every API and by @connections. */
  accountThrottle: bucket('accountThrottle'),
  /** Handshakes of all WebSocket APIs together. */
  newConnections: bucket('newConnections'),
  /** Without data in either direction. */
  webSocketIdleMs: milliseconds('webSocketIdle'),
  /** Then the connection is closed by force. */
  webSocketLifetimeMs: milliseconds('webSocketLifetime'),
  /** A longer one closes the connection with 1009. */
  webSocketFrameBytes: count('webSocketFrameBytes'),
  /** Also the maximum of an @connections post. */
  webSocketMessageBytes: count('webSocketMessageBytes'),
  /**
   * How much may be buffered for a slow client before a post gets 429 LimitExceeded; route answers and pongs are dropped beyond it. AWS
   * documents no figure: a setting.
   */
  clientBufferBytes: z.number().int().positive().default(1_048_576),
  /** A larger one is answered 413. */
  httpPayloadBytes: count('httpPayloadBytes'),
  /** Of the account; reserved concurrency is subtracted from it. */
  accountConcurrency: count('accountConcurrency'),
  /**
   * The part of the account's concurrency that cannot be reserved. Lambda developer guide, "Configuring reserved concurrency". An account
   * whose concurrency is no higher than this has a floor of 10 (seen in error messages of accounts with a limit of 10: confidence M).
   */
  unreservedConcurrencyFloor: count('unreservedConcurrencyFloor'),
  /**
   * New execution environments of one function: 1,000 every 10 s, refilled continuously, not accrued beyond 1,000. Lambda developer guide,
   * "Lambda function scaling". Like any concurrency, it has no effect beyond the environments of this machine (`maxEnvironments`).
   */
  environmentScaling: bucket('environmentScaling'),
  /** Synchronous requests/s for each unit of concurrency, of the unreserved pool and of a reserved function. Lambda quotas. */
  invocationsPerSecondPerConcurrency: rate('reservedInvocationRate'),
  /** Burst of that rate, in seconds of it. AWS documents no figure: a setting. */
  invocationBurstSeconds: z.number().positive().default(1),
  /** Time limit of the init phase. Beyond it, init is retried at the first invocation, under the function's timeout. */
  initLimitMs: z.number().positive().default(10_000),
  /** Added to every cold start; the init itself really runs. */
  coldStartExtraMs: z.number().min(0).default(0),
  /**
   * Slows handlers down as a share of a CPU would: after an invocation that used c ms of processor time, a pause of
   * c × (1,769 / memory − 1) ms, for functions under 1,769 MB (one vCPU, Lambda developer guide). Modelled: waiting is not stretched,
   * and nothing gets faster above 1,769 MB. Off by default.
   */
  cpuByMemory: z.boolean().default(false),
  /** Payload of an asynchronous invocation. */
  asyncPayloadBytes: count('asyncPayloadBytes'),
  /** Retries of a failed asynchronous invocation, where the function's EventInvokeConfig says nothing. Lambda developer guide, "How Lambda handles errors". */
  asyncRetries: z.number().int().min(0).max(2).default(2),
  /** Before the first retry; before the second, twice that. Same source: one minute, two minutes. */
  asyncRetryDelayMs: z.number().min(0).default(60_000).meta(scaling('retryTime')),
  /** For how long a failed or throttled asynchronous invocation is retried, where the function's EventInvokeConfig says nothing: 6 h. Same source. */
  asyncMaxAgeMs: z.number().positive().default(21_600_000).meta(scaling('retryTime')),
  /** Initial concurrent batches of an SQS event source. Lambda developer guide, "Scaling behavior for SQS event source mappings". */
  pollerInitialConcurrency: count('pollerInitialConcurrency'),
  /** Increase per minute while there is a backlog. Same source. */
  pollerGrowthPerMinute: rate('pollerGrowthPerMinute'),
  /** Maximum, without a MaximumConcurrency in the template. Same source. */
  pollerMaxConcurrency: count('pollerMaxConcurrency'),
  /**
   * Maximum number of Lambda environments on this machine: a limit of the local target, not of AWS.
   * An invocation that AWS would serve in a new environment waits here until one is free, and is counted.
   */
  maxEnvironments: z
    .number()
    .int()
    .min(1)
    .default(Math.max(10, 4 * availableParallelism())),
  /**
   * Environments that may start simultaneously: a cold start takes a whole core for a tenth of a second or more. While they start,
   * further invocations take the next environment that is free; AWS would start one for each.
   */
  maxStartingEnvironments: z
    .number()
    .int()
    .min(1)
    .default(Math.max(1, Math.floor(availableParallelism() / 2))),
  /**
   * How long an invocation waits for a busy environment before another is started for it; AWS does not wait (0). On a machine
   * of a few cores another environment adds no capacity, and its cold start slows all others down.
   */
  environmentPatienceMs: z.number().min(0).default(100),
  /**
   * Invocations that may wait for an environment of this machine, of all functions: a limit of the local target, not of AWS. Beyond it, an invocation fails
   * with `Local.Overloaded` and counts as refused by `machineInvocations`. Each takes one to two kilobytes in addition to its event.
   */
  maxWaitingInvocations: z.number().int().min(1).default(50_000),
  /** An idle environment ends after this long. AWS documents no figure: a setting. */
  idleEnvironmentMs: z.number().positive().default(300_000),
  /**
   * Initial throughput of a new on-demand table and each of its global secondary indexes, in write and read units.
   * Source: DynamoDB developer guide, on-demand capacity; confidence high. The burst is one second's worth: not documented.
   */
  dynamodbOnDemandWrite: bucket('dynamodbOnDemandWrite'),
  dynamodbOnDemandRead: bucket('dynamodbOnDemandRead'),
  /**
   * On-demand accepts twice the previous peak, where a peak counts as previous once it is this old. AWS says that growth of more
   * than twice within 30 minutes may be throttled (confidence high); that it always is, is this target's model.
   */
  dynamodbGrowthWindowMs: z.number().positive().default(1_800_000),
  /** Maximum of one table or index, however far it has grown. */
  dynamodbTableWrite: bucket('dynamodbTableWrite'),
  dynamodbTableRead: bucket('dynamodbTableRead'),
  /** One physical partition, not adjustable; confidence high. The burst of one second is not documented. */
  dynamodbPartitionWrite: bucket('dynamodbPartitionWrite'),
  dynamodbPartitionRead: bucket('dynamodbPartitionRead'),
  /**
   * Which keys share a partition, which AWS does not reveal. `hash`: as many partitions as the table's throughput needs, each with
   * an equal share of the hashed keys. `key`: every partition key has its own, the best that AWS's split for heat can
   * achieve. `none`: no limit by partition.
   */
  dynamodbPartitions: z.enum(['hash', 'key', 'none']).default('hash'),
  /** Seconds of unused provisioned capacity that are kept; AWS: up to 300, not guaranteed. A table starts with all of it. */
  dynamodbProvisionedBurstSeconds: z.number().min(1).default(300),
  /**
   * How long after its expiry an item is deleted in the background. null: never, because AWS only promises "within a few
   * days" and returns expired items until then.
   */
  dynamodbTimeToLiveDelayMs: z.number().min(0).nullable().default(null),
  /** Messages received but not yet deleted, per queue; about 120,000, raised by AWS Support. Confidence high. */
  sqsInFlightMessages: count('sqsInFlightMessages'),
  /** Of a FIFO queue and each API action, in requests/s; a batch is one. The burst of one second is not documented. Confidence high. */
  sqsFifoRequests: rate('sqsFifoRequests'),
  /** The same with FifoThroughputLimit perMessageGroupId: the least of all Regions. Confidence medium. */
  sqsFifoHighThroughput: rate('sqsFifoHighThroughput'),
  /** Message, and all messages of a batch together. 1 MiB since August 2025; confidence high. */
  sqsMessageBytes: z.number().int().min(1_024).max(1_048_576).default(quotaFact('sqsMessageBytes').default),
  /** Requests to all buses, of 1 to 10 events each, in us-east-1. The burst of one second is not documented. Confidence high. */
  eventBridgePutEvents: bucket('eventBridgePutEvents', 'us-east-1'),
  /** Of targets by rules, in us-east-1: beyond it they are delayed, not refused. The burst of one second is not documented. Confidence high. */
  eventBridgeInvocations: bucket('eventBridgeInvocations', 'us-east-1'),
  /** Long polls that stay open without traffic. AWS: 5, and "may" go down to 2 where MaximumConcurrency is not set. */
  pollerIdleConcurrency: z.number().int().min(1).max(5).default(5),
  /**
   * Maximum WebSockets per gateway process: a limit of this machine, not of AWS. An upgrade beyond it is refused with 503.
   * null: the process's limit of open files, less 1,000.
   */
  connectionsPerProcess: z.number().int().min(1).nullable().default(null),
  /** Maximum size of an authorizer's result. More is a failure of the authorizer. */
  authorizerResultBytes: count('authorizerResultBytes'),
  /** How long an HTTP API waits for the answer of a Lambda authorizer: AWS's own 10 s. Longer is a failure of the authorizer. */
  httpAuthorizerTimeoutMs: z.number().positive().default(10_000),
  /** How long a JWT authorizer waits for its issuer: 1,500 ms on AWS for the discovery document, and as long for the keys. */
  jwtIssuerTimeoutMs: z.number().positive().default(1_500),
  /** Length of the URL of a handshake: path and query. */
  webSocketUrlCharacters: count('webSocketUrlCharacters'),
  /** Undocumented behaviour of API Gateway: see gateway/assumptions.ts. */
  assumptions: assumptionsSchema.prefault({}),
  /** Status of an HTTP API whose function is throttled. Not documented by AWS: a setting. */
  httpLambdaThrottledStatus: z.number().int().default(503),
  /** Status of a handshake whose function is throttled. Not documented by AWS: a setting. */
  connectLambdaThrottledStatus: z.number().int().default(500),
  /**
   * How long a database that has ended is gone before it answers again. RDS user guide: 60 to 120 s are typical for a failover of an instance in two zones.
   */
  databaseFailoverMs: z.number().min(0).default(60_000),
  /** decisions.ndjson in the log folder grows to this; later refusals are summed up in its last lines. */
  decisionLogBytes: z.number().int().positive().default(16_777_216),
});
export type Limits = z.infer<typeof limitsSchema>;
export type LimitsInput = z.input<typeof limitsSchema>;
