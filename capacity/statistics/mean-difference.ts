/** How far the means of two small samples are apart, and how sure that is. */
import { studentTQuantile } from './student-t.ts';

export type MeanDifference =
  | { kind: 'value'; difference: number; lower: number; upper: number }
  /** Nothing says how much values of a kind differ among themselves. */
  | { kind: 'refused'; reason: 'noSpread' | 'empty' };

/**
 * mean(after) − mean(before) ± t · s · √(1/m + 1/n), with the pooled variance s² = (Σ(xᵢ − x̄)² + Σ(yᵢ − ȳ)²) / (m + n − 2) and t of m + n − 2 degrees of freedom. "Student",
 * Biometrika 6, 1908; R. A. Fisher, Metron 5, 1925. Holds for independent values whose spread is the same on both sides; the spread of one side serves for a single value on the
 * other. With two single values there is none. Pass logarithms for ratios.
 */
export function meanDifference(
  before: readonly number[],
  after: readonly number[],
  confidence: number,
): MeanDifference {
  if (before.length === 0 || after.length === 0) return { kind: 'refused', reason: 'empty' };
  const degreesOfFreedom = before.length + after.length - 2;
  if (degreesOfFreedom === 0) return { kind: 'refused', reason: 'noSpread' };
  const difference = mean(after) - mean(before);
  const variance = (squares(before) + squares(after)) / degreesOfFreedom;
  const error = Math.sqrt(variance * (1 / before.length + 1 / after.length));
  const half = error === 0 ? 0 : quantile((1 + confidence) / 2, degreesOfFreedom) * error;
  return { kind: 'value', difference, lower: difference - half, upper: difference + half };
}

/** A comparison asks for the same few many times, and each is a bisection. */
const quantiles = new Map<string, number>();
function quantile(p: number, degreesOfFreedom: number): number {
  const key = `${p} ${degreesOfFreedom}`;
  const known = quantiles.get(key) ?? studentTQuantile(p, degreesOfFreedom);
  quantiles.set(key, known);
  return known;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function squares(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}
