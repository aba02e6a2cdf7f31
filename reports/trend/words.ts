/** The sentences of a history: what changed, how sure, since when. */

import type { Skipped } from '../../history/history.ts';
import type { JudgedChange, JudgedHistory, JudgedSeries } from '../../history/judged-history.ts';
import { openRegressions } from '../../history/judged-history.ts';
import type { Oddity } from '../../history/series.ts';
import { approx, count, percent, plural } from '../analysis/numbers.ts';

/** What of the world outside the history makes its sentences more useful. */
export interface TrendContext {
  /** Page of the repository on the web, for links; null: not known. */
  repository: string | null;
  /** Commits after the first up to the second, newest first; null: git does not know them. */
  commitsBetween: (
    after: string | null,
    until: string | null,
  ) => { commits: readonly { hash: string; subject: string; author: string }[]; all: number } | null;
}

export const shortCommit = (commit: string | null): string =>
  commit === null ? 'no commit' : `${commit.slice(0, 10)}${commit.endsWith('+') ? '+' : ''}`;

/** "52.1 µs/message"; small numbers in full: a count of 2 calls is to be seen as 2. */
export const valueWords = (value: number, unit: string): string =>
  `${value >= 0.001 || value <= 0 ? approx(value) : value.toPrecision(3)}${unit === '' ? '' : ` ${unit}`}`;

/** "by 12.3%"; from or to zero there is no share. */
function by({ before, after }: Pick<JudgedChange, 'before' | 'after'>, unit: string): string {
  // An exact series may change by less than three digits show.
  const words = approx(before) === approx(after) ? inFull : valueWords;
  const fromTo = `from ${words(before, unit)} to ${words(after, unit)}`;
  return before <= 0 || after <= 0 ? fromTo : `by ${percent(Math.abs(after / before - 1))}, ${fromTo}`;
}
const inFull = (value: number, unit: string): string => `${Number(value.toPrecision(8))} ${unit}`.trimEnd();

const stateWords = {
  confirmed: 'confirmed by the run after it',
  suspected: 'not confirmed yet',
  refuted: 'refuted by the run after it',
} as const;

function howSure({ strength, state, foundAt, at }: JudgedChange): string {
  const size = Number.isFinite(strength)
    ? `${approx(Math.abs(strength))} standard deviations of its noise`
    : 'a series without any noise';
  return `${size}, seen in ${plural(foundAt - at + 1, 'run')}, ${stateWords[state]}`;
}

/** What changed, in one sentence. */
export function changeSentence({ name, unit }: Pick<JudgedSeries, 'name' | 'unit'>, change: JudgedChange): string {
  const direction = change.after > change.before ? 'rose' : 'fell';
  const judged = change.kind === 'regression' ? 'worse' : 'better';
  return `${name} ${direction} ${by(change, unit)}, on ${change.first.night}: ${judged} (${howSure(change)}).`;
}

/** Where to look: the commits that came in between. */
export function commitSentence({ first, lastBefore }: JudgedChange, context: TrendContext): string {
  const [after, until] = [lastBefore.commit, first.commit];
  if (after === null || until === null) return 'Its commits are not known.';
  if (after === until)
    return `Nothing was committed in between (${shortCommit(until)}): look at the machine and at what is outside the repository.`;
  const between = context.commitsBetween(after, until);
  const range = `after ${shortCommit(after)} (${lastBefore.night}), up to ${shortCommit(until)} (${first.night})`;
  return between === null ? `Commits ${range}.` : `${plural(between.all, 'commit')} ${range}.`;
}

export function statusOf(series: JudgedSeries): { tone: 'good' | 'near' | 'bad' | 'muted'; text: string } {
  const { judgement, changes, isCurrent, points } = series;
  if (!isCurrent) return { tone: 'muted', text: 'ended: its entry goes on without it' };
  const [open] = openRegressions(series).slice(-1);
  if (open) return { tone: 'bad', text: `worse since ${open.first.night}` };
  if (judgement.kind === 'notEnoughHistory')
    return { tone: 'near', text: `not enough history: ${judgement.points} of ${plural(judgement.needed, 'run')}` };
  const last = changes.at(-1);
  if (last?.kind === 'regression' && last.state === 'suspected')
    return { tone: 'near', text: `perhaps worse since ${last.first.night}: not confirmed` };
  if (judgement.watchedIn > 0 && last)
    return {
      tone: 'near',
      text: `changed on ${last.first.night}; watched again after ${plural(judgement.watchedIn, 'more run')}`,
    };
  if (last?.kind === 'improvement') return { tone: 'good', text: `better since ${last.first.night}` };
  if (last?.acknowledged) return { tone: 'muted', text: `worse since ${last.first.night}, accepted` };
  return { tone: 'good', text: `no change in ${plural(points.length, 'run')}` };
}

/** Of the night to the next, and of runs of one night: what a reader needs to know about a small difference. */
export function noiseWords({ judgement, sameNightNoise, points }: JudgedSeries): string {
  const same =
    sameNightNoise === null
      ? 'no repeats in a night'
      : `${share(sameNightNoise.share)} between runs of one night (A/A)`;
  if (judgement.kind === 'notEnoughHistory') return same;
  const nightly = judgement.noise === 0 ? 'exact from night to night' : `${share(judgement.noise)} from night to night`;
  return points.length > 0 ? `${nightly}; ${same}` : same;
}
const share = (value: number): string => (value === 0 ? '0%' : `±${percent(value)}`);

export function oddityWords(oddity: Oddity): string {
  switch (oddity.kind) {
    case 'clockWentBack':
      return `The clock went back: a night that began after that of ${oddity.before} says ${oddity.at}. Nights are in the order in which they were begun.`;
    case 'duplicateNight':
      return `${oddity.night} was measured ${count(oddity.runs)} times for the same commit: the first counts, the others are kept and not judged.`;
    case 'copied':
      return `${plural(oddity.lines, 'line')} of the night ${oddity.run.slice(0, 8)} are there twice: they count once.`;
    case 'missingNights':
      return `${plural(oddity.count, 'night is', 'nights are')} missing between ${oddity.from} and ${oddity.to}.`;
    case 'planChanged':
      return `${oddity.entry} measures something else from ${oddity.night} on (its scenario, plan or options changed): a new series begins, and is not compared with the old one.`;
    case 'machineChanged':
      return `${oddity.entry} ran on another machine from ${oddity.night} on (${oddity.to}; before: ${oddity.from}): times of two machines are not compared.`;
    case 'renamed':
      return `${oddity.from} ended, and ${oddity.to} with the same plan began on ${oddity.night}: if it was renamed, write "formerly: [${oddity.from}]" into its entry of the suite.`;
  }
}

export const skippedWords = ({ file, line, why, detail }: Skipped): string =>
  why === 'torn'
    ? `Line ${line} of ${file} was cut off, and is skipped.`
    : `Line ${line} of ${file} is skipped: ${detail}.`;

interface Conclusion {
  tone: 'good' | 'near' | 'bad';
  /** Begins with it. */
  lead: string;
  sentence: string;
}

/** The whole history, as it stands after its newest night. */
export function conclusionOf({ series, newest }: JudgedHistory): Conclusion {
  const current = series.filter(({ isCurrent }) => isCurrent);
  const open = current.flatMap((each) => openRegressions(each).map((change) => ({ series: each, change })));
  const of = (lead: string, tone: Conclusion['tone'], rest: string) => ({ tone, lead, sentence: `${lead}${rest}` });
  if (newest === 0) return of('No history', 'near', ': run loadline nightly.');
  // What is new is what somebody reads this for.
  const [first] = open.toSorted(
    (a, b) =>
      (a.change.first.night < b.change.first.night ? 1 : a.change.first.night > b.change.first.night ? -1 : 0) ||
      Math.abs(b.change.strength) - Math.abs(a.change.strength),
  );
  if (first) {
    const more = open.length > 1 ? ` And ${count(open.length - 1)} more.` : '';
    return of('Worse', 'bad', `: ${changeSentence(first.series, first.change)}${more}`);
  }
  const young = current.filter(({ judgement }) => judgement.kind === 'notEnoughHistory');
  if (young.length === current.length)
    return of(
      'Not enough history',
      'near',
      `: no series has enough nights to be judged yet (${plural(current.length, 'series', 'series')}).`,
    );
  const rest = young.length > 0 ? ` ${plural(young.length, 'other has', 'others have')} not enough history yet.` : '';
  return of('No regression', 'good', ` in ${plural(current.length - young.length, 'series', 'series')}.${rest}`);
}
