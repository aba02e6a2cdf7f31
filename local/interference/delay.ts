/** A delay in milliseconds: fixed, or a distribution given by its quantiles. */
import { z } from 'zod';
import { longestTimerMs } from '../process/sleep.ts';

const ms = z.number().min(0).max(longestTimerMs);
const quantilesSchema = z
  .strictObject({
    /** Default: half of p50Ms. */
    minMs: ms.optional(),
    p50Ms: ms,
    /** Default: interpolated between p50Ms and p99Ms (over ln ms). */
    p90Ms: ms.optional(),
    p99Ms: ms,
    /** Default: twice p99Ms. */
    maxMs: ms.optional(),
  })
  .superRefine((quantiles, context) => {
    const given = (['minMs', 'p50Ms', 'p90Ms', 'p99Ms', 'maxMs'] as const).filter(
      (key) => quantiles[key] !== undefined,
    );
    for (const [index, key] of given.entries()) {
      const before = given[index - 1];
      if (before === undefined || Number(quantiles[key]) >= Number(quantiles[before])) continue;
      context.addIssue({ code: 'custom', path: [key], message: `expected a number of at least ${before}` });
    }
  });

export const delaySchema = z.union([ms, quantilesSchema], {
  error: 'expected milliseconds, or quantiles: p50Ms and p99Ms, optionally minMs, p90Ms and maxMs',
});
export type Quantiles = z.infer<typeof quantilesSchema>;
export type Delay = z.infer<typeof delaySchema>;

/**
 * The delay at a probability u in [0, 1): between two quantiles of the table, ln ms is linear in the probability, so that the
 * quantiles of a log-normal nearly reproduce it. p50, p90 and p99 are reproduced exactly; the shape
 * between them is an assumption.
 */
export function delayAt(delay: Delay, u: number): number {
  if (typeof delay === 'number') return delay;
  const points = pointsOf(delay);
  const above = points.findIndex(([probability]) => probability > u);
  const [fromU, fromMs] = points[above - 1] ?? [0, 0];
  const [toU, toMs] = points[above] ?? [1, fromMs];
  const share = (u - fromU) / (toU - fromU);
  // There is no logarithm of zero: there the interpolation is linear.
  return fromMs > 0 ? fromMs * (toMs / fromMs) ** share : toMs * share;
}

function pointsOf({ minMs, p50Ms, p90Ms, p99Ms, maxMs }: Quantiles): readonly (readonly [number, number])[] {
  return [
    [0, minMs ?? p50Ms / 2],
    [0.5, p50Ms],
    ...(p90Ms === undefined ? [] : ([[0.9, p90Ms]] as const)),
    [0.99, p99Ms],
    [1, maxMs ?? 2 * p99Ms],
  ];
}
