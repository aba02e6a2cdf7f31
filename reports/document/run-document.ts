/** The report of a run as a document. */
import { verdictLeads } from '../analysis/verdict.ts';
import type { Report } from '../report.ts';
import { runTiles } from './answer/run-tiles.ts';
import type { Document } from './document.ts';
import { sectionsOf } from './sections.ts';

const tones = { ok: 'good', sloBroken: 'bad', invalid: 'bad', partial: 'near' } as const;

export function runDocument(report: Report): Document {
  const { status, sentence } = report.verdict;
  return {
    title: report.title,
    verdict: { tone: tones[status], lead: verdictLeads[status], sentence },
    tiles: runTiles(report),
    sections: sectionsOf(report),
    footer: `Loadline ${report.run.loadlineVersion} · ${report.run.runId} · report.json beside this file holds every number, schema version ${report.schemaVersion}.`,
  };
}
