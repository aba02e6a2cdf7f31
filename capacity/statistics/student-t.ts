/** Student's t distribution. */
import { bisect, regularisedBeta } from './incomplete-beta.ts';

/** P(T > t) for t ≥ 0: I_{ν/(ν+t²)}(ν/2, ½) / 2. ν degrees of freedom, > 0, need not be whole. */
function upperTail(t: number, degreesOfFreedom: number): number {
  const x = degreesOfFreedom / (degreesOfFreedom + t * t);
  // Near t = 0 x rounds to 1: the complement keeps the digits.
  if (x > 0.5) return 0.5 - regularisedBeta((t * t) / (degreesOfFreedom + t * t), 0.5, degreesOfFreedom / 2) / 2;
  return regularisedBeta(x, degreesOfFreedom / 2, 0.5) / 2;
}

/** P(T ≤ t). ν degrees of freedom, > 0. */
export const studentTDistribution = (t: number, degreesOfFreedom: number): number =>
  t >= 0 ? 1 - upperTail(t, degreesOfFreedom) : upperTail(-t, degreesOfFreedom);

/**
 * The p-quantile of Student's t: t with P(T ≤ t) = p. "Student", Biometrika 6, 1908. Closed form for 1 and 2 degrees of freedom, otherwise the
 * incomplete beta function inverted by bisection; 12 digits. ±∞ at p = 1 and 0; NaN outside 0..1 or when ν is not above 0.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p >= 0 && p <= 1 && degreesOfFreedom > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentTQuantile(1 - p, degreesOfFreedom);
  if (p === 1) return Number.POSITIVE_INFINITY;
  const tail = 1 - p;
  if (degreesOfFreedom === 1) return 1 / Math.tan(Math.PI * tail);
  if (degreesOfFreedom === 2) return (2 * p - 1) / Math.sqrt(2 * p * tail);
  let high = 2;
  while (upperTail(high, degreesOfFreedom) > tail) high *= 2;
  return bisect((t) => tail - upperTail(t, degreesOfFreedom), 0, high);
}
