/** What every page has: its head with a policy, the verdict, tiles and sections to jump to, and nothing that is loaded from elsewhere. */
import { createHash } from 'node:crypto';
import type { Document, Tile } from '../document/document.ts';
import { joined, type Markup, markup, trusted } from './markup.ts';
import { pageStyle } from './page-style.ts';

interface Page extends Pick<Document, 'verdict' | 'tiles' | 'footer'> {
  /** In the browser's tab. */
  title: string;
  heading: string;
  /** `markup`: the whole section, whose heading has the id. */
  sections: readonly { id: string; title: string; markup: Markup }[];
  /** Behind that of all pages. */
  style: string;
  scripts: readonly string[];
  /** Code that one of the scripts runs. */
  allowed?: readonly string[];
  /** Data for the scripts. */
  data?: Markup | null;
}

export function pageShell(page: Page): string {
  const { title, heading, verdict, tiles, sections, footer, scripts, allowed = [], data = null } = page;
  const { tone, lead, sentence } = verdict;
  const style = `${compact(pageStyle)}${page.style}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy(style, [...scripts, ...allowed])}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>${heading}</h1>
<p class="verdict tone-${tone}" role="status"><strong>${lead}</strong>${sentence.slice(lead.length)}</p>${tileList(tiles)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main id="report" tabindex="-1">
${joined(
  sections.map((section) => section.markup),
  '\n',
)}
</main>
<footer>${footer}</footer>
${data}${scripts.map((script) => markup`<script>${trusted(script)}</script>`)}
</body>
</html>
`.source;
}

/** A style sheet without the blanks that only its authors need. For one without texts: a text keeps its own. */
const compact = (css: string): string =>
  css
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(': ', ':');

/** With a heading that has its id. */
export const sectionMarkup = (id: string, title: string, body: Markup): Markup =>
  markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}\n</section>`;

/** Only the page's own style and scripts, by their digests: nothing is loaded, and nothing that a name brought runs. */
function policy(style: string, scripts: readonly string[]): string {
  const digest = (source: string) => `'sha256-${createHash('sha256').update(trusted(source).source).digest('base64')}'`;
  const allowed = scripts.length === 0 ? "'none'" : scripts.map(digest).join(' ');
  return `default-src 'none'; style-src ${digest(style)}; script-src ${allowed}; img-src data:; base-uri 'none'; form-action 'none'`;
}

function tileList(tiles: readonly Tile[]): Markup | null {
  if (tiles.length === 0) return null;
  const each = tiles.map(({ id, name, value, detail, tone, anchor }) => {
    const shown = anchor === undefined ? markup`${value}` : markup`<a href="#${anchor}">${value}</a>`;
    return markup`<div id="tile-${id}" class="tile${tone ? ` tone-${tone}` : ''}"><dt>${name}</dt><dd><strong>${shown}</strong>${detail ? markup`<span>${detail}</span>` : null}</dd></div>`;
  });
  return markup`\n<dl class="tiles">${each}</dl>`;
}
