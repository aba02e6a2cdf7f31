/** A plan without a run: headroom, dates, costs and recommendations, from coefficients that a run measured or that are assumed. */

import type { PriceList } from '../aws/prices.ts';
import { type Cost, cost } from '../capacity/cost/cost.ts';
import { costOfDays } from '../capacity/cost/plan-cost.ts';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { Load } from '../capacity/demand/load.ts';
import type { UsagePlan } from '../capacity/demand/plan.ts';
import { type FallbackUse, fallbackUse } from '../capacity/fallback/fallback-use.ts';
import type { Deployment } from '../capacity/headroom/deployment.ts';
import { bindingQuota, type KnownHeadroom } from '../capacity/headroom/headroom.ts';
import { type Occasion, occasionsOf } from '../capacity/headroom/occasions.ts';
import type { QuotaInForce } from '../capacity/headroom/quota.ts';
import { quotasInForce } from '../capacity/headroom/quotas.ts';
import { project } from '../capacity/projection/projection.ts';
import { recommend } from '../capacity/recommendations/recommendation.ts';
import { isOfQueueOrTable } from '../capacity/servers/choose.ts';
import { billOfService } from '../capacity/servers/service-bill.ts';
import type { ServiceCosts } from '../capacity/servers/service-costs.ts';
import type { ServiceSize } from '../capacity/servers/service-demand.ts';
import { serviceQuotas } from '../capacity/servers/service-quotas.ts';
import { type Advice, inWords } from './analysis/advice/advice.ts';
import { serviceAdvice } from './analysis/advice/service-advice.ts';
import { type HeadroomRow, headroomRows } from './analysis/headroom-rows.ts';
import { billsOverTime } from './analysis/model/cost-over-time.ts';
import { percent, plural } from './analysis/numbers.ts';
import { type ReportedProjection, reportedProjection } from './analysis/reported-projection.ts';
import { shortened } from './analysis/shortened.ts';
import { planAssumptions } from './plan-assumptions.ts';
import { firstPerhaps, levelOf, type SummaryInput, summaryOf } from './plan-summary.ts';
import type { Report } from './report.ts';

/** 3: coefficients are by logical id. 2: a quota's id is that of aws/quotas. */
const planReportSchemaVersion = 3;

/** A plan's sentence begins with it. */
export const planLeads = { ok: 'Modelled', soon: 'Modelled', exceeded: 'Exceeded', unknown: 'Unknown' } as const;

/** As stable as report.json: fields may be added. */
export interface PlanReport {
  schemaVersion: typeof planReportSchemaVersion;
  loadlineVersion: string;
  title: string;
  sentence: string;
  /** What binds, when, what to do by when, what it costs, until when the fallback’s throttle does: a name and a sentence each. */
  summary: [name: string, text: string][];
  /** Why the coefficients are not to be relied on; null: they are. */
  doubt: string | null;
  /** `ok`: no quota runs out within the horizon; `soon`: one does, or may; `exceeded`: one is exceeded today. */
  status: 'ok' | 'soon' | 'exceeded' | 'unknown';
  plan: UsagePlan;
  coefficients: Coefficients;
  headroom: HeadroomRow[];
  binding: KnownHeadroom | null;
  runnerUp: KnownHeadroom | null;
  /** What of the plan comes together today: logins, recoveries, broadcasts, channels. */
  occasions: Occasion[];
  /** What clients ask over HTTP today; null: nothing, or nothing is known of it. */
  fallback: FallbackUse | null;
  projection: ReportedProjection;
  cost: Report['cost'];
  costOverTime: Report['costOverTime'];
  recommendations: Advice[];
  /** Where quotas, coefficients and prices come from, and what is assumed. */
  basis: string[];
}

export interface PlanInput {
  plan: UsagePlan;
  coefficients: Coefficients;
  deployment: Deployment;
  /** The plan is that of a service of tasks, which has the table, queue and secrets of the functions; absent: it is that of the functions. */
  service?: { size: ServiceSize; costs: ServiceCosts };
  prices: PriceList;
  /** Costs are less what AWS gives every account for nothing. */
  freeTier?: boolean;
  /** Why the coefficients are not to be relied on: their run is invalid or partial. */
  doubt?: string | null;
  loadlineVersion: string;
  basis: string[];
}

/** Pure. */
export function buildPlanReport(input: PlanInput): PlanReport {
  const { plan, coefficients, deployment, service, prices, freeTier, doubt = null, loadlineVersion, basis } = input;
  const quotas = quotasOf(input);
  const projection = project(plan, coefficients, quotas, deployment);
  const binding = bindingQuota(projection.points[0]?.headroom ?? []);
  const bill = (load: Load): Cost =>
    service
      ? billOfService(load, { ...service, shared: { coefficients, deployment }, prices })
      : cost({ load, coefficients, deployment, freeTier }, prices);
  const binds = binding.kind === 'binds' ? binding : null;
  const reported = reportedProjection(projection, plan, coefficients.from !== 'aws');
  const answer = {
    binding: binds?.binding ?? null,
    runnerUp: binds?.runnerUp ?? null,
    projection: reported,
    cost: costOfDays(projection, bill),
    recommendations: service
      ? serviceAdvice(plan, quotas.filter(isOfTasks), { coefficients, size: service.size, region: deployment.region })
      : recommend({ plan, coefficients, quotas, deployment, projection }).map(inWords),
  };
  const fallback = service ? null : fallbackUse(projection, { coefficients, deployment }, { quotas, prices });
  return {
    schemaVersion: planReportSchemaVersion,
    loadlineVersion,
    title: `Capacity plan: ${plan.name}`,
    sentence: sentenceOf(plan, answer),
    summary: summaryOf({ ...answer, fallback, doubt }),
    doubt,
    status: statusOf(answer),
    plan,
    coefficients,
    headroom: headroomRows(quotas, [], projection.points),
    occasions: projection.points[0] ? occasionsOf(projection.points[0].load, quotas) : [],
    fallback,
    ...answer,
    costOverTime: billsOverTime(projection, bill),
    basis: [...basis, ...(service ? [] : planAssumptions({ plan, coefficients, deployment, limits: quotas, prices }))],
  };
}

const isOfTasks = (quota: QuotaInForce): boolean => !isOfQueueOrTable(quota);

/** Of a service those of its tasks, and those of the queue and the table that it has like the functions. */
function quotasOf({ plan, deployment, service }: PlanInput): QuotaInForce[] {
  const ofFunctions = quotasInForce(deployment, plan.quotas);
  if (service === undefined) return ofFunctions;
  const { region } = deployment;
  const own = serviceQuotas(service.size, service.costs, { region, overrides: plan.quotas });
  return [...own, ...ofFunctions.filter(isOfQueueOrTable)];
}

function statusOf({
  binding,
  projection: { first, exhaustions },
}: Omit<SummaryInput, 'doubt' | 'fallback'>): PlanReport['status'] {
  if (binding === null) return 'unknown';
  if (first !== null) return first.months <= 0 ? 'exceeded' : 'soon';
  return firstPerhaps(exhaustions) === undefined ? 'ok' : 'soon';
}

function sentenceOf(plan: UsagePlan, { binding, projection }: Omit<SummaryInput, 'doubt' | 'fallback'>): string {
  if (binding === null) return 'Unknown: no quota has a known demand.';
  const { first, exhaustions } = projection;
  const within = plural(plan.horizonMonths, 'month');
  if (first === null) {
    const perhaps = firstPerhaps(exhaustions);
    return perhaps === undefined
      ? `Modelled: no quota runs out within ${within}; ${binding.name} binds first, with ${percent(binding.headroom)} headroom today.`
      : `Modelled: by the best estimate no quota runs out within ${within}, but ${perhaps.name} may from ${perhaps.interval.earliest.date} on${levelOf(perhaps.interval)}.`;
  }
  if (first.months <= 0) return `Exceeded: ${first.name} is at ${percent(first.utilisation)} today.`;
  const stage = first.stage === null ? '' : `, at stage “${shortened(first.stage)}”`;
  return `Modelled: ${first.name} runs out on ${first.date}${stage}; until then every quota holds.`;
}
