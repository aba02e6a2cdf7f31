/** A document as plain text for the terminal: without small print, and of a long table the first rows. */
import type { Block, Document, Finding, Item } from '../document/document.ts';
import { inOneLine } from './printable.ts';
import { tableLines } from './text-table.ts';
import { wrapped } from './wrap.ts';

/** Of the first lines, which are to be read at a glance. */
const summaryColumns = 80;

/** `columns`: of the terminal; without it, as for a pipe, only the first lines have a width. */
export function renderText({ verdict, sections }: Document, columns = Number.POSITIVE_INFINITY): string {
  return [
    ...(verdict.summary ? summaryLines(verdict.summary, columns) : wrapped(inOneLine(verdict.sentence), columns)),
    ...sections
      .filter(({ onPage }) => onPage !== true)
      .flatMap(({ title, blocks }) => [
        '',
        inOneLine(title),
        ...blocks.flatMap((block, i) => [...(block.kind === 'table' && i > 0 ? [''] : []), ...linesOf(block, columns)]),
      ]),
    '',
  ].join('\n');
}

/** Name and text side by side, the text's further lines below it. */
function summaryLines(summary: readonly (readonly [string, string])[], columns: number): string[] {
  const indent = Math.max(...summary.map(([name]) => name.length)) + 2;
  return summary.flatMap(([name, text]) =>
    wrapped(inOneLine(text), Math.min(columns, summaryColumns) - indent).map(
      (line, i) => `${(i === 0 ? name : '').padEnd(indent)}${line}`,
    ),
  );
}

function linesOf(block: Block, columns: number): string[] {
  const lines = (texts: readonly string[], indent: number) =>
    texts.flatMap((text) => wrapped(inOneLine(text), columns, indent));
  switch (block.kind) {
    case 'paragraph':
      return lines([`  ${block.text}`], 2);
    case 'list':
      return lines(block.items.map(itemLine), 4);
    case 'facts':
      return lines(
        block.facts.map(([name, value]) => `  ${name}: ${value}`),
        4,
      );
    case 'findings':
      return block.findings.flatMap((finding) => findingLines(finding, columns));
    case 'table':
      return tableLines(block.table, columns);
    case 'charts':
      return lines(
        block.charts.map(({ sentence }) => `  ${sentence}`),
        4,
      );
  }
}

export const itemLine = ({ text, next }: Item): string => `  - ${text}${next ? ` ${next}` : ''}`;

/** What asks for nothing is muted, and needs no explanation here. */
const findingLines = ({ text, labels, detail }: Finding, columns: number): string[] => [
  ...wrapped(`  - ${inOneLine(text)}`, columns, 4),
  ...(detail && labels[0]?.tone !== 'muted' ? wrapped(`      ${inOneLine(detail)}`, columns, 6) : []),
];
