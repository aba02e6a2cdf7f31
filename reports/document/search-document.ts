/** A search as a document: the bracket, how sure it is, and what broke beyond it. */
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import { proportionInterval } from '../../capacity/statistics/intervals.ts';
import { bottleneckInWords } from '../analysis/bottleneck.ts';
import { approx, percent, plural } from '../analysis/numbers.ts';
import { refusalName } from '../analysis/refusals.ts';
import { type Document, list, paragraph, type Section } from './document.ts';
import { sentences } from './sections.ts';

export interface SearchSummary {
  target: 'local' | 'aws';
  unit: string;
  kind: 'found' | 'interrupted';
  lower: number;
  upper: number | null;
  /** Largest load that was to be tried. */
  max: number;
  bottleneck: Bottleneck | null;
  trials: readonly Trial[];
  /** Seconds of steady state in a trial. */
  steadySeconds: number;
}

interface Trial {
  load: number;
  purpose: string;
  passed: boolean;
  sentence: string;
}

export function searchDocument(search: SearchSummary): Document {
  const { kind, lower, bottleneck } = search;
  return {
    title: 'Capacity search',
    verdict: {
      tone: kind === 'found' && lower > 0 ? 'good' : 'near',
      lead: '',
      sentence: verdictOf(search),
      links: [],
    },
    sections: [
      { id: 'confidence', title: 'Confidence', blocks: confidenceSentences(search).map(paragraph) },
      ...bottleneckSections(bottleneck),
    ],
    footer: '',
  };
}

/** One line a trial, as it ends. */
export function trialLine(trial: Trial, bracket: { lower: number; upper: number | null }, unit: string): string {
  const between = `[${approx(bracket.lower)}, ${bracket.upper === null ? '?' : approx(bracket.upper)})`;
  const outcome = trial.passed ? 'carried' : `not carried: ${trial.sentence}`;
  return `${trial.purpose.padEnd(12)} ${approx(trial.load)} ${unit}: ${outcome}  ${between}`;
}

function verdictOf({ target, unit, kind, lower, upper, max, bottleneck }: SearchSummary): string {
  const where = target === 'local' ? 'The local target (this machine, not AWS)' : 'The stack on AWS';
  if (kind === 'interrupted')
    return `Interrupted: so far the bracket is ${approx(lower)} to ${upper === null ? 'unknown' : approx(upper)} ${unit}, not verified. Continue with --resume.`;
  if (lower === 0) return `${where} carried none of the loads tried: even the lowest failed.`;
  if (upper === null)
    return `${where} carries at least ${approx(lower)} ${unit}: the largest load tried passed (--max ${approx(max)}).`;
  if (bottleneck?.kind === 'generator')
    return `${where} carries at least ${approx(lower)} ${unit}; beyond that the load generator was the limit, and the capacity is unknown.`;
  const binding = bottleneck?.kind === 'quota' ? `: “${refusalName(bottleneck)}” binds` : '';
  return `${where} carries ${approx(lower)} ${unit} within its SLO, but not ${approx(upper)} ${unit}${binding}.`;
}

function confidenceSentences({ trials, lower, steadySeconds }: SearchSummary): string[] {
  if (lower === 0) return [`${plural(trials.length, 'trial')}.`];
  const atLower = trials.filter(({ load }) => load === lower);
  const passes = atLower.filter(({ passed }) => passed).length;
  const interval = proportionInterval(passes, atLower.length);
  const share =
    interval.kind === 'value'
      ? ` (95% CI of the pass rate there: ${percent(interval.lower)} to ${percent(interval.upper)})`
      : '';
  return [
    `${plural(trials.length, 'trial')} of ${approx(steadySeconds)} s each; ${passes} of ${atLower.length} at ${approx(lower)} passed${share}.`,
    `“Carries” means for ${approx(steadySeconds)} s: a token bucket that was full at the start may empty later. Lengthen --steady to be sure.`,
  ];
}

function bottleneckSections(bottleneck: Bottleneck | null): Section[] {
  if (bottleneck === null) return [];
  const { sentence, evidence } = bottleneckInWords(bottleneck);
  return [{ id: 'bottleneck', title: 'Bottleneck', blocks: [paragraph(sentence), ...list(sentences(evidence))] }];
}
