/**
 * A table: side by side where there is room; on a phone each row is a card, whose cells are shown with the names of their columns (table-style.ts).
 * Rows and cells of a body end where the next begins, as HTML allows.
 */
import type { Cell, Table } from '../document/document.ts';
import { type Markup, markup } from './markup.ts';
import { barClass, extraId } from './table-style.ts';

export function tableMarkup(table: Table): Markup {
  const { id, caption, rows, more, notes } = table;
  const below =
    notes.length > 0 ? markup`<ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>` : null;
  const rest = more
    ? markup`<details class="rest"><summary>${more.line}</summary>${tableOf(table, more.rows, { id: extraId(id), caption: `${caption}: ${more.line}` })}</details>`
    : null;
  return markup`${rows.length > 0 ? tableOf(table, rows, { id, caption }) : markup`<p class="caption">${caption}</p>`}${rest}${below}`;
}

function tableOf(
  { columns }: Table,
  rows: readonly Cell[][],
  { id, caption }: { id: string; caption: string },
): Markup {
  const head = columns.map(({ name, numeric }) =>
    name === '' ? markup`<td></td>` : markup`<th scope="col"${headClass(name, numeric)}>${withDates(name)}</th>`,
  );
  const body = rows.map(
    (row) =>
      markup`<tr>${row.map((cell, i) =>
        i === 0
          ? markup`<th scope="row"${idOf(cell)}>${cellOf(cell)}`
          : markup`<td${columns[i]?.numeric ? null : markup` class="words"`}${idOf(cell)}>${cellOf(cell)}`,
      )}`,
  );
  // One wider than the screen scrolls by itself, and by keyboard.
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table id="table-${id}" class="cards${columns.length > 6 ? ' many' : ''}"><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** A date is not broken at its hyphens. */
const withDates = (text: string): Markup[] =>
  text
    .split(/(\d{4}-\d{2}-\d{2})/)
    .map((part, i) => (i % 2 === 1 ? markup`<span class="date">${part}</span>` : markup`${part}`));

/** A longer word, as in the name of a stage, may be broken. */
const longestWholeWord = 13;

function headClass(name: string, numeric: boolean): Markup | null {
  const isShort = name.split(/\s/).every((word) => word.length <= longestWholeWord);
  const classes = [...(numeric ? ['number'] : []), ...(isShort ? ['short'] : [])];
  return classes.length === 0 ? null : markup` class="${classes.join(' ')}"`;
}
const idOf = ({ anchor }: Cell): Markup | null => (anchor === undefined ? null : markup` id="${anchor}"`);

function cellOf({ text, tone, detail, bar }: Cell): Markup {
  // Drawn as a border: backgrounds are not printed.
  const drawn = bar === undefined ? null : markup`<i class="bar ${barClass(bar)}"></i>`;
  const shown = markup`${text}${drawn}`;
  // What is good looks as if nothing were said of it, but for its bar.
  return markup`${tone && tone !== 'good' ? markup`<span class="${tone}">${shown}</span>` : shown}${detail ? markup`<small>${detail}</small>` : null}`;
}
