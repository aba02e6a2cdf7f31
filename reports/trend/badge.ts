/** The history's state as a badge: an SVG of two fields, as README files show them. */
import type { JudgedHistory } from '../../history/judged-history.ts';
import { openRegressions } from '../../history/judged-history.ts';
import { plural } from '../analysis/numbers.ts';
import { markup } from '../render/markup.ts';
import { conclusionOf } from './words.ts';

const colours = { good: '#1a6b3f', near: '#8a5a00', bad: '#a3241f' } as const;
/** Of 11 px Verdana, roughly: an advance for each character. */
const characterWidth = 6.6;
const padding = 6;

export function renderBadge(history: JudgedHistory): string {
  const open = history.series.flatMap(openRegressions).length;
  const { tone, lead } = conclusionOf(history);
  const text = open > 0 ? plural(open, 'regression') : lead.toLowerCase();
  const label = 'nightly';
  const [left, right] = [label, text].map((each) => Math.round(each.length * characterWidth + 2 * padding)) as [
    number,
    number,
  ];
  const whole = left + right;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="20" role="img" aria-label="${label}: ${text}"><title>${label}: ${text}</title><rect width="${whole}" height="20" rx="3" fill="#55606c"/><path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${left}z" fill="${colours[tone]}"/><g fill="#fff" font-family="Verdana,Geneva,sans-serif" font-size="11" text-anchor="middle"><text x="${left / 2}" y="14">${label}</text><text x="${left + right / 2}" y="14">${text}</text></g></svg>\n`
    .source;
}
