/** Nonlinear least squares by Levenberg and Marquardt's method. */
import { inverseGram, leastSquares, triangularise } from './householder.ts';

export interface NonlinearProblem<X = number> {
  /** f(x, p): the model's y at x. */
  model: (x: X, parameters: readonly number[]) => number;
  /** ∂f/∂pⱼ at x, one entry a parameter. */
  jacobian: (x: X, parameters: readonly number[]) => readonly number[];
  x: readonly X[];
  y: readonly number[];
  start: readonly number[];
  /** Lower and upper bound of each parameter; ±Infinity where there is none. */
  bounds?: readonly (readonly [lower: number, upper: number])[] | undefined;
}

export type NonlinearFit =
  | {
      kind: 'fit';
      parameters: number[];
      /** √(s² [(JᵀJ)⁻¹]ⱼⱼ), s² = RSS / (n − p). Not valid for a parameter on its bound. Infinite when the data do not determine it. */
      standardErrors: number[];
      /** Σ (y − f)². */
      rss: number;
      degreesOfFreedom: number;
    }
  | { kind: 'refused'; reason: string };

/**
 * Damping at the start, relative to the squared column norms of J; whether these are the largest so far (Moré) or the current ones
 * (Marquardt); and whether steps bend with the model's second derivative along them, which long curved valleys need.
 */
const strategies = [
  { damping: 1e-3, largestScale: true, bends: false },
  { damping: 1, largestScale: false, bends: true },
  { damping: 1e3, largestScale: true, bends: false },
  { damping: 1e-3, largestScale: false, bends: true },
] as const;
const mostIterations = 2_000;
/** Length of the trial step for the second derivative, and the longest bend, relative to the step: Transtrum and Sethna's choices. */
const bendProbe = 0.1;
const longestBend = 0.375;

/**
 * Parameters p that minimise Σ (y − f(x, p))². K. Levenberg, Quarterly of Applied Mathematics 2, 1944; D. W. Marquardt, SIAM Journal 11, 1963;
 * scaled after J. J. Moré, LNM 630, 1978; damping after H. B. Nielsen, IMM-REP-1999-05; bounds by projection, a parameter held while the
 * gradient pushes it outwards; bent steps after M. K. Transtrum, J. P. Sethna, arXiv:1201.5885. The descent is made from the start with four dampings and the least RSS is taken, then polished by
 * Gauss-Newton steps until these no longer shrink. It finds a local minimum: a start far off may lead to a wrong one.
 * Standard errors are linear approximations, right when the model is nearly linear within them.
 */
export function fitNonlinear<X>(problem: NonlinearProblem<X>): NonlinearFit {
  const { x, y, start } = problem;
  const reason = whyNot(problem);
  if (reason !== null) return { kind: 'refused', reason };
  const first = place(problem, project(problem, start));
  if (!first)
    return { kind: 'refused', reason: 'The model is not finite at the start. Start where it can be computed.' };
  if (!x.every((at) => isGradient(problem.jacobian(at, first.p), start.length)))
    return {
      kind: 'refused',
      reason: `The Jacobian at the start is not ${start.length} finite numbers for each x: one derivative a parameter is needed.`,
    };
  const reached = strategies.map((strategy) => polish(problem, descend(problem, first, strategy)));
  const best = reached.reduce((a, b) => (b.rss < a.rss ? b : a));
  const degreesOfFreedom = y.length - start.length;
  const variance = degreesOfFreedom > 0 ? best.rss / degreesOfFreedom : Number.POSITIVE_INFINITY;
  const gram = inverseGram(x.map((at) => problem.jacobian(at, best.p)));
  const standardErrors = best.p.map((_, j) => Math.sqrt(variance * (gram?.[j]?.[j] ?? Number.POSITIVE_INFINITY)));
  return { kind: 'fit', parameters: best.p, standardErrors, rss: best.rss, degreesOfFreedom };
}

const isGradient = (row: readonly number[], parameters: number): boolean =>
  row.length === parameters && row.every(Number.isFinite);

function whyNot<X>({ x, y, start, bounds }: NonlinearProblem<X>): string | null {
  if (x.length !== y.length) return `There are ${x.length} x and ${y.length} y: one y for each x is needed.`;
  if (start.length === 0) return 'There is no parameter to fit.';
  if (y.length < start.length)
    return `There are more parameters, ${start.length}, than points, ${y.length}: at least as many points are needed.`;
  if (![...y, ...start].every(Number.isFinite)) return 'A y or a start value is not a finite number.';
  if (bounds && bounds.length !== start.length)
    return `There are ${start.length} parameters and ${bounds.length} bounds.`;
  if (bounds?.some(([lower, upper]) => !(lower <= upper))) return 'A lower bound is above its upper bound.';
  return null;
}

/** A point in parameter space, where the model could be computed. */
interface Place {
  p: number[];
  residuals: number[];
  rss: number;
}

function place<X>({ model, x, y }: NonlinearProblem<X>, p: number[]): Place | null {
  const residuals = x.map((at, i) => (y[i] ?? 0) - model(at, p));
  const rss = residuals.reduce((sum, r) => sum + r * r, 0);
  return Number.isFinite(rss) ? { p, residuals, rss } : null;
}

function project<X>({ bounds }: NonlinearProblem<X>, p: readonly number[]): number[] {
  return p.map((value, j) => {
    const [lower, upper] = bounds?.[j] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    return Math.min(upper, Math.max(lower, value));
  });
}

/** The model made linear at a place: residuals ≈ r − J d over the parameters that are free to move, J reduced to a triangle. */
interface Linear {
  free: number[];
  columns: number[][];
  rows: number[][];
  qtb: number[];
  /** Column norms of J, all parameters. */
  norms: number[];
}

function linearise<X>(problem: NonlinearProblem<X>, at: Place): Linear | null {
  const jacobian = problem.x.map((x) => problem.jacobian(x, at.p));
  if (!jacobian.every((row) => row.every(Number.isFinite))) return null;
  const free = at.p.flatMap((value, j) => {
    const [lower, upper] = problem.bounds?.[j] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const descent = jacobian.reduce((sum, row, i) => sum + (row[j] ?? 0) * (at.residuals[i] ?? 0), 0);
    return (value <= lower && descent <= 0) || (value >= upper && descent >= 0) ? [] : [j];
  });
  const norms = at.p.map((_, j) => Math.hypot(...jacobian.map((row) => row[j] ?? 0)));
  const columns = jacobian.map((row) => free.map((j) => row[j] ?? 0));
  const { r, qtb, order } = triangularise(columns, at.residuals);
  const rows = r.map((row) => {
    const inOrder = new Array<number>(free.length).fill(0);
    for (const [k, column] of order.entries()) inOrder[column] = row[k] ?? 0;
    return inOrder;
  });
  return { free, columns, rows, qtb, norms };
}

/**
 * The step that minimises |r − J d|² + μ |D d|², over all parameters; 0 for those held. A parameter that would leave its bounds stops on them,
 * and the others are solved for again.
 */
function step<X>(problem: NonlinearProblem<X>, at: Place, linear: Linear, damped: Damped): number[] | null {
  const { free, rows, qtb, norms } = linear;
  const stopped = new Map<number, number>();
  for (;;) {
    const moving = free.filter((j) => !stopped.has(j));
    const rest = qtb.map((value, i) =>
      free.reduce((sum, j, k) => sum - (rows[i]?.[k] ?? 0) * (stopped.get(j) ?? 0), value),
    );
    const columns = rows.map((row) => row.filter((_, k) => !stopped.has(free[k] ?? -1)));
    const d = moving.length > 0 ? solve({ free: moving, norms }, columns, rest, damped) : norms.map(() => 0);
    if (!d) return null;
    for (const [j, onto] of stopped) d[j] = onto;
    const there = plus(at.p, d);
    const beyond = project(problem, there).flatMap((value, j) => (value === there[j] || stopped.has(j) ? [] : [j]));
    if (beyond.length === 0) return d;
    for (const j of beyond) stopped.set(j, (project(problem, there)[j] ?? 0) - (at.p[j] ?? 0));
  }
}

interface Damped {
  damping: number;
  scale: readonly number[];
}

function solve(
  { free, norms }: Pick<Linear, 'free' | 'norms'>,
  rows: readonly number[][],
  b: readonly number[],
  { damping, scale }: Damped,
): number[] | null {
  const penalty = free.map((j, k) => free.map((_, i) => (i === k ? Math.sqrt(damping) * (scale[j] ?? 1) : 0)));
  const d = damping > 0 ? leastSquares([...rows, ...penalty], [...b, ...free.map(() => 0)]) : leastSquares(rows, b);
  if (!d?.every(Number.isFinite)) return null;
  const whole = norms.map(() => 0);
  for (const [k, j] of free.entries()) whole[j] = d[k] ?? 0;
  return whole;
}

/** The step d with half its acceleration, from the model's second derivative along d; null when that bends it too far. */
function bend<X>(
  problem: NonlinearProblem<X>,
  at: Place,
  linear: Linear,
  { d, ...damped }: Damped & { d: readonly number[] },
): number[] | null {
  const probe = place(problem, plus(at.p, d, bendProbe));
  if (!probe) return null;
  const second = linear.columns.map((row, i) => {
    const slope = linear.free.reduce((sum, j, k) => sum + (row[k] ?? 0) * (d[j] ?? 0), 0);
    return (2 / bendProbe) * (((at.residuals[i] ?? 0) - (probe.residuals[i] ?? 0)) / bendProbe - slope);
  });
  const a = solve(
    linear,
    linear.columns,
    second.map((value) => -value),
    damped,
  );
  if (!a || lengthOf(a, damped.scale) > longestBend * lengthOf(d, damped.scale)) return null;
  return plus(d, a, 0.5);
}

const plus = (p: readonly number[], d: readonly number[], times = 1): number[] =>
  p.map((value, j) => value + times * (d[j] ?? 0));

/** |r|² − |r − J d|², what the linear model promises. */
function promised({ free, rows, qtb }: Linear, d: readonly number[]): number {
  return rows.reduce((sum, row, i) => {
    const moved = free.reduce((total, j, k) => total + (row[k] ?? 0) * (d[j] ?? 0), 0);
    return sum + moved * (2 * (qtb[i] ?? 0) - moved);
  }, 0);
}

function descend<X>(
  problem: NonlinearProblem<X>,
  from: Place,
  { damping, largestScale, bends }: (typeof strategies)[number],
): Place {
  let at = from;
  let linear = linearise(problem, at);
  let scale: number[] = [];
  let [mu, factor] = [damping, 2];
  for (let i = 0; i < mostIterations && linear; i += 1) {
    scale = linear.norms.map((norm, j) => Math.max(norm, largestScale ? (scale[j] ?? 0) : 0) || 1);
    const straight = step(problem, at, linear, { damping: mu, scale });
    const d = straight && bends ? bend(problem, at, linear, { d: straight, damping: mu, scale }) : straight;
    const next = d && place(problem, project(problem, plus(at.p, d)));
    const moved = next ? next.p.map((value, j) => value - (at.p[j] ?? 0)) : null;
    if (moved && lengthOf(moved, scale) <= 1e-15 * lengthOf(at.p, scale)) break;
    // The bend is beyond the linear model: what that promises is the straight step's.
    const promise = straight ? promised(linear, plus(project(problem, plus(at.p, straight)), at.p, -1)) : 0;
    const ratio = next && promise > 0 ? (at.rss - next.rss) / promise : -1;
    const linearThere = next && ratio > 0 ? linearise(problem, next) : null;
    if (next && linearThere) {
      [at, linear] = [next, linearThere];
      mu *= Math.max(1 / 3, 1 - (2 * ratio - 1) ** 3);
      factor = 2;
    } else {
      // What is promised is below rounding: the rest is for polishing.
      if (next && promise < 1e-15 * at.rss) break;
      mu *= factor;
      factor *= 2;
      if (mu > 1e60) break;
    }
  }
  return at;
}

/** Undamped steps for as long as each is at most half as long as the one before: the last digits, which the RSS does not show. */
function polish<X>(problem: NonlinearProblem<X>, from: Place): Place {
  let at = from;
  let length = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 50; i += 1) {
    const linear = linearise(problem, at);
    const d = linear && step(problem, at, linear, { damping: 0, scale: linear.norms });
    const next = d && place(problem, project(problem, plus(at.p, d)));
    if (!linear || !next || next.rss > at.rss * (1 + 1e-9)) break;
    const nextLength = lengthOf(
      next.p.map((value, j) => value - (at.p[j] ?? 0)),
      linear.norms,
    );
    if (!(nextLength <= length / 2)) break;
    [at, length] = [next, nextLength];
  }
  return at;
}

const lengthOf = (vector: readonly number[], scale: readonly number[]): number =>
  Math.hypot(...vector.map((value, j) => value * (scale[j] ?? 1)));
