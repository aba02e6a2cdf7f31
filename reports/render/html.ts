/** A document as one HTML file that loads nothing. Read on a phone, in the dark, on paper, by keyboard, by screen reader, and without script. */
import { createHash } from 'node:crypto';
import type { Block, Document, Finding, Item, Link, Section, Table, Tile } from '../document/document.ts';
import type { WhatIfPage } from '../what-if/section.ts';
import { figureOf } from './charts/figure.ts';
import { tableMarkup } from './html-table.ts';
import { joined, type Markup, markup, trusted } from './markup.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { tableStyle } from './table-style.ts';

/** `whatIf`: of a page on which the plan can be changed. It stands behind the projection. */
export function renderHtml(
  { title, verdict, tiles, sections, footer }: Document,
  whatIf: WhatIfPage | null = null,
): string {
  const { tone, lead, sentence } = verdict;
  const style = `${pageStyle}${whatIf?.style ?? ''}${tableStyle(tablesOf(sections))}`;
  const scripts = whatIf ? [pageScript, whatIf.loader] : [pageScript];
  const behind = sections.findIndex(({ id }) => id === 'projection');
  const shown = sections.map((section) => ({ ...section, markup: sectionOf(section) }));
  const all = whatIf ? shown.toSpliced(behind + 1, 0, { ...whatIf, blocks: [] }) : shown;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy(style, whatIf ? [...scripts, whatIf.code] : scripts)}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>${title}</h1>
<p class="verdict tone-${tone}" role="status"><strong>${lead}</strong>${sentence.slice(lead.length)}</p>${tileList(tiles)}
<nav aria-label="Sections"><ul>${all.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main id="report" tabindex="-1">
${joined(
  all.map((section) => section.markup),
  '\n',
)}
</main>
<footer>${footer}</footer>
${whatIf?.packed ?? null}${scripts.map((script) => markup`<script>${trusted(script)}</script>`)}
</body>
</html>
`.source;
}

const tablesOf = (sections: readonly Section[]): Table[] =>
  sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'table' ? [block.table] : [])));

/** Only the page's own style and scripts, by their digests: nothing is loaded, and nothing that a name brought runs. */
function policy(style: string, scripts: readonly string[]): string {
  const digest = (source: string) => `'sha256-${createHash('sha256').update(trusted(source).source).digest('base64')}'`;
  return `default-src 'none'; style-src ${digest(style)}; script-src ${scripts.map(digest).join(' ')}; img-src data:; base-uri 'none'; form-action 'none'`;
}

function tileList(tiles: readonly Tile[]): Markup | null {
  if (tiles.length === 0) return null;
  const each = tiles.map(({ id, name, value, detail, tone, anchor }) => {
    const shown = anchor === undefined ? markup`${value}` : markup`<a href="#${anchor}">${value}</a>`;
    return markup`<div id="tile-${id}" class="tile${tone ? ` tone-${tone}` : ''}"><dt>${name}</dt><dd><strong>${shown}</strong>${detail ? markup`<span>${detail}</span>` : null}</dd></div>`;
  });
  return markup`\n<dl class="tiles">${each}</dl>`;
}

const sectionOf = ({ id, title, blocks }: Section): Markup =>
  markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${joined(blocks.map(blockOf), '\n')}\n</section>`;

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
