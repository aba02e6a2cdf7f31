/** The plan report as Markdown and as a page. Apart from its text: what draws pages takes longer to load than a plan to answer. */

import type { PlanReport } from '../plan-report.ts';
import { escapeHtml, renderPage, tables } from './html.ts';
import { escapeMarkdown, section } from './markdown.ts';
import { partsOf } from './plan-text.ts';

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
