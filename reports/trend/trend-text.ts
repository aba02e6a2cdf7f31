/** The history for a terminal: what changed first, then a line for each series that goes on. */
import { type JudgedHistory, openRegressions } from '../../history/judged-history.ts';
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

/** Oddities of a long history: the newest say enough. */
const shownOddities = 5;

export function trendText(history: JudgedHistory, context: TrendContext): string {
  const current = history.series.filter(({ isCurrent }) => isCurrent);
  const worse = current.flatMap((series) =>
    openRegressions(series).map((change) => `  - ${changeSentence(series, change)} ${commitSentence(change, context)}`),
  );
  const widest = Math.max(0, ...current.map(({ name }) => name.length));
  const rows = current.map((series) => {
    const last = series.points.at(-1);
    const value = last === undefined ? 'no valid value' : valueWords(last.value, series.unit);
    return `  ${series.name.padEnd(widest)}  ${value}; ${statusOf(series).text} (${noiseWords(series)})`;
  });
  const oddities = history.oddities.map(oddityWords);
  const notes = [...history.skipped.map(skippedWords), ...oddities.slice(-shownOddities)];
  return [
    conclusionOf(history).sentence,
    ...(worse.length > 0 ? ['', 'Worse', ...worse] : []),
    '',
    'Series',
    ...rows,
    ...(notes.length > 0 ? ['', 'Notes', ...notes.map((note) => `  - ${note}`)] : []),
    '',
  ].join('\n');
}
