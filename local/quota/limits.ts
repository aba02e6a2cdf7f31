/** The quotas that the local target enforces. Values are AWS's defaults for us-east-1, read November 2026. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';

const rate = (defaults: { ratePerSecond: number; burst: number }) =>
  z
    .strictObject({
      ratePerSecond: z.number().positive().default(defaults.ratePerSecond),
      burst: z.number().int().positive().default(defaults.burst),
    })
    .prefault({});

export const limitsSchema = z.strictObject({
  /** L-8A5B8E43 and L-CDF5615A: shared by every API and by @connections. */
  accountThrottle: rate({ ratePerSecond: 10_000, burst: 5_000 }),
  /** L-9ED1E49A and L-E1465507. */
  newConnections: rate({ ratePerSecond: 500, burst: 500 }),
  /** L-60AC41CD. */
  webSocketIdleMs: z.number().positive().default(600_000),
  /** L-A6CCE716. */
  webSocketLifetimeMs: z.number().positive().default(7_200_000),
  /** L-E11F7D5D. */
  webSocketFrameBytes: z.number().int().positive().default(32_768),
  /** L-FD0EB744; also the most that one @connections post takes. */
  webSocketMessageBytes: z.number().int().positive().default(131_072),
  /** How much may wait for a slow client before a post gets 429 LimitExceeded. AWS documents no figure: a setting. */
  clientBufferBytes: z.number().int().positive().default(1_048_576),
  /** HTTP API payload, L-not-adjustable: 10 MB. */
  httpPayloadBytes: z.number().int().positive().default(10_485_760),
  /** L-B99A9384. */
  accountConcurrency: z.number().int().positive().default(1_000),
  /**
   * Lambda environments that may live at once on this machine: a limit of the local target, not of AWS.
   * An invocation that AWS would serve in a new environment waits here until one is free, and is counted.
   */
  maxEnvironments: z
    .number()
    .int()
    .min(1)
    .default(Math.max(10, 4 * availableParallelism())),
  /**
   * Environments that may start at once: a cold start takes a whole core for a tenth of a second and more. While they start,
   * further invocations take the next environment that is free; AWS would start one for each.
   */
  maxStartingEnvironments: z
    .number()
    .int()
    .min(1)
    .default(Math.max(1, Math.floor(availableParallelism() / 2))),
  /**
   * How long an invocation waits for a busy environment before another is started for it; AWS does not wait (0). On a machine
   * of a few cores an environment more is no capacity more, and its cold start takes from all others.
   */
  environmentPatienceMs: z.number().min(0).default(100),
  /** An environment without work ends after this long. AWS documents no figure: a setting. */
  idleEnvironmentMs: z.number().positive().default(300_000),
  /** Status of an HTTP API whose function is throttled. Not documented by AWS: a setting. */
  httpLambdaThrottledStatus: z.number().int().default(503),
  /** Status of a handshake whose function is throttled. Not documented by AWS: a setting. */
  connectLambdaThrottledStatus: z.number().int().default(500),
});
export type Limits = z.infer<typeof limitsSchema>;
export type LimitsInput = z.input<typeof limitsSchema>;
