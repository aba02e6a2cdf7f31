/** The latency of one operation, and the source of the figure. */
import { z } from 'zod';
import { delaySchema } from './delay.ts';

export const latencySchema = z.strictObject({
  delay: delaySchema,
  /** Where the figure comes from. */
  source: z.string().default('given by the user'),
  /** Month in which it was read, as 2026-11. */
  readOn: z.string().optional(),
  /**
   * `published`: these quantiles were; `derived`: from published figures of something near, the steps are in the source;
   * `assumed`: no figure was found.
   */
  confidence: z.enum(['published', 'derived', 'assumed']).default('assumed'),
});
export type Latency = z.input<typeof latencySchema>;
