/** The report of a plan as a document. */
import { type PlanReport, planLeads } from '../plan-report.ts';
import type { Document } from './document.ts';
import { quotaLinks } from './quota-links.ts';
import { sectionsOf } from './sections.ts';

const tones = { ok: 'good', soon: 'near', exceeded: 'bad', unknown: 'bad' } as const;

export function planDocument(report: PlanReport): Document {
  return {
    title: report.title,
    verdict: {
      tone: tones[report.status],
      lead: planLeads[report.status],
      sentence: report.sentence,
      summary: report.summary,
      links: quotaLinks(report.headroom, [report.binding, report.runnerUp]),
    },
    sections: sectionsOf(report),
    footer: `Loadline ${report.loadlineVersion} · no load was applied · plan.json beside this file holds every number, schema version ${report.schemaVersion}.`,
  };
}
