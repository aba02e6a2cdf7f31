/** What a run comes to, as tiles: whether it held and is valid, and what it implies for its plan. */
import { designWords } from '../../analysis/advice/design-words.ts';
import type { HeadroomRow } from '../../analysis/headroom-rows.ts';
import { plural } from '../../analysis/numbers.ts';
import type { Report } from '../../report.ts';
import type { Tile } from '../document.ts';
import { quotaAnchorOf } from '../quota-links.ts';
import { bindsTile, costTile, nextTile, type PlanAnswer, runsOutTile } from './plan-tiles.ts';

export function runTiles(report: Report): Tile[] {
  const { binding, projection, cost, recommendations } = report;
  const answer: PlanAnswer = {
    binding: binding?.quota ?? null,
    runnerUp: binding?.runnerUp ?? null,
    ...{ projection, cost, recommendations, anchorOf: quotaAnchorOf(report.headroom) },
  };
  const doubt = doubtOf(report);
  const implied = [bindsTile(answer), runsOutTile(answer), costOf(report, answer)];
  return [
    heldTile(report),
    ...(doubt === null ? implied : implied.map((tile) => unsaid(tile, doubt))),
    nextOf(report, answer, doubt),
  ];
}

/** What a service of tasks costs is not measured by its run: the table, the queue and data out are a good part of it. */
const costOf = ({ run, cost }: Report, answer: PlanAnswer): Tile =>
  run.target.services !== undefined && cost.length === 0
    ? unsaid(costTile(answer), '`loadline choose` says what a service of tasks costs, beside the functions.')
    : costTile(answer);

function heldTile({ verdict, slo }: Report): Tile {
  const about = { id: 'held', name: 'SLO', anchor: 'latency' };
  const missed = slo.filter(({ kept }) => kept === false);
  const names = missed.slice(0, 2).map(({ name }) => name);
  const others = missed.length > names.length ? ` and ${missed.length - names.length} more` : '';
  switch (verdict.status) {
    case 'ok': {
      const judged = slo.filter(({ kept }) => kept !== null).length;
      const rest = slo.length - judged;
      return {
        ...about,
        value: 'Held',
        detail: `${plural(judged, 'objective')} met${rest > 0 ? `, ${rest} without a measurement` : ''}. The run is valid.`,
        tone: 'good',
      };
    }
    case 'sloBroken':
      return {
        ...about,
        value: 'Not held',
        detail: `Missed: ${names.join(', ')}${others}. The run is valid.`,
        tone: 'bad',
      };
    case 'invalid':
      return {
        ...about,
        value: 'Not judged',
        detail: 'The run is invalid: it shows neither that the SLO holds nor that it does not.',
        tone: 'bad',
        anchor: 'why',
      };
    case 'partial':
      return { ...about, value: 'Not judged', detail: 'The run did not finish.', tone: 'near', anchor: 'why' };
  }
}

/** Why nothing is said of the plan; null: it is. */
function doubtOf({ verdict: { status }, run, headroom }: Report): string | null {
  if (status === 'invalid' || status === 'partial')
    return `The run is ${status}: what it implies for the plan may be wrong.`;
  if (run.target.kind === 'endpoint' && headroom.length === 0)
    return 'It was measured from outside: what is inside is not known.';
  return null;
}

const unsaid = ({ id, name }: Tile, detail: string): Tile => ({ id, name, value: 'Not known', detail, tone: 'muted' });

/** What broke comes before what will run out. */
function nextOf({ verdict: { status, reasons }, headroom }: Report, answer: PlanAnswer, doubt: string | null): Tile {
  const about = { id: 'next', name: 'Do next' };
  if (status === 'ok' && doubt === null) return nextTile(answer);
  if (status === 'ok') return { ...about, value: 'Nothing is due', detail: 'The SLO was met.', tone: 'good' };
  const [first] = reasons;
  const row = headroom.find(({ quotaId }) => quotaId === first?.quotaId);
  return {
    ...about,
    value: status === 'sloBroken' ? 'Now' : 'Run it again',
    detail:
      (status === 'sloBroken' && row && remedyInWords(row)) || (first?.next ?? 'Look in logs/ of the run folder.'),
    tone: status === 'partial' ? 'near' : 'bad',
    anchor: 'why',
  };
}

/** Of a quota that refused. */
function remedyInWords({ name, remedies: [first] }: HeadroomRow): string {
  switch (first.kind) {
    case 'raise':
      return first.code === null
        ? `Ask AWS Support to raise ${name}, or send it less.`
        : `Ask AWS to raise ${name} (${first.code}), or send it less.`;
    case 'set':
      return `${name} refused: set ${first.setting}, or send it less.`;
    case 'redesign':
      return `Nothing moves ${name}: ${first.designs.map((design) => designWords[design]).join(', or ')}.`;
  }
}
