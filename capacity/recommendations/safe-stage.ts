/** How far the rollout may go before a quota has to be raised. */
import { loadOfPlan } from '../demand/load.ts';
import { stageAt } from '../projection/rollout.ts';
import { bounded, type Context, type Draft } from './recommendation-terms.ts';

/**
 * The last stage that begins before the first quota runs out, with the users that the plan has by then: what the projection says, so that
 * this advice and the dates cannot contradict each other.
 */
export function safeStage(context: Context): Draft {
  const { plan, projection } = context;
  const { first, points } = projection;
  const current = stageAt(plan, 0)?.stage ?? null;
  const reached = points.filter(({ stageBegins, months }) => stageBegins && (first === null || months < first.months));
  const none = first !== null && first.months <= 0;
  const safe = none ? null : (reached.at(-1)?.stage ?? current);
  const at = points.find(({ months }) => first !== null && months === first.months);
  const beyond = at?.stageBegins ? at : null;
  const last = points.filter(({ stageBegins }) => stageBegins).at(-1)?.stage ?? current;
  const withUsers = first !== null && isHeldByFewer(context, first.quotaId);
  // No rollout is left to be held back by what is the same with any number of users.
  const acts = first !== null && (withUsers || current !== last);
  return {
    id: 'rollout.safeStage',
    subject: 'last stage of the rollout before a quota runs out',
    value: safe ?? 'none',
    unit: 'stage',
    present: current,
    quotaIds: first === null ? [] : [first.quotaId],
    by: acts ? first.date : null,
    kind: acts ? 'set' : 'keep',
    facts: {
      of: 'safeStage',
      ...{ safe, current, last },
      over: first && {
        name: first.name,
        utilisation: bounded(first.utilisation),
        date: first.date,
        isToday: none,
        withUsers,
      },
      beyond: beyond && { stage: beyond.stage ?? '', date: beyond.date, users: beyond.load.users },
      unknownQuotas: points[0]?.headroom.filter((row) => row.kind === 'unknown' && row.grows).length ?? 0,
    },
  };
}

/** Whether a thousandth of the users would be within it. */
function isHeldByFewer({ plan, coefficients, deployment, limits }: Context, quotaId: string): boolean {
  const quota = limits.find(({ id }) => id === quotaId);
  const demand = quota?.demand(loadOfPlan({ ...plan, users: plan.users / 1_000 }), coefficients, deployment);
  return demand?.kind !== 'value' || quota === undefined || demand.value <= quota.limit;
}
