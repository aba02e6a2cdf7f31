/** The latency of one operation, and the source of the figure. */
import { z } from 'zod';
import { delaySchema } from './delay.ts';

export const latencySchema = z.strictObject({
  delay: delaySchema,
  /** Source of the figure. */
  source: z.string().default('given by the user'),
  /** Month in which it was read, as 2026-11. */
  readOn: z.string().optional(),
  /**
   * `published`: these quantiles were; `derived`: from published figures of something similar, as explained in the source;
   * `assumed`: no figure was found.
   */
  confidence: z.enum(['published', 'derived', 'assumed']).default('assumed'),
});
export type Latency = z.input<typeof latencySchema>;
