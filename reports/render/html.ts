/** A document as one HTML file that loads nothing. Read on a phone, in the dark, on paper, by keyboard and by screen reader. */
import type { Block, Cell, Document, Item, Link, Section, Table } from '../document/document.ts';
import { timelineFigures } from './html-timeline.ts';
import { joined, type Markup, markup, trusted } from './markup.ts';
import { pageStyle } from './page-style.ts';

export function renderHtml({ title, verdict, sections, footer }: Document): string {
  const { tone, lead, sentence, links, summary } = verdict;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<p class="verdict tone-${tone}" role="status"><strong>${lead}</strong>${sentence.slice(lead.length)}</p>${linkList(links)}${summaryList(summary)}
<h1>${title}</h1>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main id="report" tabindex="-1">
${joined(sections.map(sectionOf), '\n')}
</main>
<footer>${footer}</footer>
</body>
</html>
`.source;
}

const summaryList = (summary: Document['verdict']['summary']): Markup | null =>
  summary
    ? markup`\n<dl class="summary">${summary.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`
    : null;

const sectionOf = ({ id, title, blocks }: Section): Markup =>
  markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${joined(blocks.map(blockOf), '\n')}\n</section>`;

function blockOf(block: Block): Markup {
  switch (block.kind) {
    case 'paragraph':
      return markup`<p>${block.text}</p>`;
    case 'list':
      return markup`<ul class="items">${block.items.map(itemOf)}</ul>`;
    case 'facts':
      return markup`<dl>${block.facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
    case 'table':
      return tableOf(block.table);
    case 'timeline':
      return timelineFigures(block.timeline);
  }
}

const itemOf = ({ text, next, links = [] }: Item): Markup =>
  markup`<li>${text}${next ? markup` <span class="muted">${next}</span>` : null}${links.map((link) => markup` ${linkOf(link)}`)}</li>`;

const linkOf = ({ text, anchor }: Link): Markup => markup`<a href="#${anchor}">${text}</a>`;
const linkList = (links: readonly Link[]): Markup | null =>
  links.length > 0 ? markup`\n<p class="links">${joined(links.map(linkOf), ' · ')}</p>` : null;

function tableOf({ id, caption, columns, rows, notes }: Table): Markup {
  const head = columns.map(({ name, numeric }) =>
    name === '' ? markup`<td></td>` : markup`<th scope="col"${numericClass(numeric)}>${name}</th>`,
  );
  const body = rows.map(
    (row) =>
      markup`<tr>${row.map((cell, i) =>
        i === 0
          ? markup`<th scope="row"${idOf(cell)}>${cellOf(cell)}</th>`
          : markup`<td${numericClass(columns[i]?.numeric === true)}${idOf(cell)}>${cellOf(cell)}</td>`,
      )}</tr>`,
  );
  const below =
    notes.length > 0 ? markup`<ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>` : null;
  // A table wider than the screen scrolls by itself, and by keyboard.
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table id="table-${id}"><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${joined(body, '\n')}</tbody></table></div>${below}`;
}

const numericClass = (numeric: boolean): Markup | null => (numeric ? markup` class="number"` : null);
const idOf = ({ anchor }: Cell): Markup | null => (anchor === undefined ? null : markup` id="${anchor}"`);

function cellOf({ text, tone, detail, bar }: Cell): Markup {
  const drawn =
    bar === undefined
      ? null
      : markup`<span class="bar" aria-hidden="true"><span style="width:${(100 * bar).toFixed(1)}%"></span></span>`;
  const shown = markup`${text}${drawn}`;
  return markup`${tone ? markup`<span class="${tone}">${shown}</span>` : shown}${detail ? markup`<small>${detail}</small>` : null}`;
}
