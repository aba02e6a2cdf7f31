/** A search as a document: the bracket, how sure it is, and what broke beyond it. */
import type { Sustained } from '../../../capacity/search/sustained.ts';
import { proportionInterval } from '../../../capacity/statistics/intervals.ts';
import { bottleneckInWords } from '../../analysis/bottleneck.ts';
import { approx, milliseconds, percent, plural, quantity, utc } from '../../analysis/numbers.ts';
import { refusalName } from '../../analysis/refusals.ts';
import {
  type Cell,
  charts,
  type Document,
  figure,
  figureCell,
  list,
  paragraph,
  type Section,
  type Table,
  tables,
  words,
} from '../document.ts';
import { sentences } from '../sections.ts';
import { searchCharts } from './search-charts.ts';
import type { SearchSummary, Trial } from './search-summary.ts';
import { searchTiles } from './search-tiles.ts';

export function searchDocument(search: SearchSummary): Document {
  const { kind, lower } = search;
  return {
    title: 'Capacity search',
    verdict: {
      tone: kind === 'found' && lower > 0 ? 'good' : 'near',
      lead: '',
      sentence: verdictOf(search),
    },
    tiles: searchTiles(search),
    sections: [
      { id: 'load', title: 'Load', blocks: charts(...searchCharts(search)), onPage: true },
      { id: 'confidence', title: 'Confidence', blocks: confidenceSentences(search).map(paragraph) },
      ...bottleneckSections(search),
      { id: 'trials', title: 'Trials', blocks: tables(trialTable(search)), onPage: true },
      ...aboutSections(search),
    ],
    footer: search.about
      ? `Loadline ${search.about.loadlineVersion} · ${search.about.searchId} · report.json beside this file holds every number.`
      : '',
  };
}

function trialTable({ trials, unit }: SearchSummary): Table {
  const measured = [...new Map(trials.flatMap(({ latencies = [] }) => latencies.map(({ id, name }) => [id, name])))];
  return {
    id: 'trials',
    caption: 'Every trial, in its order',
    columns: [
      words('trial'),
      figure(unit),
      words('outcome'),
      ...measured.map(([, name]) => figure(`${name} p99`)),
      words('run folder'),
    ],
    rows: trials.map(({ load, purpose, passed, sentence, folder = '', latencies = [] }, i): Cell[] => [
      { text: `${i + 1}`, detail: purpose },
      { text: approx(load) },
      passed ? { text: 'carried', tone: 'good' } : { text: 'not carried', tone: 'bad', detail: sentence },
      ...measured.map(([id]): Cell => {
        const latency = latencies.find((each) => each.id === id);
        return latency === undefined
          ? { text: '–', tone: 'muted' }
          : figureCell(latency.p99Ms, milliseconds, 'no p99: too much failed');
      }),
      { text: folder },
    ]),
    notes: [],
  };
}

function aboutSections({ about, target, steadySeconds }: SearchSummary): Section[] {
  if (about === undefined) return [];
  const facts: [string, string][] = [
    ['Target', places[target]],
    ['Search', about.searchId],
    ['Scenario', about.scenario],
    ['Steady state of a trial', quantity(steadySeconds, 's')],
    ['Started', utc(about.startedAt)],
    ['Ended', about.endedAt === null ? 'not recorded' : utc(about.endedAt)],
    ['Version', `Loadline ${about.loadlineVersion}`],
  ];
  return [{ id: 'search', title: 'The search', blocks: [{ kind: 'facts', facts }], onPage: true }];
}

/** One line a trial, as it ends. */
export function trialLine(trial: Trial, bracket: { lower: number; upper: number | null }, unit: string): string {
  const between = `[${approx(bracket.lower)}, ${bracket.upper === null ? '?' : approx(bracket.upper)})`;
  const outcome = trial.passed ? 'carried' : `not carried: ${trial.sentence}`;
  return `${trial.purpose.padEnd(12)} ${approx(trial.load)} ${unit}: ${outcome}  ${between}`;
}

const places = {
  local: 'The local target (this machine, not AWS)',
  aws: 'The stack on AWS',
  endpoint: 'The endpoint',
} as const;

function verdictOf(search: SearchSummary): string {
  const { target, unit, kind, lower, upper, max, bottleneck, trials } = search;
  const lasting = lastingOf(search);
  const where = places[target];
  if (kind === 'interrupted')
    return `Interrupted: so far the bracket is ${approx(lower)} to ${upper === null ? 'unknown' : approx(upper)} ${unit}, not verified. Continue with --resume.`;
  if (lower === 0) {
    const [smallest] = trials.filter(({ passed }) => !passed).toSorted((a, b) => a.load - b.load);
    const none = `${where} carried none of the loads tried${upper === null ? '' : `, not even ${quantity(upper, unit)}`}.`;
    return smallest === undefined ? none : `${none} ${smallest.sentence}`;
  }
  if (upper === null)
    return `${where} carries at least ${approx(lower)} ${unit}: the largest load tried passed (--max ${approx(max)}).${lasting}`;
  if (bottleneck?.kind === 'generator')
    return `${where} carries at least ${approx(lower)} ${unit}; beyond that the load generator was the limit, and the capacity is unknown.${lasting}`;
  const binding = bottleneck?.kind === 'quota' ? `: “${refusalName(bottleneck)}” binds` : '';
  return `${where} carries ${approx(lower)} ${unit} within its SLO, but not ${approx(upper)} ${unit}${binding}.${lasting}`;
}

function confidenceSentences({ trials, lower, steadySeconds, sustained }: SearchSummary): string[] {
  if (lower === 0) return [`${plural(trials.length, 'trial')}.`];
  const atLower = trials.filter(({ load }) => load === lower);
  const passes = atLower.filter(({ passed }) => passed).length;
  const interval = proportionInterval(passes, atLower.length);
  const share =
    interval.kind === 'value'
      ? ` (95% CI of the pass rate there, for trials independent of each other: ${percent(interval.lower)} to ${percent(interval.upper)})`
      : '';
  return [
    `${plural(trials.length, 'trial')} of ${approx(steadySeconds)} s each; ${passes} of ${atLower.length} at ${approx(lower)} passed${share}.`,
    burstSentence(sustained, steadySeconds),
  ];
}

/** In the verdict: what is left once the bucket is empty. */
function lastingOf({ sustained, unit }: SearchSummary): string {
  if (sustained?.kind !== 'less') return '';
  return ` For longer than a trial it carries ${approx(sustained.load)} ${unit}: the rest was lent by the bucket of “${refusalName({ quota: sustained.quota, scope: null })}”.`;
}

function burstSentence(sustained: Sustained | null, steadySeconds: number): string {
  switch (sustained?.kind) {
    case 'same':
      return 'No bucket was asked for more than its rate, so none lent its burst: what a trial carries lasts.';
    case 'less':
      return `Every trial began with full buckets, which is not chance: no number of trials shows it. That of “${refusalName({ quota: sustained.quota, scope: null })}” was asked for ${approx(sustained.demandPerSecond)}/s at ${approx(sustained.ratePerSecond)}/s; the load that lasts is corrected for it.`;
    default:
      return `“Carries” means for ${approx(steadySeconds)} s: a token bucket that was full at the start may empty later${sustained ? `, and this could not be corrected for, because ${sustained.reason}` : ''}. Lengthen --steady to be sure.`;
  }
}

function bottleneckSections({ bottleneck, lower }: SearchSummary): Section[] {
  if (bottleneck === null) return [];
  const { sentence, evidence } = bottleneckInWords(bottleneck, lower > 0);
  return [{ id: 'bottleneck', title: 'Bottleneck', blocks: [paragraph(sentence), ...list(sentences(evidence))] }];
}
