/** The setting `fallback`: what the browser's client asks over HTTP (docs/client.md). */
import { z } from 'zod';

/** The stage of the rollout, and events of the last while, for whoever polls or was away. Null: none, since each event costs one more write. */
export const fallbackSchema = z
  .strictObject({
    /** How long events are kept for clients that come back. */
    recentSeconds: z.number().int().min(300).max(86_400).default(3_600),
    /** Pages of these origins may ask. */
    origins: z
      .array(z.string().regex(/^(\*|https?:\/\/[^/]+)$/, 'must be an origin such as https://app.example.com, or *'))
      .min(1)
      .default(['*']),
    /** Of its stage. Everybody polls when a stage is rolled back. */
    throttle: z
      .strictObject({
        ratePerSecond: z.number().positive().default(2_000),
        burst: z.number().int().positive().default(1_000),
      })
      .prefault({}),
  })
  .nullable()
  .default(null);

/** It is a function over the table of DynamoDB. */
export function checkFallback(
  { fallback, store, compute }: { fallback: z.infer<typeof fallbackSchema>; store: string; compute: string },
  context: z.RefinementCtx,
): void {
  if (fallback === null || (store === 'dynamodb' && compute === 'lambda')) return;
  context.addIssue({
    code: 'custom',
    path: ['fallback'],
    message:
      'needs the store dynamodb and compute lambda: a function serves it from the table. Leave it out, or change those',
  });
}
