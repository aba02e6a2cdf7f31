/** The numbers of a run's report in brief, as `run --json` prints them: the rest is in report.json, under the same names. */
import type { Cost } from '../capacity/cost/cost.ts';
import type { CostOfDay } from '../capacity/cost/plan-cost.ts';
import type { Advice } from './analysis/advice/advice.ts';
import type { Ledger } from './analysis/ledger.ts';
import type { ReportedProjection } from './analysis/reported-projection.ts';
import type { Verdict } from './analysis/verdict.ts';
import type { Report } from './report.ts';

export interface RunNumbers
  extends Verdict,
    Pick<Report, 'schemaVersion' | 'slo' | 'latency' | 'routes' | 'generator' | 'binding'> {
  workload: Report['run']['workload'];
  ledger: Pick<Ledger, 'events' | 'pushes'> | null;
  projection: Pick<ReportedProjection, 'first' | 'horizonMonths'> | null;
  cost: (Pick<CostOfDay, 'label' | 'date'> & Pick<Cost, 'usdPerMonth' | 'usdPerUserMonth' | 'complete'>)[];
  recommendations: Pick<Advice, 'id' | 'kind' | 'action' | 'by' | 'weight'>[];
}

export function runNumbers(report: Report): RunNumbers {
  const {
    schemaVersion,
    verdict,
    slo,
    latency,
    routes,
    ledger,
    generator,
    binding,
    projection,
    cost,
    recommendations,
  } = report;
  return {
    schemaVersion,
    ...verdict,
    workload: report.run.workload,
    slo,
    latency,
    routes,
    ledger: ledger && { events: ledger.events, pushes: ledger.pushes },
    generator,
    binding,
    projection: projection && { first: projection.first, horizonMonths: projection.horizonMonths },
    cost: cost.map(({ label, date, cost: { usdPerMonth, usdPerUserMonth, complete } }) => ({
      ...{ label, date, usdPerMonth, usdPerUserMonth, complete },
    })),
    recommendations: recommendations
      .filter(({ kind }) => kind !== 'keep')
      .map(({ id, kind, action, by, weight }) => ({ id, kind, action, by, weight })),
  };
}
