/** A document as Markdown for a pull request's comment: the answer and the first rows in the open, the rest folded, and never longer than GitHub takes. */
import { shortened } from '../analysis/shortened.ts';
import type { Block, Document, Finding, Item, Link, Section, Table, Tile } from '../document/document.ts';
import { inOneLine } from './printable.ts';

/** GitHub refuses a comment of more than 65,536 characters; some room is left for what a workflow adds. */
const mostCharacters = 60_000;
/** A text of a plan or a server may be of any length. */
const longestSentence = 1_200;
const longestCell = 300;
/** In the open: of a table, and of findings. */
const openRows = 5;
const openFindings = 3;

/** Sections that are not folded, and those of which the first rows are not. */
const open: readonly string[] = ['why', 'confidence', 'bottleneck'];
const partlyOpen: readonly string[] = ['headroom', 'recommendations'];

export function renderMarkdown({ title, verdict, tiles, sections, footer }: Document): string {
  const head = [
    `**${escaped(shortened(verdict.sentence, longestSentence))}**`,
    tileTable(tiles),
    `_${escaped(shortened(title, longestCell))}_`,
  ];
  const foot = `---\n\n${escaped(footer)}`;
  const parts = head.filter((part) => part !== '');
  let room = mostCharacters - foot.length - parts.join('\n\n').length - leftOut(sections).length;
  const left: Section[] = [];
  for (const section of sections) {
    const text = sectionOf(section);
    if (text.length + 2 > room) left.push(section);
    else {
      parts.push(text);
      room -= text.length + 2;
    }
  }
  return `${[...parts, ...(left.length > 0 ? [leftOut(left)] : []), foot].join('\n\n')}\n`;
}

const leftOut = (sections: readonly Section[]): string =>
  `Too long for a comment, and only in the page: ${sections.map(({ title }) => escaped(title)).join(', ')}.`;

/** Side by side, as on the page. */
function tileTable(tiles: readonly Tile[]): string {
  if (tiles.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cellOf = ({ value, detail }: Tile) =>
    `**${escaped(shortened(value, longestCell))}**${detail === '' ? '' : `<br><sub>${escaped(shortened(detail, longestCell))}</sub>`}`;
  return [line(tiles.map(({ name }) => escaped(name))), line(tiles.map(() => '---')), line(tiles.map(cellOf))].join(
    '\n',
  );
}

function sectionOf({ id, title, blocks }: Section): string {
  if (open.includes(id)) return [`### ${escaped(title)}`, ...blocks.map(blockOf)].join('\n\n');
  if (!partlyOpen.includes(id)) return folded(title, blocks.map(blockOf));
  const table = blocks.findIndex(({ kind }) => kind === 'table');
  const shown = blocks.map((block, i) => firstOf(block, i <= Math.max(0, table)));
  const rest = shown.flatMap(({ rest }) => rest);
  return [
    `### ${escaped(title)}`,
    ...shown.flatMap(({ first }) => first),
    ...(rest.length > 0 ? [folded(`More of ${title.toLowerCase()}`, rest)] : []),
  ].join('\n\n');
}

const folded = (title: string, parts: readonly string[]): string =>
  [`<details><summary>${escaped(title)}</summary>`, ...parts, '</details>'].join('\n\n');

/** What of a block is not folded. */
function firstOf(block: Block, isFirst: boolean): { first: string[]; rest: string[] } {
  if (block.kind === 'table' && isFirst && block.table.rows.length > 0) {
    const { rows, more, notes } = block.table;
    const all = [...rows, ...(more?.rows ?? [])];
    const first = tableOf({ ...block.table, rows: all.slice(0, openRows), notes: [] });
    const others = all.slice(openRows);
    const rest = others.length > 0 ? [tableOf({ ...block.table, rows: others, notes })] : [listOf(notes)];
    return { first: [first], rest: rest.filter((text) => text !== '') };
  }
  if (block.kind === 'findings') {
    const rest = block.findings.slice(openFindings);
    return {
      first: [findingsOf(block.findings.slice(0, openFindings), false)],
      rest: [findingsOf(rest, true)].filter((text) => text !== ''),
    };
  }
  // A doubt about the numbers below it.
  return isFirst ? { first: [blockOf(block)], rest: [] } : { first: [], rest: [blockOf(block)] };
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return escaped(shortened(block.text, longestSentence));
    case 'list':
      return block.items.map(itemOf).join('\n');
    case 'facts':
      return listOf(block.facts.map(([name, value]) => `${name}: ${value}`));
    case 'findings':
      return findingsOf(block.findings, true);
    case 'table': {
      const { rows, more } = block.table;
      return tableOf({ ...block.table, rows: [...rows, ...(more?.rows ?? [])] });
    }
    // Markdown has no charts: their words.
    case 'charts':
      return listOf(block.charts.map(({ sentence }) => sentence));
  }
}

const listOf = (texts: readonly string[]): string =>
  texts.map((text) => `- ${escaped(shortened(text, longestSentence))}`).join('\n');

const itemOf = ({ text, next, links = [] }: Item): string =>
  `- ${[text, ...(next ? [next] : [])].map((each) => escaped(shortened(each, longestSentence))).join(' ')}${links.map((link) => ` ${linkOf(link)}`).join('')}`;

const findingsOf = (findings: readonly Finding[], withDetail: boolean): string =>
  findings
    .map(({ text, labels, detail }) => {
      const marks = labels.map(({ text: label }) => escaped(label)).join(', ');
      return `- ${marks === '' ? '' : `**${marks}**: `}${escaped(shortened(text, longestSentence))}${withDetail && detail ? `<br><sub>${escaped(detail)}</sub>` : ''}`;
    })
    .join('\n');

const linkOf = ({ text, anchor }: Link): string => `[${escaped(text)}](#${anchor})`;

function tableOf({ caption, columns, rows, notes }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${escaped(caption)}**`,
    [
      line(columns.map(({ name }) => escaped(name))),
      line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
      ...rows.map((row) =>
        line(
          row.map(
            ({ text, detail, anchor }) =>
              (anchor === undefined ? '' : `<a id="${anchor}"></a>`) +
              escaped(shortened(text, longestCell)) +
              (detail ? `<br><sub>${escaped(shortened(detail, longestCell))}</sub>` : ''),
          ),
        ),
      ),
    ].join('\n'),
    ...(notes.length > 0 ? [listOf(notes)] : []),
  ].join('\n\n');
}

/** Text that came from a plan or a service must not become markup, nor call a person or another thread. */
const escaped = (text: string): string =>
  inOneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_~[\]|#]/g, (mark) => `\\${mark}`)
    .replace(/(@|\\#)(?=[\p{L}\p{N}])/gu, '$1\u200b');
