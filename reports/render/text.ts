/** A document as plain text for the terminal: without small print, and of a long table the first rows. */
import type { Block, Document, Item, Table } from '../document/document.ts';
import { panelSentence, shownPanels, timelineSentence } from '../document/timeline.ts';
import { inOneLine } from './printable.ts';

/** Rows of a long table on the terminal, its totals among them: the rest is in the report. */
const firstRows = 5;
const lastRows = 3;

export function renderText({ verdict, sections }: Document): string {
  return [
    verdict.sentence,
    ...sections.flatMap(({ title, blocks }) => [
      '',
      title,
      ...blocks.flatMap((block, i) => [...(block.kind === 'table' && i > 0 ? [''] : []), ...linesOf(block)]),
    ]),
    '',
  ]
    .map(inOneLine)
    .join('\n');
}

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
      return [`  ${block.text}`];
    case 'list':
      return block.items.map(itemLine);
    case 'facts':
      return block.facts.map(([name, value]) => `  ${name}: ${value}`);
    case 'table':
      return block.table.ofSentences ? sentencesOf(block.table) : columnsOf(block.table);
    case 'timeline':
      return [timelineSentence(block.timeline), ...shownPanels(block.timeline).map(panelSentence)].map(
        (line) => `  ${line}`,
      );
  }
}

export const itemLine = ({ text, next }: Item): string => `  - ${text}${next ? ` ${next}` : ''}`;

/** Rows that ask for nothing are muted, and need no explanation here. */
const sentencesOf = ({ rows }: Table): string[] =>
  rows.flatMap(([sentence, label]) => [
    `  - ${sentence?.text ?? ''}`,
    ...(sentence?.detail && label?.tone !== 'muted' ? [`      ${sentence.detail}`] : []),
  ]);

/** Columns side by side, as wide as their widest cell. */
function columnsOf({ caption, columns, rows, notes }: Table): string[] {
  const hidden = Math.max(0, rows.length - firstRows - lastRows);
  const shown = [...rows.slice(0, firstRows), ...rows.slice(firstRows + hidden)];
  const texts = [columns.map(({ name }) => name), ...shown.map((row) => row.map(({ text }) => text))];
  const widths = columns.map((_, i) => Math.max(...texts.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((text, i) => (columns[i]?.numeric ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0))).join('  ')}`.trimEnd();
  const [head, ...lines] = texts.map(line);
  return [
    `  ${caption}`,
    head ?? '',
    ...lines.slice(0, firstRows),
    ...(hidden > 0 ? [`  … ${hidden} more`] : []),
    ...lines.slice(firstRows),
    ...(notes[0] === undefined ? [] : [`  ${notes[0]}`]),
  ];
}
