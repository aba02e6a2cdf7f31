/** What no setting and no raise mends, and what would. */
import { alternatives } from '../../aws/alternatives.ts';
import type { Design } from '../../aws/quotas/remedies.ts';
import { loadOfPlan } from '../demand/load.ts';
import { atBusiest } from '../demand/rates.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import { known } from '../known.ts';
import type { Exhaustion } from '../projection/exhaustion.ts';
import type { DesignFacts, RedesignFacts } from './facts.ts';
import { bounded, type Context, type Draft } from './recommendation-terms.ts';

type Exceeded = Extract<Exhaustion, { kind: 'at' }>;

/** One sentence for the quotas that the same designs mend. `left`: what is exceeded though everything else was done. */
export function redesigns(context: Context, left: readonly Exceeded[]): Draft[] {
  const groups = new Map<string, { designs: readonly Design[]; exceeded: Exceeded[] }>();
  const account = left.find(({ quotaId }) => quotaId === accountThrottle);
  for (const each of left) {
    // What mends the account's throttle mends that of a stage, which admits no more.
    const id = account && isStageThrottle(context, each.quotaId) ? accountThrottle : each.quotaId;
    const quota = context.limits.find((limit) => limit.id === id);
    const designs = quota ? designsFor(context, quota) : [];
    const key = designs.join();
    const group = groups.get(key) ?? { designs, exceeded: [] };
    groups.set(key, { designs, exceeded: [...group.exceeded, each] });
  }
  return [...groups.values()].map((group) => redesign(context, group));
}

const accountThrottle = 'accountThrottle';

const isStageThrottle = ({ limits }: Context, quotaId: string): boolean =>
  ['webSocketApiThrottle', 'httpApiThrottle'].includes(limits.find(({ id }) => id === quotaId)?.quota ?? '');

function redesign(
  context: Context,
  { designs, exceeded }: { designs: readonly Design[]; exceeded: Exceeded[] },
): Draft {
  const byDate = exceeded.toSorted((a, b) => a.months - b.months);
  const [first] = byDate;
  return {
    id: `redesign.${first?.quotaId ?? ''}`,
    subject: exceeded.map(({ name }) => name).join(', '),
    value: null,
    unit: '',
    quotaIds: exceeded.map(({ quotaId }) => quotaId),
    exceededOn: first?.date ?? null,
    by: first?.date ?? null,
    weight: bounded(Math.max(...exceeded.map(({ utilisation }) => utilisation))),
    kind: 'redesign',
    designs,
    facts: {
      of: 'redesign',
      exceeded: byDate.map(({ quotaId, name, utilisation, date }) => ({
        ...{ name, date },
        utilisation: bounded(utilisation),
        remedy: isBoundByAccount(context, quotaId, byDate)
          ? { kind: 'within', name: byDate.find((each) => each.quotaId === accountThrottle)?.name ?? '' }
          : whyNot(context, quotaId),
      })),
      designs: designs.map((design) => designFacts(context, design)),
    },
  };
}

const isBoundByAccount = (context: Context, quotaId: string, exceeded: readonly Exceeded[]): boolean =>
  isStageThrottle(context, quotaId) && exceeded.some((each) => each.quotaId === accountThrottle);

/** Those of the quota that carry this load by their own default quotas. */
function designsFor(context: Context, quota: QuotaInForce): readonly Design[] {
  const all = quota.remedies.flatMap((remedy) => (remedy.kind === 'redesign' ? remedy.designs : []));
  return all.filter((design) => {
    if (design === 'coalesce') return isCollectable(context);
    if (design === 'appSyncEvents' || design === 'iotCore') return carries(context, alternatives[design]);
    return true;
  });
}

const isCollectable = ({ plan, load }: Context): boolean =>
  (plan.channels ?? []).some(({ collectSeconds }) => collectSeconds === 0) ||
  ((load.fanOut?.channels.pushes ?? 0) > 0 && plan.channels === undefined);

function carries(
  { load }: Context,
  most: { connectsPerSecond: number; inPerSecond: number; outPerSecond: number },
): boolean {
  const busiest = (of: 'connects' | 'messages' | 'pushes') => {
    const answer = atBusiest(load, (moment) =>
      known(of === 'pushes' ? (moment.fanOut?.rates.pushes ?? 0) : moment[of]),
    );
    return answer.kind === 'value' ? answer.value : 0;
  };
  return (
    busiest('connects') <= most.connectsPerSecond &&
    busiest('messages') <= most.inPerSecond &&
    busiest('pushes') <= most.outPerSecond
  );
}

function designFacts({ plan, load, limits }: Context, design: Design): DesignFacts {
  if (design === 'coalesce') {
    if (!plan.channels) return { design, pushesPerSecond: null };
    const channels = plan.channels.map((each) => ({ ...each, collectSeconds: Math.max(1, each.collectSeconds) }));
    const pushesOf = (of: typeof plan) => loadOfPlan(of).fanOut?.channels.pushes ?? 0;
    return { design, pushesPerSecond: { collected: pushesOf({ ...plan, channels }), apart: pushesOf(plan) } };
  }
  if (design === 'shard') {
    const { broadcast } = load.fanOut ?? {};
    const throttle = limits.find(({ id }) => id === accountThrottle);
    if (!broadcast || !throttle || throttle.limit <= 0) return { design, broadcast: null };
    const neededSeconds = (broadcast.pushes * broadcast.lastsSeconds) / throttle.limit;
    return { design, broadcast: { neededSeconds, deadlineSeconds: broadcast.lastsSeconds } };
  }
  return { design };
}

function whyNot({ limits }: Context, quotaId: string): RedesignFacts['exceeded'][number]['remedy'] {
  const [remedy] = limits.find(({ id }) => id === quotaId)?.remedies ?? [];
  if (remedy?.kind === 'raise') return { kind: 'raise', code: remedy.code, timesDefault: remedy.timesDefault };
  return remedy?.kind === 'set' ? { kind: 'set', setting: remedy.setting } : { kind: 'none' };
}
