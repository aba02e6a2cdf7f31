/** A document as Markdown: for a pull request or a terminal. */
import type { Block, Document, Item, Link, Section, Table } from '../document/document.ts';
import { panelSentence, shownPanels, timelineSentence } from '../document/timeline.ts';
import { inOneLine } from './printable.ts';

export function renderMarkdown({ title, verdict, sections, footer }: Document): string {
  const parts = [
    `**${escaped(verdict.sentence)}**`,
    verdict.links.map(linkOf).join(' · '),
    (verdict.summary ?? []).map(([name, text]) => `- **${escaped(name)}**: ${escaped(text)}`).join('\n'),
    `# ${escaped(title)}`,
    ...sections.map(sectionOf),
    `---\n\n${escaped(footer)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const sectionOf = ({ title, blocks }: Section): string => [`## ${escaped(title)}`, ...blocks.map(blockOf)].join('\n\n');

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return escaped(block.text);
    case 'list':
      return block.items.map(itemOf).join('\n');
    case 'facts':
      return block.facts.map(([name, value]) => `- ${escaped(name)}: ${escaped(value)}`).join('\n');
    case 'table':
      return tableOf(block.table);
    // Markdown has no charts: their words.
    case 'timeline':
      return [
        escaped(timelineSentence(block.timeline)),
        shownPanels(block.timeline)
          .map((panel) => `- ${escaped(panelSentence(panel))}`)
          .join('\n'),
      ].join('\n\n');
  }
}

const itemOf = ({ text, next, links = [] }: Item): string =>
  `- ${[escaped(text), ...(next ? [escaped(next)] : []), ...links.map(linkOf)].join(' ')}`;

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
              escaped(text) +
              (detail ? `<br><sub>${escaped(detail)}</sub>` : ''),
          ),
        ),
      ),
    ].join('\n'),
    ...(notes.length > 0 ? [notes.map((note) => `- ${escaped(note)}`).join('\n')] : []),
  ].join('\n\n');
}

/** Text that came from a plan or a service must not become markup. */
const escaped = (text: string): string =>
  inOneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|#]/g, (mark) => `\\${mark}`);
