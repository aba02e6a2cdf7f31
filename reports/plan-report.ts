/** A plan without a run: headroom, dates, costs and recommendations, from coefficients that a run measured or that are assumed. */

import type { PriceList } from '../aws/prices.ts';
import { costOfPlan } from '../capacity/cost/plan-cost.ts';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { UsagePlan } from '../capacity/demand/plan.ts';
import { bindingQuota, type KnownHeadroom } from '../capacity/headroom/headroom.ts';
import { type Occasion, occasionsOf } from '../capacity/headroom/occasions.ts';
import type { Deployment } from '../capacity/headroom/quota.ts';
import { quotasInForce } from '../capacity/headroom/quotas.ts';
import { project } from '../capacity/projection/projection.ts';
import { type Recommendation, recommend } from '../capacity/recommendations/recommendation.ts';
import { type HeadroomRow, headroomRows } from './analysis/headroom-rows.ts';
import { percent, plural } from './analysis/numbers.ts';
import { type ReportedProjection, reportedProjection } from './analysis/reported-projection.ts';
import type { Report } from './report.ts';

/** 2: a quota's id is that of aws/quotas. */
const planReportSchemaVersion = 2;

/** A plan's sentence begins with it. */
export const planLeads = { ok: 'Modelled', soon: 'Modelled', exceeded: 'Exceeded', unknown: 'Unknown' } as const;

/** As stable as report.json: fields may be added. */
export interface PlanReport {
  schemaVersion: typeof planReportSchemaVersion;
  loadlineVersion: string;
  title: string;
  sentence: string;
  /** `ok`: no quota runs out within the horizon; `soon`: one does; `exceeded`: one is exceeded today. */
  status: 'ok' | 'soon' | 'exceeded' | 'unknown';
  plan: UsagePlan;
  coefficients: Coefficients;
  headroom: HeadroomRow[];
  binding: KnownHeadroom | null;
  runnerUp: KnownHeadroom | null;
  /** What of the plan comes together today: logins, recoveries, broadcasts, channels. */
  occasions: Occasion[];
  projection: ReportedProjection;
  cost: Report['cost'];
  recommendations: Recommendation[];
  /** Where quotas, coefficients and prices come from, and what is assumed. */
  basis: string[];
}

export interface PlanInput {
  plan: UsagePlan;
  coefficients: Coefficients;
  deployment: Deployment;
  prices: PriceList;
  loadlineVersion: string;
  basis: string[];
}

/** Pure. */
export function buildPlanReport(input: PlanInput): PlanReport {
  const { plan, coefficients, deployment, prices, loadlineVersion, basis } = input;
  const quotas = quotasInForce(deployment, plan.quotas);
  const projection = project(plan, coefficients, quotas, deployment);
  const binding = bindingQuota(projection.points[0]?.headroom ?? []);
  const binds = binding.kind === 'binds' ? binding : null;
  const { first } = projection;
  const status = binds === null ? 'unknown' : first === null ? 'ok' : first.months <= 0 ? 'exceeded' : 'soon';
  return {
    schemaVersion: planReportSchemaVersion,
    loadlineVersion,
    title: `Capacity plan: ${plan.name}`,
    sentence: sentenceOf(plan, { binding: binds?.binding ?? null, runnerUp: binds?.runnerUp ?? null, first }),
    status,
    plan,
    coefficients,
    headroom: headroomRows(quotas, [], projection.points),
    binding: binds?.binding ?? null,
    runnerUp: binds?.runnerUp ?? null,
    occasions: projection.points[0] ? occasionsOf(projection.points[0].load, quotas) : [],
    projection: reportedProjection(projection, plan, coefficients.from !== 'aws'),
    cost: costOfPlan(plan, { coefficients, deployment }, prices),
    recommendations: recommend({ plan, coefficients, quotas, deployment }),
    basis,
  };
}

function sentenceOf(
  plan: UsagePlan,
  of: { binding: KnownHeadroom | null; runnerUp: KnownHeadroom | null; first: ReportedProjection['first'] },
): string {
  const { binding, runnerUp, first } = of;
  if (binding === null) return 'Unknown: no quota has a known demand.';
  const today = `${binding.name} binds first, with ${percent(binding.headroom)} headroom today at ${plural(plan.users, 'user')}${runnerUp ? ` (runner-up ${runnerUp.name}, ${percent(runnerUp.headroom)})` : ''}`;
  if (first === null) return `Modelled: ${today}; no quota runs out within ${plural(plan.horizonMonths, 'month')}.`;
  if (first.months <= 0) return `Exceeded: ${first.name} is at ${percent(first.utilisation)} today.`;
  const until = first.interval
    ? ` (95% CI: ${first.interval.earliest.date} to ${first.interval.latest?.date ?? 'beyond the horizon'})`
    : '';
  const ask = first.askBy === null ? '' : `; ask AWS by ${first.askBy}`;
  return `Modelled: ${today}; ${first.name} runs out on ${first.date}${until}${first.stage === null ? '' : `, at stage “${first.stage}”`}${ask}.`;
}
