/** What to set and what to request, each with its calculation. */
import type { Coefficients } from '../demand/coefficients.ts';
import { loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import { type Deployment, type Quota, type QuotaInForce, referenceDeployment, wholeLimit } from '../headroom/quota.ts';
import { quotas, quotasInForce } from '../headroom/quotas.ts';
import { growthOf } from '../projection/planned-growth.ts';
import { project } from '../projection/projection.ts';
import { stageAt } from '../projection/rollout.ts';
import {
  type Context,
  type Draft,
  figure,
  percent,
  plain,
  type Recommendation,
  recommended,
  targetUtilisation,
  twoFigures,
  whole,
} from './recommendation-terms.ts';
import { backOff, heartbeat } from './recommended-client.ts';
import {
  batchSize,
  maximumConcurrency,
  provisionedConcurrency,
  reservedConcurrency,
  tableThroughput,
} from './recommended-settings.ts';

export type { Recommendation } from './recommendation-terms.ts';

export interface RecommendationInput {
  plan: UsagePlan;
  coefficients: Coefficients;
  quotas?: readonly (Quota | QuotaInForce)[] | undefined;
  deployment?: Deployment | undefined;
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
  const projection = project(plan, coefficients, limits, deployment);
  const grown = { ...plan, growthPerMonth: growthOf(plan).perMonth };
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
  return drafts.map(recommended);
}

/** The furthest stage, begun today with today's users and quotas, at which no quota is exceeded. */
function safeStage({ plan, coefficients, deployment, limits }: Context): Draft {
  const subject = 'stage of the rollout that is safe now';
  const outcomes = plan.rollout
    .toSorted((a, b) => a.share - b.share)
    .map(({ stage, share }) => {
      const from = stageAt(plan, 0)?.share ?? 1;
      const now = {
        ...plan,
        users: (plan.users * share) / from,
        rollout: [],
        horizonMonths: 0,
        growthHistory: undefined,
      };
      const { points, exhaustions } = project(now, coefficients, limits, deployment);
      const unknown = points[0]?.headroom.filter((row) => row.kind === 'unknown' && row.grows).length ?? 0;
      const [over] = exhaustions.filter((each) => each.kind === 'at').toSorted((a, b) => b.utilisation - a.utilisation);
      return { stage, share, users: now.users, over, unknown };
    });
  const stop = outcomes.findIndex(({ over }) => over !== undefined);
  const safe = stop === -1 ? outcomes.at(-1) : outcomes[stop - 1];
  const beyond = stop === -1 ? undefined : outcomes[stop];
  const why = beyond
    ? `At “${beyond.stage}” (${percent(beyond.share)} of users, ${whole(beyond.users)} today) demand would be ${percent(beyond.over?.utilisation ?? 1)} of “${beyond.over?.name}”.`
    : 'No stage exceeds a quota with today’s users.';
  const current = stageAt(plan, 0)?.stage ?? null;
  const action = (() => {
    if (plan.rollout.length === 0) return 'The plan has no rollout stages: all users have the feature.';
    if (!safe) return `Do not roll out further: today’s quotas do not carry the first stage, “${beyond?.stage}”.`;
    const room = beyond ? `; “${beyond.stage}” needs more than today’s quotas` : '';
    return safe.stage === current
      ? `Stay at stage “${safe.stage}”${room}.`
      : `The rollout can go as far as stage “${safe.stage}” with today’s users and quotas${room}.`;
  })();
  const unsure =
    (safe?.unknown ?? 0) > 0 ? ` Quotas without a measured demand (${safe?.unknown}) are not considered.` : '';
  return {
    ...plain,
    id: 'rollout.safeStage',
    subject,
    value: safe?.stage ?? 'none',
    unit: 'stage',
    present: current,
    kind: safe && safe.stage !== current ? 'set' : 'keep',
    action,
    calculation: `Today’s users × the stage’s share / the current share, against the quotas in force. ${why}${unsure}`,
  };
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
    const needed = Math.max(demand.value, carried);
    if (needed <= targetUtilisation * quota.limit) return [];
    const exhausted = projection.exhaustions.find(({ quotaId }) => quotaId === quota.id);
    const value = twoFigures(needed / targetUtilisation + (quota.reserved ?? 0));
    const isBurst = carried > demand.value;
    const asked = quota.adjustable === 'yes';
    return [
      {
        id: `quota.${quota.id}`,
        subject: quota.name,
        value,
        unit: quota.unit,
        present: wholeLimit(quota),
        code: quota.code,
        by: exhausted?.kind === 'at' ? (exhausted.askBy ?? exhausted.date) : null,
        kind: asked ? 'ask' : 'set',
        calculation: `${figure(needed)} ${quota.unit} on ${date}${isBurst && demand.burst ? ` (burst of ${figure(demand.burst.value)} for ${demand.burst.lastsSeconds} s, less the bucket’s tokens)` : ''} / ${targetUtilisation} to leave room${quota.reserved ? `, + ${figure(quota.reserved)} that are reserved` : ''} = ${figure(value)}; ${figure(wholeLimit(quota))} in force${exhausted?.kind === 'at' ? '' : ', not exceeded within the horizon'}. ${quota.sentence}`,
      },
    ];
  });
}
