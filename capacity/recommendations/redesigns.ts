/** What no setting and no raise mends, and what would. */
import { alternatives } from '../../aws/alternatives.ts';
import type { Design } from '../../aws/quotas/remedies.ts';
import { loadOfPlan } from '../demand/load.ts';
import { atBusiest } from '../demand/rates.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import { known } from '../known.ts';
import type { Exhaustion } from '../projection/exhaustion.ts';
import { designWords } from './design-words.ts';
import { type Context, type Draft, figure, percent, whole } from './recommendation-terms.ts';

type Exceeded = Extract<Exhaustion, { kind: 'at' }>;

/** One sentence for the quotas that the same designs mend. `left`: what is exceeded though everything else was done. */
export function redesigns(context: Context, left: readonly Exceeded[]): Draft[] {
  const groups = new Map<string, { designs: readonly Design[]; exceeded: Exceeded[] }>();
  for (const each of left) {
    const quota = context.limits.find(({ id }) => id === each.quotaId);
    const designs = quota ? designsFor(context, quota) : [];
    const key = designs.join();
    const group = groups.get(key) ?? { designs, exceeded: [] };
    groups.set(key, { designs, exceeded: [...group.exceeded, each] });
  }
  return [...groups.values()].map((group) => redesign(context, group));
}

function redesign(
  context: Context,
  { designs, exceeded }: { designs: readonly Design[]; exceeded: Exceeded[] },
): Draft {
  const byDate = exceeded.toSorted((a, b) => a.months - b.months);
  const [first] = byDate;
  const names = exceeded.map(({ name, utilisation }) => `${name} (${percent(utilisation)})`).join(', ');
  return {
    id: `redesign.${first?.quotaId ?? ''}`,
    subject: names,
    value: null,
    unit: '',
    quotaIds: exceeded.map(({ quotaId }) => quotaId),
    exceededOn: first?.date ?? null,
    by: first?.date ?? null,
    weight: Math.min(mostWeight, Math.max(...exceeded.map(({ utilisation }) => utilisation))),
    kind: 'redesign',
    designs,
    action: `No setting mends ${names}, exceeded from ${first?.date} on: ${listed(designs.map((design) => inWords(context, design)))}.`,
    calculation: exceeded.map((each) => whyNot(context, each)).join(' '),
  };
}
const mostWeight = 1e9;
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join('; ')}; or ${parts.at(-1)}`;

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

/** A design with what it would leave of this load. */
function inWords({ plan, load, limits }: Context, design: Design): string {
  const words = designWords[design];
  if (design === 'coalesce' && plan.channels) {
    const channels = plan.channels.map((each) => ({ ...each, collectSeconds: Math.max(1, each.collectSeconds) }));
    const collected = loadOfPlan({ ...plan, channels }).fanOut?.channels.pushes ?? 0;
    const apart = loadOfPlan(plan).fanOut?.channels.pushes ?? 0;
    return `${words} (publishes of a second together: ${figure(collected)} pushes/s today, instead of ${figure(apart)})`;
  }
  const { broadcast } = load.fanOut ?? {};
  const throttle = limits.find(({ id }) => id === 'accountThrottle');
  if (design === 'shard' && broadcast && throttle && throttle.limit > 0)
    return `${words}; give a broadcast the ${whole((broadcast.pushes * broadcast.lastsSeconds) / throttle.limit)} s that the quota takes for it, instead of ${figure(broadcast.lastsSeconds)} s`;
  return words;
}

function whyNot({ limits }: Context, { quotaId, name, utilisation, date }: Exceeded): string {
  const quota = limits.find(({ id }) => id === quotaId);
  const by = `${name} is at ${percent(utilisation)} on ${date}, after everything else recommended here`;
  const [remedy] = quota?.remedies ?? [];
  if (remedy?.kind === 'raise')
    return `${by}. AWS raises ${remedy.code ?? 'it'} on request, and documents no maximum; more than ${whole(remedy.timesDefault)} times its default is not to be counted on (an assumption).`;
  if (remedy?.kind === 'set') return `${by}; ${remedy.setting} does not reach that far.`;
  return `${by}; AWS does not raise it.`;
}
