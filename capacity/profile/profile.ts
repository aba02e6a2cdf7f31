/** What each kind of load costs each resource, from phases in which one kind is alone; and whether a mixed phase adds up. Pure. */
import { type LoadKind, loadKinds } from '../demand/coefficients.ts';
import { type Batch, type UnitCost, unitCost } from './unit-cost.ts';

/** A kind of load; of messages, webhooks and pushes of another route than the first with its name after it: `message leave`. */
export type LoadKey = LoadKind | `${'message' | 'webhook' | 'push'} ${string}`;
const isOf = (key: string, kind: LoadKind): boolean => key === kind || key.startsWith(`${kind} `);

/** A stretch of a run: how much of each load, and what each figure of a resource was, as `lambda.Send.invocations`. What is missing is 0. */
export interface Stretch {
  units: Readonly<Partial<Record<LoadKey, number>>>;
  /** What tabs asked over HTTP. Absent: nothing. */
  asks?: { polls: number; stageReads: number };
  use: ReadonlyMap<string, number>;
}

/**
 * Of a run: what one kind of load did, beside others whose cost is known from the phases before (the connects of a run of messages, the webhooks of
 * pushes). `batches`: parts of its steady state, for the interval.
 */
export interface LoadPhase {
  kind: LoadKey | 'mixed';
  whole: Stretch;
  batches: readonly Stretch[];
}

type Costs = ReadonlyMap<LoadKey, ReadonlyMap<string, UnitCost>>;

export interface Profile {
  /** Kind of load → figure → cost of one unit. */
  costs: Costs;
  /** A figure each, where the cost of every kind that was in the mixed phase is known; empty without such a phase. */
  sums: MixedSum[];
}

/** What the phases apart say that a mixed phase costs, against what it cost. */
interface MixedSum {
  figure: string;
  expected: number;
  measured: number;
  /** The costs' margins, added in squares; null where one has none. */
  margin: number | null;
  /** False: the kinds of load interfere, by more than the margin and {@link tolerance} explain. Null: without a margin that cannot be told. */
  addsUp: boolean | null;
}

/** Counts of the last seconds may be in another period. */
const tolerance = 0.02;

export function profileOf(phases: readonly LoadPhase[]): Profile {
  const figures = [...new Set(phases.flatMap(({ whole }) => [...whole.use.keys()]))];
  const costs = new Map<LoadKey, Map<string, UnitCost>>();
  // What a phase has beside its own load is known from those before: webhooks of every route before their pushes.
  for (const base of loadKinds)
    for (const phase of phases) {
      const { kind } = phase;
      if (kind === 'mixed' || !isOf(kind, base)) continue;
      costs.set(kind, new Map(figures.map((figure) => [figure, costIn(phase, { kind, figure, costs })])));
    }
  const mixed = phases.find(({ kind }) => kind === 'mixed');
  return {
    costs,
    sums: mixed ? figures.flatMap((figure) => sumOf(figure, counted(mixed, figure).whole, costs) ?? []) : [],
  };
}

/** Of CPU that a process takes: a share of the batches that is left out at the beginning, in which its code is not warm yet. An assumption. */
const coldShare = 1 / 4;
/** Fewer batches are not divided. */
const fewestToDivide = 4;

/** A phase as one figure of it counts: CPU of a process (`ecs.<id>.cpuMs`) falls while its code becomes warm, and what it costs from then on is what is asked. */
function counted(phase: LoadPhase, figure: string): Pick<LoadPhase, 'whole' | 'batches'> {
  if (!figure.startsWith('ecs.') || phase.batches.length < fewestToDivide) return phase;
  const warm = phase.batches.slice(Math.ceil(phase.batches.length * coldShare));
  const units = Object.fromEntries(
    keysIn(phase.whole).map((kind) => [kind, warm.reduce((sum, each) => sum + (each.units[kind] ?? 0), 0)]),
  );
  const use = warm.reduce((sum, each) => sum + (each.use.get(figure) ?? 0), 0);
  return { whole: { units: { ...phase.whole.units, ...units }, use: new Map([[figure, use]]) }, batches: warm };
}

function costIn(phase: LoadPhase, { kind, figure, costs }: { kind: LoadKey; figure: string; costs: Costs }): UnitCost {
  const { whole, batches } = counted(phase, figure);
  const others = keysIn(whole).filter((other) => other !== kind);
  const unexplained = unexplainedIn(whole, { figure, costs, kinds: others });
  if (unexplained !== undefined)
    return { kind: 'unknown', reason: `What a ${unexplained} costs is not known, and there were some beside it.` };
  const rest = (stretch: Stretch): Batch => ({
    units: stretch.units[kind] ?? 0,
    use: (stretch.use.get(figure) ?? 0) - explained(stretch, { figure, costs, kinds: others }),
  });
  const cost = unitCost(rest(whole), batches.map(rest));
  if (cost.kind === 'unknown') return cost;
  const marginOfOthers = marginIn(whole, { figure, costs, kinds: others });
  const margin =
    cost.margin === null || marginOfOthers === null ? null : Math.hypot(cost.margin, marginOfOthers / cost.units);
  return { ...cost, value: Math.max(0, cost.value), margin };
}

/** Those of which there was some. */
const keysIn = ({ units }: Stretch): LoadKey[] =>
  Object.entries(units).flatMap(([key, count = 0]) => (count > 0 && isKey(key) ? [key] : []));
const isKey = (key: string): key is LoadKey => loadKinds.some((kind) => isOf(key, kind));

interface Known {
  figure: string;
  costs: Costs;
  kinds: readonly LoadKey[];
}

/** A kind of which there was some, and whose cost of the figure is not known. */
const unexplainedIn = ({ units }: Stretch, { figure, costs, kinds }: Known): LoadKey | undefined =>
  kinds.find((kind) => (units[kind] ?? 0) > 0 && costs.get(kind)?.get(figure)?.kind !== 'value');

function explained({ units }: Stretch, { figure, costs, kinds }: Known): number {
  return kinds.reduce((sum, kind) => {
    const cost = costs.get(kind)?.get(figure);
    return cost?.kind === 'value' ? sum + (units[kind] ?? 0) * cost.value : sum;
  }, 0);
}

function marginIn({ units }: Stretch, { figure, costs, kinds }: Known): number | null {
  const margins = kinds.flatMap((kind) => {
    const cost = costs.get(kind)?.get(figure);
    const count = units[kind] ?? 0;
    if (cost?.kind !== 'value' || count === 0) return [];
    return [cost.margin === null ? null : count * cost.margin];
  });
  return margins.reduce(
    (sum: number | null, margin) => (sum === null || margin === null ? null : Math.hypot(sum, margin)),
    0,
  );
}

/** Null: what one of the kinds costs is not known. */
function sumOf(figure: string, mixed: Stretch, costs: Costs): MixedSum | null {
  const known = { figure, costs, kinds: keysIn(mixed) };
  if (unexplainedIn(mixed, known) !== undefined) return null;
  const expected = explained(mixed, known);
  const measured = mixed.use.get(figure) ?? 0;
  const margin = marginIn(mixed, known);
  const beyond = Math.abs(measured - expected) - tolerance * Math.max(expected, measured);
  const addsUp = beyond <= 0 ? true : margin === null ? null : beyond <= margin;
  return { figure, expected, measured, margin, addsUp };
}
