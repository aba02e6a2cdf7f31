/** A table as plain text: its columns side by side, or where they do not fit, a row below the other. */
import type { Table } from '../document/document.ts';
import { inOneLine } from './printable.ts';
import { padded, widthOf, wrapped } from './wrap.ts';

/** Rows of a long table on the terminal, its totals among them: the rest is in the report. What is exceeded is never left out. */
const firstRows = 5;
const lastRows = 3;
const margin = 2;
/** The first column names the rows: below this it cannot be read. */
const leastNameWidth = 12;

export function tableLines(table: Table, columns: number): string[] {
  const { caption, rows, more: rest, notes, isWhole } = table;
  const listed = rows.filter(
    (row, i) => isWhole || i < firstRows || i >= rows.length - lastRows || row.some(({ tone }) => tone === 'bad'),
  );
  const shown = listed.map((row) => row.map(({ text }) => inOneLine(text)));
  const hidden = rows.length - shown.length;
  // Those left out stand after the first rows and the exceeded ones, before the totals.
  const upTo = hidden > 0 ? shown.length - lastRows : shown.length;
  const more = hidden > 0 ? [`  … ${hidden} more`] : [];
  const [head, ...bodies] = sideBySide(table, shown, columns) ?? oneBelowTheOther(table, shown, columns);
  return [
    ...wrapped(`  ${caption}`, columns, margin),
    ...(rows.length > 0 ? (head ?? []) : []),
    ...bodies.slice(0, upTo).flat(),
    ...more,
    ...bodies.slice(upTo).flat(),
    ...(rest === undefined ? [] : wrapped(`  ${inOneLine(rest.line)}`, columns, 4)),
    ...(notes[0] === undefined ? [] : wrapped(`  ${notes[0]}`, columns, margin)),
  ];
}

/** The lines of the head, then those of each row; null when they do not fit. */
function sideBySide({ columns: of }: Table, rows: readonly string[][], columns: number): string[][] | null {
  // A text that begins with spaces would keep them on each of its lines.
  const texts = [of.map(({ name }) => inOneLine(name)), ...rows].map((row) => row.map((text) => text.trim()));
  const natural = of.map((_, i) => Math.max(...texts.map((row) => widthOf(row[i] ?? ''))));
  const widths = widthsWithin(columns - margin, {
    natural,
    narrow: of.map((_, i) => Math.max(...texts.flatMap((row) => (row[i] ?? '').split(' ').map(widthOf)))),
  });
  if (widths === null) return null;
  return texts.map((row) => {
    const cells = row.map((text, i) => wrapped(text, widths[i] ?? 0));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      `  ${cells.map((lines, i) => padded(lines[line] ?? '', widths[i] ?? 0, of[i]?.numeric ?? false)).join('  ')}`.trimEnd(),
    );
  });
}

/** As wide as their texts where there is room; else all but the first as narrow as their longest word, and what is left shared out. */
function widthsWithin(
  columns: number,
  { natural, narrow }: { natural: readonly number[]; narrow: readonly number[] },
): number[] | null {
  const gaps = 2 * (natural.length - 1);
  if (natural.reduce((sum, width) => sum + width, gaps) <= columns) return [...natural];
  const [name = 0] = natural;
  let left = columns - narrow.slice(1).reduce((sum, width) => sum + width, gaps);
  if (left < Math.min(name, leastNameWidth)) return null;
  const widths = [Math.min(name, left), ...narrow.slice(1)];
  left -= widths[0] ?? 0;
  return widths.map((width, i) => {
    const more = i === 0 ? 0 : Math.min(left, (natural[i] ?? 0) - width);
    left -= more;
    return width + more;
  });
}

/** Each row as its name, and a line for each of its columns. */
function oneBelowTheOther({ columns: of }: Table, rows: readonly string[][], columns: number): string[][] {
  return [
    [],
    ...rows.map(([name = '', ...cells]) => [
      ...wrapped(`  ${name}`, columns, margin),
      ...cells.flatMap((text, i) => {
        const heading = of[i + 1]?.name ?? '';
        return wrapped(`    ${heading === '' ? '' : `${inOneLine(heading)}: `}${text}`, columns, 6);
      }),
    ]),
  ];
}
