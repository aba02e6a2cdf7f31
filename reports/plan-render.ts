/** The plan report as text, Markdown and a page. */
import { escapeHtml, renderPage, tables } from './html.ts';
import { escapeMarkdown, section } from './markdown.ts';
import type { PlanReport } from './plan-report.ts';
import { costTableOf, headroomTablesOf, projectionTableOf, recommendationTableOf, type Table } from './tables.ts';

/** Rows of a table on the terminal: the rest is in the report. */
const terminalRows = 8;

const partsOf = (report: PlanReport) => ({
  headroom: headroomTablesOf({ headroom: report.headroom, run: null }),
  projection: projectionTableOf(report),
  cost: costTableOf(report),
  recommendations: recommendationTableOf(report),
});

/** For the terminal: `width` columns. */
export function renderPlanText(report: PlanReport): string {
  const { headroom, projection, cost, recommendations } = partsOf(report);
  const [growing] = headroom;
  const advice = report.recommendations.filter(({ kind }) => kind === 'ask' || kind === 'set');
  const kept = report.recommendations.filter(({ kind }) => kind === 'keep');
  return [
    report.sentence,
    ...[growing, projection, cost].flatMap((table) => (table ? ['', ...plainTable(table)] : [])),
    ...(recommendations ? ['', 'To ask for and to set'] : []),
    ...advice.map(({ action, calculation }) => `  - ${action}\n      ${calculation}`),
    ...report.recommendations
      .filter(({ kind }) => kind === 'unknown')
      .map(({ action, calculation }) => `  - ${action} ${calculation}`),
    ...(kept.length > 0 ? [`  As it is: ${kept.map(({ action }) => action).join(' ')}`] : []),
    '',
    'What it rests on',
    ...report.basis.map((line) => `  - ${line}`),
    '',
  ].join('\n');
}

/** Columns side by side, as wide as their widest cell; without the small print. */
function plainTable({ caption, columns, rows, notes }: Table): string[] {
  const shown = rows.length > terminalRows ? [...rows.slice(0, terminalRows - 1), ...rows.slice(-1)] : rows;
  const texts = [columns.map(({ name }) => name), ...shown.map((row) => row.map(({ text }) => text))];
  const widths = columns.map((_, i) => Math.max(...texts.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((text, i) => (columns[i]?.numeric ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0))).join('  ')}`.trimEnd();
  return [caption, ...texts.map(line), ...(notes[0] === undefined ? [] : [`  ${notes[0]}`])];
}

export function renderPlanMarkdown(report: PlanReport): string {
  const { headroom, projection, cost, recommendations } = partsOf(report);
  return `${[
    `**${escapeMarkdown(report.sentence)}**`,
    `# ${escapeMarkdown(report.title)}`,
    section('Headroom', headroom),
    section('Projection', [projection]),
    section('Cost', [cost]),
    section('Recommendations', [recommendations]),
    `## What it rests on\n\n${report.basis.map((line) => `- ${escapeMarkdown(line)}`).join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

const statusClass = { ok: 'ok', soon: 'partial', exceeded: 'sloBroken', unknown: 'invalid' } as const;

export function renderPlanPage(report: PlanReport): string {
  const { headroom, projection, cost, recommendations } = partsOf(report);
  return renderPage({
    title: report.title,
    status: statusClass[report.status],
    sentence: report.sentence,
    sections: [
      { id: 'quotas', title: 'Headroom', body: tables(headroom) },
      { id: 'until', title: 'Projection', body: tables([projection]) },
      { id: 'price', title: 'Cost', body: tables([cost]) },
      { id: 'advice', title: 'Recommendations', body: tables([recommendations]) },
      {
        id: 'basis',
        title: 'What it rests on',
        body: `<ul>${report.basis.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
      },
    ],
    footer: `Loadline ${report.loadlineVersion} · no load was applied · plan.json beside this file holds every number, schema version ${report.schemaVersion}.`,
  });
}
