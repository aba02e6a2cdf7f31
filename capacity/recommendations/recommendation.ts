/** What to set and what to request, each with its calculation. */
import type { Coefficients } from '../demand/coefficients.ts';
import { loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import { type Deployment, type Quota, type QuotaInForce, referenceDeployment, wholeLimit } from '../headroom/quota.ts';
import { quotas, quotasInForce } from '../headroom/quotas.ts';
import type { Exhaustion } from '../projection/exhaustion.ts';
import { type Projection, project } from '../projection/projection.ts';
import { inOrder } from './recommendation-order.ts';
import {
  type Context,
  type Draft,
  figure,
  type Recommendation,
  recommended,
  targetUtilisation,
  twoFigures,
} from './recommendation-terms.ts';
import { backOff, heartbeat } from './recommended-client.ts';
import {
  batchSize,
  maximumConcurrency,
  provisionedConcurrency,
  reservedConcurrency,
  tableThroughput,
} from './recommended-settings.ts';
import { safeStage } from './safe-stage.ts';

export type { Recommendation } from './recommendation-terms.ts';

export interface RecommendationInput {
  plan: UsagePlan;
  coefficients: Coefficients;
  quotas?: readonly (Quota | QuotaInForce)[] | undefined;
  deployment?: Deployment | undefined;
  /** Of the same plan, where it is there already. */
  projection?: Projection | undefined;
}

/**
 * Recommendations for the plan's busiest day within its horizon (after growth and the last stage to begin): quota increases by code, reserved and
 * provisioned concurrency, the event source's maximum concurrency, batch size, the table's mode and warm throughput, the clients' back-off
 * and heartbeat, and the stage of the rollout that today's quotas carry. One that lacks a coefficient is `unknown`, with the reason. Concurrency
 * by Little's law with L + 3√L (see momentaryConcurrency); rates by the run's coefficients, so for loads of its mix.
 */
export function recommend(input: RecommendationInput): Recommendation[] {
  const { plan, coefficients, deployment = referenceDeployment } = input;
  const given = input.quotas ?? quotas;
  const limits = given.every((quota): quota is QuotaInForce => 'limit' in quota)
    ? given
    : quotasInForce(deployment, plan.quotas, given);
  const projection = input.projection ?? project(plan, coefficients, limits, deployment);
  const grown = { ...plan, growthPerMonth: projection.growth.perMonth };
  const busiest = projection.points.reduce((a, b) => (b.usersFactor > a.usersFactor ? b : a));
  const context: Context = {
    plan: grown,
    coefficients,
    deployment,
    limits,
    projection,
    load: loadOfPlan(grown, busiest.months),
    date: busiest.date,
  };
  const drafts: Draft[] = [
    safeStage(context),
    ...quotaIncreases(context),
    ...reservedConcurrency(context),
    provisionedConcurrency(context),
    maximumConcurrency(context),
    batchSize(context),
    ...tableThroughput(context),
    backOff(context),
    heartbeat(context),
  ];
  return inOrder(drafts.map(recommended), projection.exhaustions);
}

/** The last day to ask, or to set it; of a quota that may run out, counted from the earliest date. */
function dueBy(exhaustion: Exhaustion | undefined): string | null {
  if (exhaustion?.kind === 'at') return exhaustion.askBy ?? exhaustion.interval?.earliest.date ?? exhaustion.date;
  return exhaustion?.kind === 'perhaps' ? (exhaustion.askBy ?? exhaustion.interval.earliest.date) : null;
}

function whenOver(exhaustion: Exhaustion | undefined): string {
  if (exhaustion?.kind === 'at') return '';
  if (exhaustion?.kind === 'perhaps')
    return ', not exceeded within the horizon by the best estimate of growth, but at its upper end';
  return ', not exceeded within the horizon';
}

/** For each quota that runs out, or is over the target at the end: demand of the busiest day over the target, to two significant figures. */
function quotaIncreases({ projection, limits, load, coefficients, deployment, date }: Context): Draft[] {
  return limits.flatMap((quota): Draft[] => {
    if (quota.adjustable === 'no' || !quota.grows || quota.peakFactor !== undefined) return [];
    // Recommended with the stack's settings.
    if (quota.id.startsWith('reserved') || quota.id === 'pollerMaxConcurrency') return [];
    const demand = quota.demand(load, coefficients, deployment);
    if (demand.kind === 'unknown') return [];
    // A bucket carries r + b / T for T seconds, and AWS scales b with r: r (1 + (b / r) / T).
    const bucket = quota.limitBurst !== null && quota.limit > 0 ? quota.limitBurst / quota.limit : 0;
    const carried = demand.burst ? demand.burst.value / (1 + bucket / demand.burst.lastsSeconds) : 0;
    const exhausted = projection.exhaustions.find(({ quotaId }) => quotaId === quota.id);
    // What runs out at the early end of the uncertainty needs the whole limit by then.
    const possible = exhausted?.kind === 'perhaps' ? quota.limit : 0;
    const needed = Math.max(demand.value, carried, possible);
    if (needed <= targetUtilisation * quota.limit) return [];
    const value = twoFigures(needed / targetUtilisation + (quota.reserved ?? 0));
    const isBurst = carried > demand.value && carried >= possible;
    const asked = quota.adjustable === 'yes';
    return [
      {
        id: `quota.${quota.id}`,
        subject: quota.name,
        value,
        unit: quota.unit,
        present: wholeLimit(quota),
        code: quota.code,
        by: dueBy(exhausted),
        kind: asked ? 'ask' : 'set',
        calculation: `${figure(needed)} ${quota.unit} on ${possible === needed && exhausted?.kind === 'perhaps' ? exhausted.interval.earliest.date : date}${isBurst && demand.burst ? ` (burst of ${figure(demand.burst.value)} for ${demand.burst.lastsSeconds} s, less the bucket’s tokens)` : ''} / ${targetUtilisation} to leave room${quota.reserved ? `, + ${figure(quota.reserved)} that are reserved` : ''} = ${figure(value)}; ${figure(wholeLimit(quota))} in force${whenOver(exhausted)}. ${quota.sentence}`,
      },
    ];
  });
}
