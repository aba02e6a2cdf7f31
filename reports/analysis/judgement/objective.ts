/** One objective of the plan against the measurements. */
import type { Observation } from '../../../record/observation.ts';
import type { GeneratorHealth } from '../generator.ts';
import { steadyReasons } from '../generator.ts';
import type { LatencyRow, PercentileMs } from '../latency.ts';
import type { Ledger } from '../ledger.ts';
import type { GeneratorDoubt } from './soundness.ts';

export interface SloRow {
  id: string;
  name: string;
  unit: 'ms' | 'share';
  limit: number;
  /** Null: nothing was measured, it was not judged, or there is no such percentile because too much failed (`failedShare`). */
  measured: number | null;
  kept: boolean | null;
  tooFewSamples: boolean;
  /** Of a latency, in ms; null where it is not known. */
  interval95: PercentileMs['interval95'];
  /** Of a percentile that lies among what failed: the share that failed, 0 to 1. Null otherwise. */
  failedShare: number | null;
  /** Why it was not judged; null where it was. */
  notJudged: { kind: 'notMeasured' } | GeneratorDoubt | null;
}

/** Of an objective of one route: that of the plan's own, with the route before it. */
export const idOfRoute = (route: string, id: string): string => `routes.${route}.${id}`;
/** What the objective would be called if it were of all. */
export const wholeId = (id: string): string =>
  id.replace(/^routes\..*\.((?:\w+\.)?errorShare|roundTripP99Ms|deliveryP99Ms)$/s, '$1');

/** What a row is judged by. */
export interface Judged {
  observation: Pick<Observation, 'client' | 'clock'>;
  latency: readonly LatencyRow[];
  ledger: Ledger;
  generator: GeneratorHealth;
}

export type Finding = Omit<SloRow, 'id' | 'name' | 'unit' | 'limit'>;

export const nothingMeasured: Finding = {
  ...{ measured: null, kept: null, tooFewSamples: false, interval95: null, failedShare: null },
  notJudged: { kind: 'notMeasured' },
};

export const unjudged = (notJudged: GeneratorDoubt): Finding => ({ ...nothingMeasured, notJudged });

/** The steady state as a whole is in doubt, so nothing of it is judged. Null when it is not. */
export function steadyDoubt(generator: GeneratorHealth): GeneratorDoubt | null {
  if (steadyReasons(generator).length === 0) return null;
  const { longestStallMs = null } = generator.phases.steady ?? {};
  return { kind: 'generator', of: 'phase', phase: 'steady', delayedShare: 1, longestStallMs };
}
