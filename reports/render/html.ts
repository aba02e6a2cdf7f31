/** A document as one HTML file that loads nothing. Read on a phone, in the dark, on paper, by keyboard, by screen reader, and without script. */
import { createHash } from 'node:crypto';
import type { Block, Document, Finding, Item, Link, Section, Tile } from '../document/document.ts';
import { figureOf } from './charts/figure.ts';
import { tableMarkup } from './html-table.ts';
import { joined, type Markup, markup, trusted } from './markup.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';

/** What a page may have besides its document's: scripts that are its own, in their order after the page's. */
export interface PageParts {
  scripts?: readonly string[];
}

export function renderHtml(
  { title, verdict, tiles, sections, footer }: Document,
  { scripts = [] }: PageParts = {},
): string {
  const { tone, lead, sentence } = verdict;
  const all = [pageScript, ...scripts];
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy(all)}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>${title}</h1>
<p class="verdict tone-${tone}" role="status"><strong>${lead}</strong>${sentence.slice(lead.length)}</p>${tileList(tiles)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main id="report" tabindex="-1">
${joined(sections.map(sectionOf), '\n')}
</main>
<footer>${footer}</footer>
${all.map((script) => markup`<script>${trusted(script)}</script>`)}
</body>
</html>
`.source;
}

/** Only the page's own style and scripts, by their digests: nothing is loaded, and nothing that a name brought runs. */
function policy(scripts: readonly string[]): string {
  const digest = (source: string) => `'sha256-${createHash('sha256').update(trusted(source).source).digest('base64')}'`;
  return `default-src 'none'; style-src ${digest(pageStyle)}; script-src ${scripts.map(digest).join(' ')}; img-src data:; base-uri 'none'; form-action 'none'`;
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
