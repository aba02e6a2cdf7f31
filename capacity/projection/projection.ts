/** The plan over time: which quota runs out first, when, at which stage. */
import type { Coefficients } from '../demand/coefficients.ts';
import { demandErrors } from '../demand/demand-errors.ts';
import { type Load, loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment } from '../headroom/deployment.ts';
import {
  type Binding,
  bindingQuota,
  demandsOf,
  type Headroom,
  headroom,
  type QuotaDemand,
} from '../headroom/headroom.ts';
import type { Quota, QuotaInForce } from '../headroom/quota.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { type DateInterval, type Exhaustion, orderOf, type ProjectedDay, utilisationOf } from './exhaustion.ts';
import { afterPeaks, doublingsOf, type Peaks, withPeaks } from './peaks.ts';
import { growthOf, type PlannedGrowth } from './planned-growth.ts';
import { dateAfter, daysPerMonth, fractionOfUsers, momentsOf, stageAt } from './rollout.ts';

/** The plan on one date. */
export interface ProjectionPoint {
  date: string;
  months: number;
  stage: string | null;
  /** True on the day a stage begins. */
  stageBegins: boolean;
  usersFactor: number;
  load: Load;
  headroom: Headroom[];
  binding: Binding;
}

export interface Projection {
  /** Every month of the horizon and the day of every stage, ascending. The first is the plan's date. */
  points: ProjectionPoint[];
  /** By quota; those that run out come first, the earliest leading. */
  exhaustions: Exhaustion[];
  first: Extract<Exhaustion, { kind: 'at' }> | null;
  horizonMonths: number;
  growth: PlannedGrowth;
  /** Days from requesting a quota increase to its grant, subtracted for `askBy`. */
  quotaLeadDays: number;
}

/**
 * Demand and headroom over the plan's horizon: usage(t) = U_now · (1+g)^t · r(t) / r(now), demand linear in usage; g a month as the plan states
 * it, or fitted to its history. A quota is exhausted on the first day on which demand exceeds it. Interval: the date again on the lower and
 * the upper path of users that the history allows at 95%, and at demand · (1 ± 1.96 · its relative standard error), the two distances added in
 * quadrature on each side (they are independent). Usage per user, stages and the mix of the run are assumed to stay. `quotas` with no value in
 * force get theirs from the deployment, the plan and AWS's defaults.
 */
export function project(
  plan: UsagePlan,
  coefficients: Coefficients,
  quotas: readonly (Quota | QuotaInForce)[],
  deployment: Deployment,
): Projection {
  const growth = growthOf(plan);
  const limits = quotas.every((quota): quota is QuotaInForce => 'limit' in quota)
    ? quotas
    : quotasInForce(deployment, plan.quotas, quotas);
  const grown = { ...plan, growthPerMonth: growth.perMonth };
  const at = (changed: Partial<Changes> = {}) =>
    projectSteadily(grown, coefficients, limits, { deployment, ...unchanged, ...changed });
  const central = at();
  const errors = demandErrors(loadOfPlan(plan), coefficients, deployment, limits);
  const factors = (sign: 1 | -1) =>
    new Map([...errors].map(([id, error]) => [id, Math.max(0, 1 + sign * normalQuantile975 * error)] as const));
  const bends = growth.kind === 'fitted' ? growth.bend : null;
  const perturbed: Perturbed = {
    growth:
      bends &&
      [at({ bend: (months) => bends(months, 'upper') }), at({ bend: (months) => bends(months, 'lower') })].map(daysOf),
    demand: errors.size > 0 ? [at({ factors: factors(1) }), at({ factors: factors(-1) })].map(daysOf) : null,
  };
  const { quotaLeadDays } = plan;
  const exhaustions = central.exhaustions
    .map((each): Exhaustion => {
      if (each.kind === 'unknown') return each;
      const interval = intervalOf(plan, each, perturbed);
      const remedy = words[limits.find(({ id }) => id === each.quotaId)?.remedies[0].kind ?? 'redesign'];
      const askBy = (earliest: number) => {
        const soonest = earliest - quotaLeadDays / daysPerMonth;
        return remedy === 'ask' ? (soonest <= 0 ? plan.asOf : dateAfter(plan, soonest)) : null;
      };
      if (each.kind === 'at') return { ...each, interval, remedy, askBy: askBy((interval?.earliest ?? each).months) };
      if (interval === null) return each;
      return {
        ...each,
        kind: 'perhaps',
        interval: { ...interval, latest: null },
        remedy,
        askBy: askBy(interval.earliest.months),
      };
    })
    .toSorted((a, b) => orderOf(a) - orderOf(b) || utilisationOf(b) - utilisationOf(a));
  const first = exhaustions.find((each) => each.kind === 'at') ?? null;
  return { points: central.points, exhaustions, first, horizonMonths: plan.horizonMonths, growth, quotaLeadDays };
}

const words = { raise: 'ask', set: 'set', redesign: 'redesign' } as const;
/** Φ⁻¹(0.975): standard errors of coefficients come without degrees of freedom. */
const normalQuantile975 = 1.959963984540054;

/** Months until each quota runs out. */
type Days = ReadonlyMap<string, number>;
/** The projection at the early and at the late end of the uncertainty. */
interface Perturbed {
  growth: readonly Days[] | null;
  demand: readonly Days[] | null;
}

const daysOf = ({ exhaustions }: { exhaustions: readonly SteadyExhaustion[] }): Days =>
  new Map(exhaustions.flatMap((each) => (each.kind === 'at' ? [[each.quotaId, each.months] as const] : [])));

/** Null: no uncertainty is known; of a quota that lasts by the best estimate, when it lasts at the early end as well. */
function intervalOf(plan: UsagePlan, each: SteadyExhaustion, { growth, demand }: Perturbed): DateInterval | null {
  if (!growth && !demand) return null;
  const { quotaId } = each;
  const level = demand?.some((days) => days.has(quotaId)) ? 'approximate' : '95%';
  const day = (at: number): ProjectedDay => ({ months: at, date: dateAfter(plan, at) });
  if (each.kind !== 'at') {
    const earliest = Math.min(...[growth, demand].map((days) => days?.[0]?.get(quotaId) ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(earliest) ? { earliest: day(earliest), latest: null, level } : null;
  }
  const { months } = each;
  const distance = (end: 0 | 1) =>
    Math.hypot(
      ...[growth, demand].map((perturbed) =>
        perturbed ? (perturbed[end]?.get(quotaId) ?? (end === 0 ? months : Number.POSITIVE_INFINITY)) - months : 0,
      ),
    );
  const latest = months + distance(1);
  return {
    earliest: day(Math.max(0, months - distance(0))),
    latest: latest <= plan.horizonMonths ? day(latest) : null,
    level,
  };
}

type SteadyExhaustion =
  | Omit<Extract<Exhaustion, { kind: 'at' }>, 'interval' | 'remedy' | 'askBy'>
  | Extract<Exhaustion, { kind: 'notWithinHorizon' | 'unknown' }>;

interface Changes {
  /** Quota id → its demand is multiplied by this. */
  factors: ReadonlyMap<string, number>;
  /** Users after so many months are multiplied by this. */
  bend: (months: number) => number;
}
const unchanged: Changes = { factors: new Map(), bend: () => 1 };

/** The points of {@link project}, without when each quota runs out. */
export const projectPoints = (
  plan: UsagePlan,
  coefficients: Coefficients,
  limits: readonly QuotaInForce[],
  deployment: Deployment,
): ProjectionPoint[] =>
  pathOf({ ...plan, growthPerMonth: growthOf(plan).perMonth }, coefficients, limits, { deployment, ...unchanged })
    .points;

/** The projection on one path of users, and each quota's demand times its factor. */
function projectSteadily(
  plan: UsagePlan,
  coefficients: Coefficients,
  quotas: readonly QuotaInForce[],
  changes: { deployment: Deployment } & Changes,
): { points: ProjectionPoint[]; exhaustions: SteadyExhaustion[] } {
  const { points, utilisationAt } = pathOf(plan, coefficients, quotas, changes);
  const exhaustions = quotas.map((quota) =>
    exhaustionOf(plan, points, quota, (months, index) => utilisationAt(months, index, quota)),
  );
  return { points, exhaustions };
}

interface Path {
  points: ProjectionPoint[];
  /** Of one quota, between a point and the one before. */
  utilisationAt(months: number, index: number, quota: QuotaInForce): number;
}

function pathOf(
  plan: UsagePlan,
  coefficients: Coefficients,
  quotas: readonly QuotaInForce[],
  { deployment, factors, bend }: { deployment: Deployment } & Changes,
): Path {
  const isNew = plan.newTable ?? deployment.newTable ?? false;
  const doublings = isNew ? 1 : doublingsOf(plan);
  const loads = new Map<number, Load>();
  const loadAt = (months: number): Load => {
    const load = loads.get(months) ?? loadOfPlan(bent(plan, bend, months), months);
    loads.set(months, load);
    return load;
  };
  const rowsAt = (months: number, peaks: Peaks, asked = quotas) => {
    const load = loadAt(months);
    const demands = demandsOf(load, coefficients, deployment, asked).map((each) =>
      scaled(each, factors.get(each.quotaId) ?? 1),
    );
    return { load, headroom: headroom(demands, afterPeaks(asked, peaks, doublings)) };
  };
  const points: ProjectionPoint[] = [];
  /** The highest demands before each point. */
  const peaksBefore: Peaks[] = [];
  let peaks: Peaks = isNew ? new Map() : withPeaks(new Map(), rowsAt(0, new Map()).headroom);
  for (const { months, stageBegins, date } of momentsOf(plan)) {
    // A stage is a step: the load before it peaked the day before.
    if (stageBegins) peaks = withPeaks(peaks, rowsAt(months - oneDayMonths, peaks).headroom);
    const rows = rowsAt(months, peaks);
    const stage = stageAt(plan, months)?.stage ?? null;
    const usersFactor = fractionOfUsers(bent(plan, bend, months), months);
    points.push({ date, months, stage, stageBegins, usersFactor, ...rows, binding: bindingQuota(rows.headroom) });
    peaksBefore.push(peaks);
    peaks = withPeaks(peaks, rows.headroom);
  }
  return {
    points,
    utilisationAt(months, index, quota) {
      const [row] = rowsAt(months, peaksBefore[index] ?? new Map(), [quota]).headroom;
      return row?.kind === 'value' ? row.utilisation : 0;
    },
  };
}

/** Nearly a day: stages begin on whole days. */
const oneDayMonths = 0.03;

/** The plan whose growth is the one to that month. */
const bent = (plan: UsagePlan, bend: Changes['bend'], months: number): UsagePlan =>
  months <= 0 ? plan : { ...plan, growthPerMonth: (1 + plan.growthPerMonth) * bend(months) ** (1 / months) - 1 };

function scaled({ quotaId, demand }: QuotaDemand, factor: number): QuotaDemand {
  if (demand.kind === 'unknown' || factor === 1) return { quotaId, demand };
  const burst = demand.burst && { ...demand.burst, value: demand.burst.value * factor };
  return { quotaId, demand: { ...demand, value: demand.value * factor, ...(burst && { burst }) } };
}

function exhaustionOf(
  plan: UsagePlan,
  points: readonly ProjectionPoint[],
  { id: quotaId, name, code, fixed: isFixed }: QuotaInForce,
  utilisationAt: (months: number, index: number) => number,
): SteadyExhaustion {
  const fixed = isFixed === true;
  const rows = points.map((point) => point.headroom.find((row) => row.quotaId === quotaId));
  const unknown = rows.find((row) => row?.kind !== 'value');
  if (unknown)
    return { kind: 'unknown', quotaId, name, code, fixed, reason: unknown.kind === 'unknown' ? unknown.reason : '' };
  const index = rows.findIndex((row) => row?.kind === 'value' && row.utilisation > 1);
  const at = points[index];
  if (!at) {
    const last = rows.at(-1);
    const utilisationAtEnd = last?.kind === 'value' ? last.utilisation : 0;
    return {
      kind: 'notWithinHorizon',
      quotaId,
      name,
      code,
      fixed,
      horizonMonths: plan.horizonMonths,
      utilisationAtEnd,
    };
  }
  const before = points[index - 1];
  // A stage's first day is a step: the quota is exceeded on that day, not before. Otherwise growth is smooth, and the day is sought.
  const months =
    !before || at.stageBegins ? at.months : firstDayOver(before.months, at.months, (at) => utilisationAt(at, index));
  const stage = stageAt(plan, months)?.stage ?? null;
  return {
    kind: 'at',
    quotaId,
    name,
    code,
    fixed,
    date: !before || at.stageBegins ? at.date : dateAfter(plan, months),
    months,
    stage,
    utilisation: utilisationAt(months, index),
  };
}

function firstDayOver(from: number, to: number, utilisationAt: (months: number) => number): number {
  let [low, high] = [from, to];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (utilisationAt(middle) > 1) high = middle;
    else low = middle;
  }
  return high;
}
