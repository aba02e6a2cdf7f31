/** How far the rollout may go before a quota has to be raised. */
import { stageAt } from '../projection/rollout.ts';
import { type Context, type Draft, percent, whole } from './recommendation-terms.ts';

/**
 * The last stage that begins before the first quota runs out, with the users that the plan has by then: what the projection says, so that
 * this advice and the dates cannot contradict each other.
 */
export function safeStage({ plan, projection }: Context): Draft {
  const { first, points } = projection;
  const current = stageAt(plan, 0)?.stage ?? null;
  const reached = points.filter(({ stageBegins, months }) => stageBegins && (first === null || months < first.months));
  const none = first !== null && first.months <= 0;
  const safe = none ? null : (reached.at(-1)?.stage ?? current);
  const at = points.find(({ months }) => first !== null && months === first.months);
  const beyond = at?.stageBegins ? at : null;
  const over = first === null ? '' : `${percent(first.utilisation)} of “${first.name}”`;
  const last = points.filter(({ stageBegins }) => stageBegins).at(-1)?.stage ?? current;
  const action = (() => {
    if (none) return `Do not roll out further: today’s users need ${over}.`;
    if (first === null)
      return safe === current
        ? `Stay at stage “${safe}”, the last one within the horizon.`
        : `The rollout can go on as planned, to stage “${safe}”.`;
    if (beyond !== null)
      return `Do not begin stage “${beyond.stage}”, planned for ${beyond.date}, before more quota is there: it needs ${over}.`;
    const planned = safe === last ? '' : ' and do not go beyond it';
    return `Stage “${safe}” holds until ${first.date}, when growth reaches ${over}${planned}.`;
  })();
  const unknown = points[0]?.headroom.filter((row) => row.kind === 'unknown' && row.grows).length ?? 0;
  const unsure = unknown > 0 ? ` Quotas without a measured demand (${unknown}) are not considered.` : '';
  const users = beyond ? ` At “${beyond.stage}” there are ${whole(beyond.load.users)} users.` : '';
  const acts = first !== null;
  return {
    id: 'rollout.safeStage',
    subject: 'last stage of the rollout before a quota runs out',
    value: safe ?? 'none',
    unit: 'stage',
    present: current,
    quotaIds: first === null ? [] : [first.quotaId],
    by: acts ? first.date : null,
    kind: acts ? 'set' : 'keep',
    action,
    calculation: `Users on the first day of each stage, with the growth until then, against the quotas in force.${users}${unsure}`,
  };
}
