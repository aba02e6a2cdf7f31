import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../../aws/token-bucket.ts';
import { resolveLimits } from './resolve-limits.ts';

/** Offers `ratePerSecond` requests evenly over `seconds`, starting at 0; the answer to each, in order. */
function offer(bucket: TokenBucket, ratePerSecond: number, seconds: number): { atMs: number; taken: boolean }[] {
  return Array.from({ length: ratePerSecond * seconds }, (_, index) => {
    const atMs = (index * 1_000) / ratePerSecond;
    return { atMs, taken: bucket.take(atMs) };
  });
}

const scales = [1, 0.1, 0.01] as const;
const buckets = ['accountThrottle', 'newConnections', 'environmentScaling'] as const;
describe.each(scales.flatMap((scale) => buckets.map((name) => [name, scale] as const)))(
  '%s at a scale of %d',
  (name, quotaScale) => {
    const { ratePerSecond, burst } = resolveLimits({ quotaScale })[name];
    // Long enough to use up the burst, plus ten seconds of steady state.
    const emptySecond = Math.ceil(burst / ratePerSecond);
    const answers = offer(new TokenBucket({ ratePerSecond, burst }, 0), 2 * ratePerSecond, emptySecond + 10);

    test('offered twice its rate, the first refusal comes at burst / (λ − r) within 5%', () => {
      const first = answers.find(({ taken }) => !taken)?.atMs ?? Number.NaN;
      const expectedMs = (burst / ratePerSecond) * 1_000;
      // With few tokens, one arrival is the best possible precision.
      const toleranceMs = Math.max(0.05 * expectedMs, 1_000 / ratePerSecond);
      expect(Math.abs(first - expectedMs)).toBeLessThanOrEqual(toleranceMs);
    });

    test('and then its rate is accepted, within 1%', () => {
      const accepted = answers.filter(({ atMs, taken }) => taken && atMs >= emptySecond * 1_000).length / 10;
      // One request more or less depends on where the window starts.
      expect(Math.abs(accepted - ratePerSecond)).toBeLessThanOrEqual(Math.max(0.01 * ratePerSecond, 0.1));
    });
  },
);
