/** The report of a plan as a document. */
import { percent, plural } from '../analysis/numbers.ts';
import { type PlanReport, planLeads } from '../plan-report.ts';
import { bindsTile, costTile, nextTile, runsOutTile } from './answer/plan-tiles.ts';
import type { Document, Tile } from './document.ts';
import { quotaAnchorOf } from './quota-links.ts';
import { sectionsOf } from './sections.ts';

const tones = { ok: 'good', soon: 'near', exceeded: 'bad', unknown: 'bad' } as const;

export function planDocument(report: PlanReport): Document {
  const answer = { ...report, anchorOf: quotaAnchorOf(report.headroom) };
  return {
    title: report.title,
    verdict: {
      tone: tones[report.status],
      lead: planLeads[report.status],
      sentence: report.sentence,
      summary: report.summary,
    },
    tiles: [holdsTile(report), bindsTile(answer), runsOutTile(answer), costTile(answer), nextTile(answer)],
    sections: sectionsOf(report),
    footer: `Loadline ${report.loadlineVersion} · no load was applied · plan.json beside this file holds every number, schema version ${report.schemaVersion}.`,
  };
}

function holdsTile({ status, headroom, plan }: PlanReport): Tile {
  const about = { id: 'held', name: 'The plan', anchor: 'headroom' };
  const exceeded = headroom.filter(({ today }) => today.kind === 'value' && today.utilisation > 1);
  const [worst] = exceeded;
  switch (status) {
    case 'exceeded':
      return {
        ...about,
        value: 'Does not hold',
        detail:
          worst?.today.kind === 'value'
            ? `${plural(exceeded.length, 'quota')} exceeded today; ${worst.name} is at ${percent(worst.today.utilisation)}`
            : 'A quota is exceeded today.',
        tone: 'bad',
      };
    case 'unknown':
      return { ...about, value: 'Unknown', detail: 'No quota has a known demand.', tone: 'muted' };
    case 'soon':
    case 'ok':
      return {
        ...about,
        value: status === 'ok' ? 'Holds' : 'Holds today',
        detail: `No quota is exceeded at ${plural(plan.users, 'user')}. Modelled: no load was applied.`,
        tone: 'good',
      };
  }
}
