/** Concurrency of each function in the run: Little's law against what CloudWatch measured. */
import { momentaryConcurrency } from '../../capacity/demand/little.ts';
import type { Load } from '../../capacity/demand/load.ts';
import { burstMoment, concurrencyOf, meanMoment, type Weighed } from '../../capacity/demand/rates.ts';
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import type { Known } from '../../capacity/known.ts';
import type { Observation } from '../../record/observation.ts';
import { approx } from './numbers.ts';
import { maxOfSeries } from './series.ts';
import type { Reason } from './warnings/reason.ts';

export interface ConcurrencyRow {
  /** Logical id of the function. */
  id: string;
  /** Rate × mean duration at the steady rates, and in the burst; null when not measured. */
  steady: number | null;
  burst: number | null;
  /** What the burst's mean reaches about 0.1% of the time: L + 3·√L. */
  momentary: number | null;
  measuredMax: number | null;
}

export function concurrencyRows(
  load: Load,
  stack: Weighed & { deployment: Deployment },
  observation: Observation,
): ConcurrencyRow[] {
  return stack.deployment.functions.map(({ id }) => {
    const [steady, burst] = [meanMoment(load), burstMoment(load)].map((moment) =>
      numberOf(concurrencyOf(id, moment, stack)),
    );
    const max: Known<number> = maxOfSeries(observation.server, `lambda.${id}.concurrentExecutions.max`);
    return {
      id,
      steady: steady ?? null,
      burst: burst ?? null,
      momentary: burst === null || burst === undefined ? null : momentaryConcurrency(burst),
      measuredMax: numberOf(max),
    };
  });
}

/** Functions whose measured maximum is well above what Little's law and chance explain. Below 5 a few coincidences decide, so they pass. */
export function concurrencyWarnings(rows: readonly ConcurrencyRow[]): Reason[] {
  return rows.flatMap(({ id, burst, momentary, measuredMax }) => {
    if (burst === null || momentary === null || measuredMax === null) return [];
    if (measuredMax <= Math.max(5, 2 * momentary)) return [];
    return [
      {
        code: `concurrency.${id}`,
        sentence: `${id} reached ${approx(measuredMax)} concurrent executions; Little’s law gives a mean of ${approx(burst)} in the burst and a peak (L + 3√L) of ${approx(momentary)}.`,
        next: 'Arrivals come in waves, or the function slows down under load: plan with the measured maximum.',
      },
    ];
  });
}

const numberOf = (answer: { kind: string; value?: number }): number | null => answer.value ?? null;
