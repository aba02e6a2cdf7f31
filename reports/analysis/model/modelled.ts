/** What a run implies for its plan on AWS: headroom, projection, cost, recommendations. */

import { usEast1Prices } from '../../../aws/prices.ts';
import { type CostOfDay, costOfProjection } from '../../../capacity/cost/plan-cost.ts';
import type { Coefficients, LoadKind } from '../../../capacity/demand/coefficients.ts';
import { measureCoefficients } from '../../../capacity/demand/measured-coefficients.ts';
import type { UsagePlan } from '../../../capacity/demand/plan.ts';
import { withFallback } from '../../../capacity/fallback/fallback-costs.ts';
import { type FallbackUse, fallbackUse } from '../../../capacity/fallback/fallback-use.ts';
import type { Deployment } from '../../../capacity/headroom/deployment.ts';
import { kindsOf } from '../../../capacity/headroom/graph-deployment.ts';
import { bindingQuota, demandsOf, headroom, type KnownHeadroom } from '../../../capacity/headroom/headroom.ts';
import { quotasInForce } from '../../../capacity/headroom/quotas.ts';
import { project } from '../../../capacity/projection/projection.ts';
import { recommend } from '../../../capacity/recommendations/recommendation.ts';
import { enteredApis } from '../../../graph/entered.ts';
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { type Advice, inWords } from '../advice/advice.ts';
import { type ConcurrencyRow, concurrencyRows } from '../concurrency.ts';
import { type HeadroomRow, headroomRows } from '../headroom-rows.ts';
import { loadOfWorkload, measurementsOf } from '../measurements.ts';
import { type Timeline, timelineOf } from '../over-time/timeline.ts';
import { type QueueBurst, queueBurstOf } from '../queue-burst.ts';
import { type ReportedProjection, reportedProjection } from '../reported-projection.ts';
import { type CostPoint, costOverTime } from './cost-over-time.ts';

export interface ModelledParts {
  coefficients: Coefficients | null;
  /** By least headroom today. Empty without an observation. */
  headroom: HeadroomRow[];
  /** Of the plan today. `modelled`: the run was local. Null when no quota has a known demand. */
  binding: { modelled: boolean; quota: KnownHeadroom; runnerUp: KnownHeadroom | null } | null;
  concurrency: ConcurrencyRow[];
  /** The plan's dates, without the tables behind them. */
  projection: ReportedProjection | null;
  /** What the plan's webhook burst leaves in the queue, today. */
  queueBurst: QueueBurst;
  /** What clients ask over HTTP today; null: nothing, or nothing is known of it. */
  fallback: FallbackUse | null;
  /** Today, as each later stage begins, and at the end of the horizon. */
  cost: CostOfDay[];
  /** Each month and each stage. */
  costOverTime: CostPoint[];
  /** What to set and what to ask AWS for, each with its calculation. Empty without an observation. */
  recommendations: Advice[];
  timeline: Timeline | null;
}

/** Without an observation there is nothing to say. */
export const noModel: ModelledParts = {
  ...{
    coefficients: null,
    headroom: [],
    binding: null,
    concurrency: [],
    projection: null,
    queueBurst: null,
    fallback: null,
  },
  ...{ cost: [], costOverTime: [], recommendations: [], timeline: null },
};

/** The internals of an endpoint are unknown, so nothing can be modelled for AWS. */
export const unmodelledParts = (plan: UsagePlan, observation: Observation): ModelledParts => ({
  ...noModel,
  timeline: timelineOf(observation, [], plan.slo),
});

/** Measured by the run itself. */
function coefficientsOf(run: RunRecord, deployment: Deployment, observation: Observation): Coefficients {
  const { graph } = run.target;
  const kinds = graph ? kindsOf(graph, enteredApis(graph, run.target)) : new Map<string, LoadKind[]>();
  return measureCoefficients(measurementsOf(run, { deployment, kinds }, observation), deployment.code);
}

export function modelledParts(
  run: RunRecord,
  given: UsagePlan,
  deployment: Deployment,
  observation: Observation,
): ModelledParts {
  const modelled = run.target.kind === 'local';
  const measured = run.profile?.coefficients ?? coefficientsOf(run, deployment, observation);
  const { plan, coefficients } = withFallback({ plan: given, coefficients: measured, deployment });
  const quotas = quotasInForce(deployment, plan.quotas);
  const load = loadOfWorkload(run.workload);
  const runRows = headroom(demandsOf(load, coefficients, deployment, quotas), quotas);
  const projection = project(plan, coefficients, quotas, deployment);
  const today = projection.points[0];
  const binding = bindingQuota(today?.headroom ?? []);
  return {
    coefficients,
    headroom: headroomRows(quotas, runRows, projection.points),
    binding: binding.kind === 'binds' ? { modelled, quota: binding.binding, runnerUp: binding.runnerUp } : null,
    concurrency: concurrencyRows(load, { coefficients, deployment }, observation),
    projection: reportedProjection(projection, plan, modelled),
    queueBurst: queueBurstOf(today?.load, coefficients, deployment),
    fallback: fallbackUse(projection, { coefficients, deployment }, { quotas, prices: usEast1Prices }),
    cost: costOfProjection(projection, { coefficients, deployment }, usEast1Prices),
    recommendations: recommend({ plan, coefficients, quotas, deployment, projection }).map(inWords),
    costOverTime: costOverTime(projection, { coefficients, deployment }, usEast1Prices),
    timeline: timelineOf(observation, quotas, plan.slo),
  };
}
