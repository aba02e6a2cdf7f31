/** What one unit of load costs: a ratio of totals, with an interval from batches of the same stretch of time. Pure. */
import { studentTQuantile } from '../statistics/student-t.ts';

/** A stretch of time: units of load in it (connects, messages …), and what they used of something. */
export interface Batch {
  units: number;
  use: number;
}

export type UnitCost =
  | {
      kind: 'value';
      value: number;
      /** Half of the 95% interval; null where it is not known. */
      margin: number | null;
      /** Units that it was measured over. */
      units: number;
    }
  | { kind: 'unknown'; reason: string };

/** Fewer say nothing about how much they vary. */
const fewestBatches = 4;
const confidence = 0.95;

/** `whole`: all of the stretch, with what came late. `batches`: parts of it, which need not add up to it. */
export function unitCost(whole: Batch, batches: readonly Batch[]): UnitCost {
  if (whole.units <= 0) return { kind: 'unknown', reason: 'There was no such load.' };
  return { kind: 'value', value: whole.use / whole.units, margin: marginOf(batches), units: whole.units };
}

/**
 * t · SE of r = Σuse / Σunits, with SE = √(K/(K−1) · Σ(use − r·units)²) / Σunits over K batches, and Student's t with K − 1 degrees of freedom.
 * W. G. Cochran, Sampling Techniques, 1977, eq. 6.13, for a ratio. Holds where batches are independent: longer than what one leaves for the next.
 */
function marginOf(batches: readonly Batch[]): number | null {
  const count = batches.length;
  const total = (of: (batch: Batch) => number) => batches.reduce((sum, batch) => sum + of(batch), 0);
  const units = total((batch) => batch.units);
  if (count < fewestBatches || units <= 0) return null;
  const ratio = total(({ use }) => use) / units;
  const squares = total((batch) => (batch.use - ratio * batch.units) ** 2);
  const standardError = Math.sqrt((count / (count - 1)) * squares) / units;
  return studentTQuantile(1 - (1 - confidence) / 2, count - 1) * standardError;
}
