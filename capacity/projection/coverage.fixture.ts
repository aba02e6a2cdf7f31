/** How often a date's 95% interval holds, by simulation: histories whose growth and residuals are known, and how they went on. */
import { normal, seededRandom } from '../../aws/random.ts';
import { growthOf } from './planned-growth.ts';

/** Residuals of the logarithm of a user count, from month to month. */
export const residuals = {
  independent: 0,
  'AR(0.3)': 0.3,
  'AR(0.6)': 0.6,
  'AR(0.9)': 0.9,
  'random walk': 1,
} as const;
export type Residuals = keyof typeof residuals;

export interface CoverageCase {
  residuals: Residuals;
  /** Months in the history. */
  months: number;
  /** After so many months the trend reaches what the quota carries. */
  ahead: number;
  growthPerMonth: number;
  /** Standard deviation of what is new in a residual each month, in the logarithm. */
  scatter: number;
  seed: number;
}

export interface Coverage {
  /** Shares of histories. `reached`: the day on which users reached the limit lay in the interval; `early`, `late`: before, after it. */
  reached: number;
  early: number;
  late: number;
  /** The day on which the trend, without residuals, reaches the limit lay in it. */
  trend: number;
  /** Mean months from the earliest to the latest day, of those whose latest is within ten times `ahead`. */
  width: number;
}

/** The whole of it for one case. Pure: the seed decides. */
export function coverageOf(of: CoverageCase, histories: number): Coverage {
  const random = seededRandom(of.seed);
  const counts = { reached: 0, early: 0, late: 0, trend: 0, widths: 0, width: 0 };
  for (let i = 0; i < histories; i += 1) {
    const { logs, reachedAfter, limit } = simulate(of, random);
    const { earliest, latest } = datesOf(logs.slice(0, of.months), limit, 10 * of.ahead);
    if (reachedAfter < earliest - slack) counts.early += 1;
    else if (reachedAfter > latest + slack) counts.late += 1;
    else counts.reached += 1;
    if (earliest <= of.ahead + slack && of.ahead - slack <= latest) counts.trend += 1;
    if (Number.isFinite(latest)) {
      counts.widths += 1;
      counts.width += latest - earliest;
    }
  }
  const share = (count: number) => count / histories;
  return {
    reached: share(counts.reached),
    early: share(counts.early),
    late: share(counts.late),
    trend: share(counts.trend),
    width: counts.widths === 0 ? Number.NaN : counts.width / counts.widths,
  };
}

/** Of months: rounding. */
const slack = 1e-6;

/** Months on the logarithmic scale, the last of the history at index `months` − 1, and when the limit is reached after it. */
function simulate({ residuals: kind, months, ahead, growthPerMonth, scatter }: CoverageCase, random: () => number) {
  const correlation = residuals[kind];
  const slope = Math.log1p(growthPerMonth);
  const limit = slope * (months - 1 + ahead);
  const logs: number[] = [];
  let residual = 0;
  for (let month = 0; ; month += 1) {
    const fresh = scatter * normal(random);
    const isFirst = month === 0 && correlation < 1;
    residual = isFirst ? fresh / Math.sqrt(1 - correlation ** 2) : correlation * residual + fresh;
    logs.push(slope * month + residual);
    const now = logs[month] ?? 0;
    if (month < months - 1 || (month === months - 1 && now <= limit)) continue;
    if (now <= limit && month < months + 100 * ahead) continue;
    if (month === months - 1) return { logs, limit, reachedAfter: 0 };
    const before = logs[month - 1] ?? 0;
    const part = now <= limit ? Number.POSITIVE_INFINITY : (limit - before) / (now - before);
    return { logs, limit, reachedAfter: month - 1 + part - (months - 1) };
  }
}

/** As the projection finds them: the first day on which the upper, and the lower, path of users reaches the limit. */
function datesOf(history: readonly number[], limit: number, within: number): { earliest: number; latest: number } {
  const growth = growthOf({ growthPerMonth: 0, growthHistory: history.map((log) => 1_000 * Math.exp(log)) });
  if (growth.kind !== 'fitted') throw new Error('The history was not fitted.');
  const room = limit - (history.at(-1) ?? 0);
  if (room <= 0) return { earliest: 0, latest: 0 };
  const slope = Math.log1p(growth.perMonth);
  const first = (end: 'lower' | 'upper'): number => {
    const at = (months: number) => slope * months + Math.log(growth.bend(months, end));
    if (at(within) <= room) return Number.POSITIVE_INFINITY;
    let [before, after] = [0, within];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (at(middle) > room) after = middle;
      else before = middle;
    }
    return before + Math.max(0, (room - at(before)) / (at(after) - at(before)));
  };
  return { earliest: first('upper'), latest: first('lower') };
}
