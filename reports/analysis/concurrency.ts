/** Concurrency of each function in the run: Little's law against what CloudWatch measured. */
import type { Coefficients, Role } from '../../capacity/demand/coefficients.ts';
import { momentaryConcurrency } from '../../capacity/demand/little.ts';
import type { Load } from '../../capacity/demand/load.ts';
import { burstMoment, concurrencyOf, meanMoment } from '../../capacity/demand/rates.ts';
import type { Known } from '../../capacity/known.ts';
import type { Observation } from '../../record/observation.ts';
import { approx } from './numbers.ts';
import { maxOfSeries } from './series.ts';
import type { Reason } from './warnings/reason.ts';

export interface ConcurrencyRow {
  role: Role;
  /** Rate × mean duration at the steady rates, and in the burst; null when not measured. */
  steady: number | null;
  burst: number | null;
  /** What the burst's mean reaches about 0.1% of the time: L + 3·√L. */
  momentary: number | null;
  measuredMax: number | null;
}

export function concurrencyRows(
  load: Load,
  coefficients: Coefficients,
  observation: Observation,
  deployed: readonly Role[],
): ConcurrencyRow[] {
  return deployed.map((role) => {
    const [steady, burst] = [meanMoment(load), burstMoment(load)].map((moment) =>
      numberOf(concurrencyOf(moment, coefficients, role)),
    );
    const max: Known<number> = maxOfSeries(observation.server, `lambda.${role}.concurrentExecutions.max`);
    return {
      role,
      steady: steady ?? null,
      burst: burst ?? null,
      momentary: burst === null || burst === undefined ? null : momentaryConcurrency(burst),
      measuredMax: numberOf(max),
    };
  });
}

/** Functions whose measured maximum is well above what Little's law and chance explain. Below 5 a few coincidences decide, so they pass. */
export function concurrencyWarnings(rows: readonly ConcurrencyRow[]): Reason[] {
  return rows.flatMap(({ role, burst, momentary, measuredMax }) => {
    if (burst === null || momentary === null || measuredMax === null) return [];
    if (measuredMax <= Math.max(5, 2 * momentary)) return [];
    return [
      {
        code: `concurrency.${role}`,
        sentence: `${role} reached ${approx(measuredMax)} concurrent executions; Little’s law gives a mean of ${approx(burst)} in the burst and a peak (L + 3√L) of ${approx(momentary)}.`,
        next: 'Arrivals come in waves, or the function slows down under load: plan with the measured maximum.',
      },
    ];
  });
}

const numberOf = (answer: { kind: string; value?: number }): number | null => answer.value ?? null;
