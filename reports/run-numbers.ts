/** The numbers of a run's report in brief, as `run --json` prints them: the rest is in report.json, under the same names. */
import type { Report } from './report.ts';

export function runNumbers(report: Report) {
  const { schemaVersion, verdict, slo, latency, ledger, generator, binding, projection, cost, recommendations } =
    report;
  return {
    schemaVersion,
    ...verdict,
    workload: report.run.workload,
    slo,
    latency,
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
