/** The setting `fallback`: what the browser's client asks over HTTP (docs/client.md). */
import { z } from 'zod';

/** With the time of an answer, within the longest timeout of a function behind an API (29 s). */
const longestHoldSeconds = 25;
const answerSeconds = 4;
const heldByTasksSeconds = 20;

/** The stage of the rollout, and events of the last while, for whoever polls or was away. Null: none, since each event costs one more write. */
export const fallbackSchema = z
  .strictObject({
    /** How long events are kept for clients that come back. */
    recentSeconds: z.number().int().min(300).max(86_400).default(3_600),
    /**
     * How long a read of events that finds nothing new is held at most (long poll): the event then comes at once. 0: answered at once. Null: 20 of a service of tasks, where
     * a request that waits costs next to nothing, and 0 of functions, where it is an execution that waits. Below the 30 s of an HTTP API's integration.
     */
    holdSeconds: z.number().int().min(0).max(longestHoldSeconds).nullable().default(null),
    /** Pages of these origins may ask. */
    origins: z
      .array(z.string().regex(/^(\*|https?:\/\/[^/]+)$/, 'must be an origin such as https://app.example.com, or *'))
      .min(1)
      .default(['*']),
    /** Of its stage (functions). Everybody polls when a stage is rolled back. */
    throttle: z
      .strictObject({
        ratePerSecond: z.number().positive().default(2_000),
        burst: z.number().int().positive().default(1_000),
      })
      .prefault({}),
  })
  .nullable()
  .default(null);

interface WithFallback {
  fallback: z.infer<typeof fallbackSchema>;
  compute: string;
}

/** How long reads are held; 0: not at all. */
export const holdSecondsOf = ({ fallback, compute }: WithFallback): number =>
  fallback === null ? 0 : (fallback.holdSeconds ?? (compute === 'server' ? heldByTasksSeconds : 0));

/** Of the function that serves it: as long as it may hold a read, and then answer. `given`: by its own setting. */
export const fallbackTimeoutSeconds = (settings: WithFallback, given: number): number =>
  Math.max(given, holdSecondsOf(settings) + answerSeconds);
