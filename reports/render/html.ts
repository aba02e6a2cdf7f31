/** A document as one HTML file that loads nothing. Read on a phone, in the dark, on paper, by keyboard, by screen reader, and without script. */
import type { Block, Document, Finding, Item, Link, Section, Table } from '../document/document.ts';
import type { WhatIfPage } from '../what-if/section.ts';
import { figureOf } from './charts/figure.ts';
import { tableMarkup } from './html-table.ts';
import { joined, type Markup, markup } from './markup.ts';
import { pageScript } from './page-script.ts';
import { pageShell, sectionMarkup } from './page-shell.ts';
import { tableStyle } from './table-style.ts';

/** `whatIf`: of a page on which the plan can be changed. */
export function renderHtml(
  { title, verdict, tiles, sections, footer }: Document,
  whatIf: WhatIfPage | null = null,
): string {
  const behind = sections.findIndex(({ id }) => id === whatIf?.behind);
  const shown = sections.map((section) => ({ ...section, markup: sectionOf(section) }));
  return pageShell({
    ...{ title, heading: title, verdict, tiles, footer },
    sections: whatIf ? shown.toSpliced(behind + 1, 0, { ...whatIf, blocks: [] }) : shown,
    style: `${whatIf?.style ?? ''}${tableStyle(tablesOf(sections))}`,
    scripts: whatIf ? [pageScript, whatIf.loader] : [pageScript],
    allowed: whatIf ? [whatIf.code] : [],
    data: whatIf?.packed ?? null,
  });
}

const tablesOf = (sections: readonly Section[]): Table[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'table' ? [block.table] : [])));

const sectionOf = ({ id, title, blocks }: Section): Markup =>
  sectionMarkup(id, title, joined(blocks.map(blockOf), '\n'));

function blockOf(block: Block): Markup {
  switch (block.kind) {
    case 'paragraph':
      return markup`<p>${block.text}</p>`;
    case 'list':
      return markup`<ul class="items">${block.items.map(itemOf)}</ul>`;
    case 'facts':
      return factsOf(block.facts);
    case 'findings':
      return markup`<ol class="findings">${joined(block.findings.map(findingOf), '\n')}</ol>`;
    case 'table':
      return tableMarkup(block.table);
    case 'charts':
      return markup`<div class="charts">${joined(block.charts.map(figureOf), '\n')}</div>`;
  }
}

const factsOf = (facts: readonly [string, string][]): Markup =>
  markup`<dl class="facts">${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

const itemOf = ({ text, next, links = [] }: Item): Markup =>
  markup`<li>${text}${next ? markup` <span class="muted">${next}</span>` : null}${links.map((link) => markup` ${linkOf(link)}`)}</li>`;

function findingOf({ text, labels, facts, detail }: Finding): Markup {
  const marks = labels.map(
    ({ text: label, tone }) => markup`<span class="label${tone ? ` ${tone}` : ''}">${label}</span> `,
  );
  const figures = facts.map(
    ([name, value]) => markup`<span class="fact"><span class="muted">${name}</span> ${value}</span> `,
  );
  return markup`<li>${labels.length > 0 ? markup`<p class="labels">${marks}</p>` : null}<p>${text}</p>${facts.length > 0 ? markup`<p class="figures">${figures}</p>` : null}${detail ? markup`<details class="why"><summary>How it is calculated</summary><p>${detail}</p></details>` : null}</li>`;
}

const linkOf = ({ text, anchor }: Link): Markup => markup`<a href="#${anchor}">${text}</a>`;
