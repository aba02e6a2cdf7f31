/** report.html: one file that loads nothing. Read on a phone, in the dark, on paper, by keyboard and by screen reader. */

import { approx, utc } from '../analysis/numbers.ts';
import type { Panel, Timeline } from '../analysis/timeline.ts';
import type { Reason } from '../analysis/verdict.ts';
import {
  type Cell,
  concurrencyTableOf,
  costTableOf,
  eventTableOf,
  generatorTableOf,
  headroomTablesOf,
  latencyTableOf,
  outcomeTableOf,
  projectionTableOf,
  queueBurstSentence,
  recommendationTableOf,
  runFacts,
  sloTableOf,
  type Table,
} from '../document/tables.ts';
import type { Report } from '../report.ts';
import { binned, drawPanel, lineStyles } from './chart.ts';
import { pageStyle } from './page-style.ts';

export interface Section {
  id: string;
  title: string;
  body: string;
}

export function renderHtml(report: Report): string {
  const { status, sentence, reasons } = report.verdict;
  const why = reasons.length > 0 ? [{ id: 'why', title: 'Why', body: reasonList(reasons) }] : [];
  return renderPage({
    title: report.title,
    status,
    sentence,
    sections: [...why, ...sectionsOf(report)],
    footer: `Loadline ${report.run.loadlineVersion} · ${report.run.runId} · report.json beside this file holds every number, schema version ${report.schemaVersion}.`,
  });
}

/** A whole page: `sentence` is its verdict, in bold up to the first colon. Sections without a body are left out. */
export function renderPage(page: {
  title: string;
  status: string;
  sentence: string;
  sections: readonly Section[];
  footer: string;
}): string {
  const { title, status, sentence, footer } = page;
  const sections = page.sections.filter(({ body }) => body !== '');
  const [lead, ...rest] = sentence.split(': ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<p class="verdict ${status}" role="status"><strong>${escapeHtml(lead ?? '')}:</strong> ${escapeHtml(rest.join(': '))}</p>
<h1>${escapeHtml(title)}</h1>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`).join('')}</ul></nav>
</header>
<main id="report" tabindex="-1">
${sections.map(({ id, title: name, body }) => `<section aria-labelledby="${id}"><h2 id="${id}">${escapeHtml(name)}</h2>\n${body}\n</section>`).join('\n')}
</main>
<footer>${escapeHtml(footer)}</footer>
</body>
</html>
`;
}

function sectionsOf(report: Report): Section[] {
  const burst = queueBurstSentence(report);
  const facts = runFacts(report).map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`);
  return [
    { id: 'run', title: 'The run', body: `<dl>${facts.join('')}</dl>` },
    {
      id: 'quotas',
      title: 'Headroom',
      body:
        report.headroom.length > 0
          ? tables(headroomTablesOf(report)) + (burst ? `<p>${escapeHtml(burst)}</p>` : '')
          : '',
    },
    {
      id: 'latencies',
      title: 'Latency',
      body: report.latency.length > 0 ? tables([sloTableOf(report), latencyTableOf(report)]) : '',
    },
    { id: 'timeline', title: 'Timeline', body: report.timeline ? timeline(report.timeline) : '' },
    { id: 'until', title: 'Projection', body: tables([projectionTableOf(report)]) },
    { id: 'price', title: 'Cost', body: tables([costTableOf(report)]) },
    { id: 'advice', title: 'Recommendations', body: tables([recommendationTableOf(report)]) },
    { id: 'accounts', title: 'Ledger', body: tables([eventTableOf(report), outcomeTableOf(report)]) },
    { id: 'validity', title: 'Validity', body: tables([generatorTableOf(report), concurrencyTableOf(report)]) },
    { id: 'warnings', title: 'Warnings', body: report.warnings.length > 0 ? reasonList(report.warnings) : '' },
    {
      id: 'method',
      title: 'How it was measured',
      body: `<ul>${report.howMeasured.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>`,
    },
  ];
}

const reasonList = (reasons: readonly Reason[]): string =>
  `<ul class="reasons">${reasons.map(({ sentence, next }) => `<li>${escapeHtml(sentence)} <span class="muted">${escapeHtml(next)}</span></li>`).join('')}</ul>`;

export const tables = (all: readonly (Table | null)[]): string =>
  all
    .filter((each) => each !== null)
    .map(table)
    .join('\n');

function table({ id, caption, columns, rows, notes }: Table): string {
  const head = columns.map(({ name, numeric }) =>
    name === '' ? '<td></td>' : `<th scope="col"${numeric ? ' class="number"' : ''}>${escapeHtml(name)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, i) =>
          i === 0
            ? `<th scope="row">${cellText(cell)}</th>`
            : `<td${columns[i]?.numeric ? ' class="number"' : ''}>${cellText(cell)}</td>`,
        )
        .join('')}</tr>`,
  );
  const below =
    notes.length > 0 ? `<ul class="notes">${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>` : '';
  // A table wider than the screen scrolls by itself, and by keyboard.
  return `<div class="scroll" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table id="table-${id}"><caption>${escapeHtml(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>${below}`;
}

function cellText({ text, tone, detail, bar }: Cell): string {
  const drawn =
    bar === undefined
      ? ''
      : `<span class="bar" aria-hidden="true"><span style="width:${(100 * bar).toFixed(1)}%"></span></span>`;
  const words = `${escapeHtml(text)}${drawn}`;
  return `${tone ? `<span class="${tone}">${words}</span>` : words}${detail ? `<small>${escapeHtml(detail)}</small>` : ''}`;
}

function timeline(all: Timeline): string {
  const shown = all.panels.filter(({ lines }) => lines.length > 0);
  const steady = all.steady
    ? ` The shaded stretch is the steady state, seconds ${all.steady.from} to ${all.steady.to}.`
    : '';
  return `<p>Client and CloudWatch on one clock; second 0 is ${escapeHtml(utc(all.startsAt))}.${steady}</p>
<div class="charts">${shown.map((panel) => chart(panel, all)).join('\n')}</div>`;
}

function chart(panel: Panel, all: Timeline): string {
  const { svg, notes, description } = drawPanel(panel, all);
  const key = panel.lines.map(({ name, from }, i) => {
    const style = lineStyles[i % lineStyles.length] ?? lineStyles[0];
    const swatch = `<svg viewBox="0 0 32 10" aria-hidden="true"><line x1="0" y1="5" x2="32" y2="5" stroke="${style.color}" stroke-width="3" stroke-dasharray="${style.dash}"/></svg>`;
    return `<li>${swatch}${escapeHtml(name)} <span class="muted">(${from})</span></li>`;
  });
  const absent =
    panel.missing.length > 0 ? `<p class="notes">No data: ${escapeHtml(panel.missing.join(', '))}.</p>` : '';
  const far = notes.length > 0 ? `<p class="chart-notes">${notes.map(escapeHtml).join(' ')}</p>` : '';
  return `<figure><figcaption>${escapeHtml(panel.title)} <span class="muted">(${escapeHtml(panel.unit)})</span></figcaption><ul class="legend">${key.join('')}</ul><div class="chart" role="img" aria-label="${escapeHtml(description)}">${svg}</div>${far}${absent}${numbers(panel)}</figure>`;
}

/** The chart as a table of about twenty rows: the largest value of each stretch. */
function numbers({ title, lines }: Panel): string {
  const [longest] = lines.toSorted((a, b) => b.points.length - a.points.length);
  const stride = Math.max(1, Math.ceil((longest?.points.length ?? 0) / 20));
  const columns = lines.map(({ points }) => new Map(binned(points, stride)));
  const at = [...new Set(columns.flatMap((column) => [...column.keys()]))].toSorted((a, b) => a - b);
  const head = lines.map(({ name }) => `<th scope="col" class="number">${escapeHtml(name)}</th>`);
  const rows = at.map((second) => {
    const cells = columns.map((column) => {
      const value = column.get(second);
      return `<td class="number">${value === undefined || value === null ? '–' : approx(value)}</td>`;
    });
    return `<tr><th scope="row">${second}</th>${cells.join('')}</tr>`;
  });
  const caption = `${title}: largest value from each second on${stride > 1 ? `, ${stride} points a row` : ''}`;
  return `<details><summary>The numbers of “${escapeHtml(title)}”</summary><div class="scroll" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table><caption>${escapeHtml(caption)}</caption><thead><tr><th scope="col">second</th>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
