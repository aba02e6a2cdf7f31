/** The history as Markdown for a comment: what changed, how sure, since when. */
import type { JudgedHistory } from '../../history/judged-history.ts';
import { openRegressions } from '../../history/judged-history.ts';
import { count, plural } from '../analysis/numbers.ts';
import {
  changeSentence,
  commitSentence,
  conclusionOf,
  noiseWords,
  oddityWords,
  skippedWords,
  statusOf,
  type TrendContext,
  valueWords,
} from './words.ts';

/** Named are this many improvements and oddities. */
const shown = 10;
/** A comment has at most 65,536 characters on GitHub. */
const shownRows = 200;

export function renderComment(history: JudgedHistory, context: TrendContext): string {
  const { lead, sentence } = conclusionOf(history);
  const current = history.series.filter(({ isCurrent }) => isCurrent);
  const open = current.flatMap((series) => openRegressions(series).map((change) => ({ series, change })));
  const newest = (kind: 'improvement') =>
    current.flatMap((series) =>
      series.changes
        .slice(-1)
        .filter((change) => change.kind === kind)
        .map((change) => ({ series, change })),
    );
  const items = (some: readonly { series: (typeof current)[number]; change: (typeof open)[number]['change'] }[]) =>
    some.map(
      ({ series, change }) =>
        `- ${escapedMarkdown(changeSentence(series, change))} ${escapedMarkdown(commitSentence(change, context))}${linkOf(change, context)}`,
    );
  const better = newest('improvement');
  const rows = current.map((series) => {
    const last = series.points.at(-1);
    return `| ${[series.name, last ? valueWords(last.value, series.unit) : 'none', statusOf(series).text, noiseWords(series)].map(escapedMarkdown).join(' | ')} |`;
  });
  const notes = [...history.skipped.map(skippedWords), ...history.oddities.map(oddityWords)];
  return [
    `**${escapedMarkdown(lead)}**${escapedMarkdown(sentence.slice(lead.length))}`,
    ...(open.length > 0
      ? ['', '### Worse', '', ...items(open), '', 'Accept one with `loadline ack SERIES --reason TEXT`.']
      : []),
    ...(better.length > 0 ? ['', '### Better', '', ...items(better.slice(0, shown))] : []),
    '',
    `<details><summary>${plural(current.length, 'series', 'series')}</summary>`,
    '',
    '| series | newest | | noise |',
    '| --- | ---: | --- | --- |',
    ...rows.slice(0, shownRows),
    ...(rows.length > shownRows ? ['', `And ${count(rows.length - shownRows)} more: they are on the trend page.`] : []),
    '',
    '</details>',
    ...(notes.length > 0 ? ['', ...notes.slice(-shown).map((note) => `- ${escapedMarkdown(note)}`)] : []),
    ...(notes.length > shown ? [`- and ${count(notes.length - shown)} more notes`] : []),
    '',
  ].join('\n');
}

function linkOf(
  { first, lastBefore }: { first: { commit: string | null }; lastBefore: { commit: string | null } },
  { repository }: TrendContext,
): string {
  const [from, to] = [lastBefore.commit, first.commit];
  if (repository === null || from === null || to === null || from === to) return '';
  const plain = (commit: string) => commit.replace(/\+$/, '');
  return ` [Compare](${repository}/compare/${plain(from)}...${plain(to)})`;
}

export const escapedMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
