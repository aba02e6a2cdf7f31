/** The Universal Scalability Law: how throughput grows, levels off and falls with concurrency. A diagnosis, not a forecast. */
import { fitNonlinear } from './levenberg-marquardt.ts';
import { studentTQuantile } from './student-t.ts';

/** From this to that, both included. */
export interface Interval {
  lower: number;
  upper: number;
}

export interface UslPoint {
  /** N: concurrency, the mean number under way. Of an open-loop test N = X · R (Little). */
  load: number;
  /** X(N), in 1/s. */
  throughput: number;
  /** Whether a quota refused some of it. Such a point shows the quota, not the system. */
  throttled?: boolean;
}

export type UslParameter = 'lambda' | 'sigma' | 'kappa';

export interface UslFit {
  kind: 'fit';
  /** λ: throughput at concurrency 1, in 1/s. */
  lambda: number;
  /** σ: contention, the share of work that is serial; 0 to 1. */
  sigma: number;
  /** κ: coherency, the cost of keeping pairs in step; 0 to 1. */
  kappa: number;
  standardErrors: Record<UslParameter, number>;
  /** 95%: estimate ± t(0.975, n − 3) · standard error. Of a parameter on its bound one-sided: from the bound to t(0.95, n − 3) above it. */
  intervals: Record<UslParameter, Interval>;
  /** Parameters on a bound: the Wald interval is not valid for them. */
  onBound: UslParameter[];
  rss: number;
  degreesOfFreedom: number;
  /** √((1 − σ) / κ); null when κ = 0, where throughput never falls. */
  peakLoad: number | null;
  /** True when the peak lies beyond 1.2 × the largest load: nobody saw it. */
  peakExtrapolated: boolean;
  largestLoad: number;
}

type Refused = { kind: 'refused'; reason: string };

const fewestLoads = 6;
/** As far beyond the largest load as the law is taken to hold. */
const extrapolation = 1.2;
const names = ['lambda', 'sigma', 'kappa'] as const;

/**
 * Fits X(N) = λN / (1 + σ(N−1) + κN(N−1)), by least squares with λ ≥ 0, 0 ≤ σ ≤ 1, 0 ≤ κ ≤ 1. N. J. Gunther, Guerrilla Capacity Planning,
 * Springer 2007, ch. 4-5, and arXiv:0808.1431. Standard errors from s²(JᵀJ)⁻¹ with n − 3 degrees of freedom.
 * Refused below 6 distinct loads, where it is under-determined, and for points that were throttled: a quota's flat top is fitted as a peak
 * that does not exist, and the points below it as growth without end. Holds inside the measured range, for one bottleneck of one kind.
 */
export function fitUsl(points: readonly UslPoint[]): UslFit | Refused {
  const reason = whyNot(points);
  if (reason !== null) return { kind: 'refused', reason };
  const fit = fitNonlinear({
    model: throughputAt,
    jacobian: gradientAt,
    x: points.map(({ load }) => load),
    y: points.map(({ throughput }) => throughput),
    start: [Math.max(...points.map(({ load, throughput }) => throughput / load)), 0.01, 1e-4],
    bounds: [
      [0, Number.POSITIVE_INFINITY],
      [0, 1],
      [0, 1],
    ],
  });
  if (fit.kind === 'refused') return fit;
  const [lambda = 0, sigma = 0, kappa = 0] = fit.parameters;
  const [lambdaError = 0, sigmaError = 0, kappaError = 0] = fit.standardErrors;
  const onBound = names.filter((_, j) => {
    const value = fit.parameters[j] ?? 0;
    return value === 0 || (j > 0 && value === 1);
  });
  const estimates = { lambda, sigma, kappa };
  const standardErrors = { lambda: lambdaError, sigma: sigmaError, kappa: kappaError };
  const intervalOf = (name: UslParameter): Interval => {
    const [value, error] = [estimates[name], standardErrors[name]];
    const bound = onBound.includes(name);
    const reach = studentTQuantile(bound ? 0.95 : 0.975, fit.degreesOfFreedom) * error;
    if (!bound) return { lower: value - reach, upper: value + reach };
    return value === 0 ? { lower: 0, upper: reach } : { lower: value - reach, upper: value };
  };
  const largestLoad = Math.max(...points.map(({ load }) => load));
  const peakLoad = kappa > 0 ? Math.sqrt((1 - sigma) / kappa) : null;
  return {
    kind: 'fit',
    ...estimates,
    standardErrors,
    intervals: { lambda: intervalOf('lambda'), sigma: intervalOf('sigma'), kappa: intervalOf('kappa') },
    onBound,
    rss: fit.rss,
    degreesOfFreedom: fit.degreesOfFreedom,
    peakLoad,
    peakExtrapolated: peakLoad !== null && peakLoad > extrapolation * largestLoad,
    largestLoad,
  };
}

/**
 * X(N) of a fit, in 1/s. Refused beyond 1.2 × the largest load, and wherever the fit does not carry a prediction: a parameter on its bound, or
 * an interval over 0 (the law's three terms could not be told apart).
 */
export function predictThroughput(
  fit: UslFit | Refused,
  load: number,
): { kind: 'value'; throughput: number } | Refused {
  const refused = (reason: string): Refused => ({ kind: 'refused', reason });
  if (fit.kind === 'refused') return fit;
  if (!(load >= 0)) return refused(`A load of ${load} has no throughput.`);
  if (load > extrapolation * fit.largestLoad)
    return refused(
      `${load} is beyond ${extrapolation} × the largest load measured, ${fit.largestLoad}: an extrapolation. Measure there.`,
    );
  const [bound] = fit.onBound;
  if (bound)
    return refused(
      `${bound} is on its bound, ${fit[bound]}: the law does not describe these points. Add loads near the top.`,
    );
  const open = names.find((name) => fit.intervals[name].lower <= 0);
  if (open)
    return refused(
      `The 95% interval of ${open}, ${fit.intervals[open].lower.toPrecision(3)} to ${fit.intervals[open].upper.toPrecision(3)}, includes 0: too few or too noisy points. Add loads.`,
    );
  return { kind: 'value', throughput: throughputAt(load, [fit.lambda, fit.sigma, fit.kappa]) };
}

function whyNot(points: readonly UslPoint[]): string | null {
  if (
    !points.every(({ load, throughput }) => load > 0 && Number.isFinite(load) && throughput >= 0 && throughput < 1e300)
  )
    return 'Every load must be above 0, and every throughput a number that is not negative.';
  const throttled = points.filter((point) => point.throttled);
  if (throttled.length > 0)
    return `${throttled.length} of ${points.length} points were throttled (load ${throttled.map(({ load }) => load).join(', ')}): a quota set their throughput. Raise the quota, or look at its headroom instead.`;
  const loads = new Set(points.map(({ load }) => load)).size;
  if (loads < fewestLoads)
    return `A USL fit needs ${fewestLoads} distinct loads, got ${loads}. Add steps to the staircase.`;
  if (!points.some(({ throughput }) => throughput > 0)) return 'No load had any throughput.';
  return null;
}

function throughputAt(n: number, [lambda = 0, sigma = 0, kappa = 0]: readonly number[]): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

function gradientAt(n: number, [lambda = 0, sigma = 0, kappa = 0]: readonly number[]): number[] {
  const d = 1 + sigma * (n - 1) + kappa * n * (n - 1);
  return [n / d, (-lambda * n * (n - 1)) / d ** 2, (-lambda * n ** 2 * (n - 1)) / d ** 2];
}
