/** A search in words: the bracket, how sure it is, what broke beyond it, and every trial. */
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import { proportionInterval } from '../../capacity/statistics/intervals.ts';
import { approx, percent, plural } from '../analysis/numbers.ts';

export interface SearchSummary {
  target: 'local' | 'aws';
  unit: string;
  kind: 'found' | 'interrupted';
  lower: number;
  upper: number | null;
  /** Largest load that was to be tried. */
  max: number;
  bottleneck: Bottleneck | null;
  trials: readonly { load: number; purpose: string; passed: boolean; sentence: string }[];
  /** Seconds of steady state in a trial. */
  steadySeconds: number;
}

/** The last lines of `loadline search`. */
export function renderSearch(search: SearchSummary): string {
  return [verdictLine(search), ...confidenceLines(search), ...bottleneckLines(search.bottleneck), ''].join('\n');
}

/** One line a trial, as it ends. */
export function renderTrial(
  trial: { load: number; purpose: string; passed: boolean; sentence: string },
  bracket: { lower: number; upper: number | null },
  unit: string,
): string {
  const between = `[${approx(bracket.lower)}, ${bracket.upper === null ? '?' : approx(bracket.upper)})`;
  const outcome = trial.passed ? 'carried' : `not carried: ${trial.sentence}`;
  return `${trial.purpose.padEnd(12)} ${approx(trial.load)} ${unit}: ${outcome}  ${between}`;
}

function verdictLine({ target, unit, kind, lower, upper, max, bottleneck }: SearchSummary): string {
  const where = target === 'local' ? 'The local target (this machine, not AWS)' : 'The stack on AWS';
  if (kind === 'interrupted')
    return `Interrupted: so far the bracket is ${approx(lower)} to ${upper === null ? 'unknown' : approx(upper)} ${unit}, not verified. Go on with --resume.`;
  if (lower === 0) return `${where} carried no load that was tried: the lowest was not carried either.`;
  if (upper === null)
    return `${where} carries at least ${approx(lower)} ${unit}: the largest load that was tried, and carried (--max ${approx(max)}).`;
  if (bottleneck?.kind === 'generator')
    return `${where} carries at least ${approx(lower)} ${unit}; beyond that the load generator was the limit, and nothing is known.`;
  return `${where} carries ${approx(lower)} ${unit} within its SLO, and not ${approx(upper)} ${unit}.`;
}

function confidenceLines({ trials, lower, steadySeconds }: SearchSummary): string[] {
  if (lower === 0) return [`  ${plural(trials.length, 'trial')}.`];
  const atLower = trials.filter(({ load }) => load === lower);
  const passes = atLower.filter(({ passed }) => passed).length;
  const interval = proportionInterval(passes, atLower.length);
  const share =
    interval.kind === 'value' ? ` (95% CI of the share that pass there: ${percent(interval.lower)} to 100%)` : '';
  return [
    `  ${plural(trials.length, 'trial')} of ${approx(steadySeconds)} s each; ${passes} of ${atLower.length} at ${approx(lower)} passed${share}.`,
    `  A load is carried for ${approx(steadySeconds)} s: a token bucket that was full at the start may empty later. Lengthen --steady to be sure of it.`,
  ];
}

function bottleneckLines(bottleneck: Bottleneck | null): string[] {
  if (bottleneck === null) return [];
  return [`  What binds: ${bottleneck.sentence}`, ...bottleneck.evidence.map((line) => `    - ${line}`)];
}
