/**
 * What cells of tables have in common, said once in the page's style rather than in each cell, which took a tenth of a page: the names of columns,
 * which a phone shows beside each value, and the lengths of bars. Pure.
 */
import type { Table } from '../document/document.ts';
import { printable } from './printable.ts';

/** A bar's class: its length in percent. */
export const barClass = (share: number): string => `bar-${barPercent(share)}`;
const barPercent = (share: number): number => Math.round(100 * Math.min(1, Math.max(0, share)));

/** Of the table of those rows that are behind a line that opens. */
export const extraId = (id: string): string => `${id}-more`;

/** For the tables of one page. */
export function tableStyle(tables: readonly Table[]): string {
  const shares = tables.flatMap(({ rows, more }) =>
    [...rows, ...(more?.rows ?? [])].flatMap((cells) => cells.flatMap(({ bar }) => bar ?? [])),
  );
  const lengths = [...new Set(shares.map(barPercent))].map((each) => `.bar-${each}::before{width:${each}%}`);
  const most = Math.max(0, ...tables.map(({ columns }) => columns.length));
  const shown = Array.from(
    { length: Math.max(0, most - 1) },
    (_, i) => `.cards td:nth-child(${i + 2})::before{content:var(--c${i + 2})}`,
  );
  return [...lengths, ...tables.map(namesOf), `@media screen and (max-width:44rem){${shown.join('')}}`].join('\n');
}

/** As custom properties, so that one rule for each column serves all tables. */
function namesOf({ id, columns, more }: Table): string {
  const ids = more ? [id, extraId(id)] : [id];
  const names = columns.map(({ name }, i) => (i === 0 ? '' : `--c${i + 1}:${quoted(name)}`)).filter(Boolean);
  return `${ids.map((each) => `#table-${identifier(each)}`).join(',')}{${names.join(';')}}`;
}

const escaped = (character: string): string => `\\${character.codePointAt(0)?.toString(16)} `;
/** What does not stand for itself in a name of CSS. */
const identifier = (text: string): string => printable(text).replaceAll(/[^\p{L}\p{N}-]/gu, escaped);
/** In a string, in which nothing ends it or the style. */
const quoted = (text: string): string => `"${printable(text).replaceAll(/[^\p{L}\p{N} ,.:%–-]/gu, escaped)}"`;
