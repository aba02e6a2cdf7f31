/** The plan over time: which quota runs out first, when, at which stage. */
import type { Coefficients } from './coefficients.ts';
import { type Binding, bindingQuota, demandsOf, type Headroom, headroom } from './headroom.ts';
import { type Load, loadOfPlan } from './load.ts';
import type { UsagePlan } from './plan.ts';
import type { Deployment, QuotaInForce } from './quota.ts';
import { dateAfter, fractionOfUsers, monthsUntil, stageAt } from './rollout.ts';

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

export type Exhaustion =
  | {
      kind: 'at';
      quotaId: string;
      name: string;
      code: string | null;
      date: string;
      months: number;
      stage: string | null;
      /** Demand over quota on that day. */
      utilisation: number;
    }
  | {
      kind: 'notWithinHorizon';
      quotaId: string;
      name: string;
      code: string | null;
      horizonMonths: number;
      utilisationAtEnd: number;
    }
  | { kind: 'unknown'; quotaId: string; name: string; code: string | null; reason: string };

export interface Projection {
  /** Every month of the horizon and the day of every stage, ascending. The first is the plan's date. */
  points: ProjectionPoint[];
  /** By quota; those that run out come first, the earliest leading. */
  exhaustions: Exhaustion[];
  first: Extract<Exhaustion, { kind: 'at' }> | null;
  horizonMonths: number;
}

/**
 * Demand and headroom over the plan's horizon: usage(t) = U_now · (1+g)^t · r(t) / r(now), demand linear in usage. A quota is exhausted
 * on the first day on which demand exceeds it. Deterministic: growth and stages are the plan's word, so no interval is given; habits and
 * the run's coefficients are taken to stay. Holds as far as the load is of the run's kind.
 */
export function project(
  plan: UsagePlan,
  coefficients: Coefficients,
  quotas: readonly QuotaInForce[],
  deployment: Deployment,
): Projection {
  const rowsAt = (months: number, peaks: Peaks) => {
    const load = loadOfPlan(plan, months);
    const demands = demandsOf(load, coefficients, deployment, quotas);
    return { load, headroom: headroom(demands, afterPeaks(quotas, peaks)) };
  };
  const points: ProjectionPoint[] = [];
  /** The highest demands before each point. */
  const peaksBefore: Peaks[] = [];
  let peaks: Peaks = new Map();
  for (const { months, stageBegins, date } of momentsOf(plan)) {
    // A stage is a step: what came before it peaked on its eve.
    if (stageBegins) peaks = withPeaks(peaks, rowsAt(months - eveMonths, peaks).headroom);
    const rows = rowsAt(months, peaks);
    const stage = stageAt(plan, months)?.stage ?? null;
    const usersFactor = fractionOfUsers(plan, months);
    points.push({ date, months, stage, stageBegins, usersFactor, ...rows, binding: bindingQuota(rows.headroom) });
    peaksBefore.push(peaks);
    peaks = withPeaks(peaks, rows.headroom);
  }
  const utilisationAt = (months: number, index: number, quotaId: string) => {
    const row = rowsAt(months, peaksBefore[index] ?? new Map()).headroom.find((each) => each.quotaId === quotaId);
    return row?.kind === 'value' ? row.utilisation : 0;
  };
  const exhaustions = quotas
    .map((quota) => exhaustionOf(plan, points, quota, (months, index) => utilisationAt(months, index, quota.id)))
    .toSorted((a, b) => orderOf(a) - orderOf(b) || utilisationOf(b) - utilisationOf(a));
  const first = exhaustions.find((each) => each.kind === 'at') ?? null;
  return { points, exhaustions, first, horizonMonths: plan.horizonMonths };
}

/** Quota id → the highest demand so far. */
type Peaks = ReadonlyMap<string, number>;

/** A step to exactly the factor is within it: the growth between the eve and the day must not tip it over. */
const eveRoom = 1.01;
/** A day, nearly: stages begin on whole days. */
const eveMonths = 0.03;

function withPeaks(peaks: Peaks, rows: readonly Headroom[]): Peaks {
  const known = rows.filter((row) => row.kind === 'value');
  return new Map(known.map(({ quotaId, demand }) => [quotaId, Math.max(demand, peaks.get(quotaId) ?? 0)]));
}

/** The quotas as they stand after such peaks: a limit that follows the load has risen with it. */
function afterPeaks(quotas: readonly QuotaInForce[], peaks: Peaks): QuotaInForce[] {
  return quotas.map((quota) => {
    const risen = (quota.peakFactor ?? 0) * (peaks.get(quota.id) ?? 0) * eveRoom;
    return risen > quota.limit ? { ...quota, limit: risen } : quota;
  });
}

function momentsOf(plan: UsagePlan): { months: number; stageBegins: boolean; date: string }[] {
  const monthly = Array.from({ length: plan.horizonMonths + 1 }, (_, months) => ({
    months,
    stageBegins: false,
    date: dateAfter(plan, months),
  }));
  const stages = plan.rollout
    .map((stage) => ({ months: monthsUntil(plan, stage.date), stageBegins: true, date: stage.date }))
    .filter(({ months }) => months > 0 && months <= plan.horizonMonths);
  const between = monthly.filter(({ date }) => !stages.some((stage) => stage.date === date));
  return [...between, ...stages].toSorted((a, b) => a.months - b.months);
}

function exhaustionOf(
  plan: UsagePlan,
  points: readonly ProjectionPoint[],
  { id: quotaId, name, code }: QuotaInForce,
  utilisationAt: (months: number, index: number) => number,
): Exhaustion {
  const rows = points.map((point) => point.headroom.find((row) => row.quotaId === quotaId));
  const unknown = rows.find((row) => row?.kind !== 'value');
  if (unknown)
    return { kind: 'unknown', quotaId, name, code, reason: unknown.kind === 'unknown' ? unknown.reason : '' };
  const index = rows.findIndex((row) => row?.kind === 'value' && row.utilisation > 1);
  const at = points[index];
  if (!at) {
    const last = rows.at(-1);
    const utilisationAtEnd = last?.kind === 'value' ? last.utilisation : 0;
    return { kind: 'notWithinHorizon', quotaId, name, code, horizonMonths: plan.horizonMonths, utilisationAtEnd };
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

function orderOf(exhaustion: Exhaustion): number {
  switch (exhaustion.kind) {
    case 'at':
      return exhaustion.months;
    case 'notWithinHorizon':
      return 1e6;
    case 'unknown':
      return 2e6;
  }
}

function utilisationOf(exhaustion: Exhaustion): number {
  if (exhaustion.kind === 'at') return exhaustion.utilisation;
  return exhaustion.kind === 'notWithinHorizon' ? exhaustion.utilisationAtEnd : 0;
}
