/** A comparison of two commits, for a terminal and as Markdown for a comment. */
import type { Compared } from '../../capacity/change-points/compare.ts';
import type { Harm } from '../../capacity/change-points/judge.ts';
import { percent, plural } from '../analysis/numbers.ts';
import { escapedMarkdown } from './comment.ts';
import { shortCommit, valueWords } from './words.ts';

interface ShownComparison {
  base: { ref: string; commit: string | null };
  head: { commit: string | null };
  series: readonly { name: string; unit: string; harm: Harm; pairs: readonly unknown[]; compared: Compared }[];
  onlyIn: readonly { series: string; side: 'base' | 'head' | 'neverTogether' }[];
  changedPlans: readonly string[];
  invalid: readonly { entry: string; reason: string }[];
  broken: readonly { entry: string; sentence: string }[];
}

const order = { worse: 0, better: 1, same: 2 } as const;

export function comparisonSentence({ series, base, invalid, broken, changedPlans, onlyIn }: ShownComparison): string {
  const of = (verdict: 'worse' | 'better') =>
    series.filter(({ compared }) => compared.kind === 'compared' && compared.verdict === verdict);
  const named = `${base.ref} (${shortCommit(base.commit)})`;
  const [first] = broken;
  if (first) return `SLO broken: ${first.entry}. ${first.sentence}`;
  const [worse, better] = [of('worse'), of('better')];
  if (worse.length > 0) return `Worse than ${named}: ${worse.map(({ name }) => name).join(', ')}.`;
  if (series.length === 0 && invalid.length > 0) return `Invalid: nothing could be compared with ${base.ref}.`;
  if (series.length === 0)
    return `Nothing was compared with ${named}${changedPlans.length > 0 && onlyIn.length === 0 ? ': every entry measures something else there' : ''}.`;
  if (better.length > 0) return `Better than ${named}: ${better.map(({ name }) => name).join(', ')}. Nothing is worse.`;
  if (series.every(({ compared }) => compared.kind === 'notEnough'))
    return `Not enough pairs to compare with ${named}: raise --pairs.`;
  return `No difference from ${named} in ${plural(series.length, 'series', 'series')}.`;
}

function rowOf({ name, unit, pairs, compared }: ShownComparison['series'][number]): string[] {
  if (compared.kind === 'notEnough') return [name, '', '', `not enough pairs (${compared.pairs})`, ''];
  const { verdict, base, head, ratio, interval95, isExact, noise } = compared;
  const change = ratio === null ? '' : signed(ratio - 1);
  const interval = isExact
    ? 'exact'
    : interval95 === null
      ? ''
      : `95% CI ${signed(interval95.low - 1)} to ${signed(interval95.high - 1)}`;
  const aa = isExact ? 'none' : noise === null ? '' : `±${percent(noise)}`;
  return [
    name,
    valueWords(base, unit),
    `${valueWords(head, unit)}${change === '' ? '' : ` (${change})`}`,
    `${verdict}; ${interval}, ${plural(pairs.length, 'pair')}`,
    aa,
  ];
}

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;

const inOrder = ({ series }: ShownComparison) =>
  series.toSorted(
    (a, b) =>
      (a.compared.kind === 'compared' ? order[a.compared.verdict] : 3) -
      (b.compared.kind === 'compared' ? order[b.compared.verdict] : 3),
  );

const notesOf = ({ changedPlans, invalid, onlyIn }: ShownComparison): string[] => [
  ...changedPlans.map(
    (entry) => `${entry} measures something else in the base (its scenario, plan or options changed): not compared.`,
  ),
  ...onlyIn.map(({ series, side }) =>
    side === 'neverTogether'
      ? `${series} is measured on both sides, but in no pair on both: not compared.`
      : `${series} is measured in the ${side} only: not compared.`,
  ),
  ...invalid.map(({ entry, reason }) => `${entry} is not valid: ${reason}`),
];

export function comparisonText(comparison: ShownComparison): string {
  const rows = inOrder(comparison).map((series) => {
    const [name = '', base = '', head = '', verdict = '', noise = ''] = rowOf(series);
    return `  ${name}: ${base} → ${head}; ${verdict}${noise === '' ? '' : `; A/A noise ${noise}`}`;
  });
  return [
    comparisonSentence(comparison),
    '',
    'Series',
    ...rows,
    ...notesOf(comparison).map((note) => `  - ${note}`),
  ].join('\n');
}

export function comparisonMarkdown(comparison: ShownComparison): string {
  const rows = inOrder(comparison).map((series) => `| ${rowOf(series).map(escapedMarkdown).join(' | ')} |`);
  return [
    `**${escapedMarkdown(comparisonSentence(comparison))}**`,
    '',
    `Base ${escapedMarkdown(comparison.base.ref)} (${shortCommit(comparison.base.commit)}) and head (${shortCommit(comparison.head.commit)}) were run in turn on one machine.`,
    '',
    '| series | base | head | | noise of the base (A/A) |',
    '| --- | ---: | ---: | --- | ---: |',
    ...rows,
    '',
    ...notesOf(comparison).map((note) => `- ${escapedMarkdown(note)}`),
    '',
  ].join('\n');
}
