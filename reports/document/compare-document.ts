/** A comparison of runs as a document: what changed beyond noise first, then what did not, what could not be judged, and what else differs. */

import type { Difference } from '../analysis/comparison/comparable.ts';
import {
  type ComparedMeasure,
  type Comparison,
  confidence,
  leastChange,
  leastRunsToPass,
} from '../analysis/comparison/comparison.ts';
import { plural } from '../analysis/numbers.ts';
import { changeOf, compareTable, isEqual } from './compare-table.ts';
import { type Block, type Document, list, paragraph, type Section, type Tile } from './document.ts';

export interface ComparedSides {
  sides: readonly { name: string; runs: readonly string[]; leftOut: readonly { folder: string; why: string }[] }[];
  comparisons: readonly Comparison[];
  /** Of each side with the first, by the name of the other. */
  differences: readonly { side: string; differences: readonly Difference[] }[];
}

/** compare.json, and what `compare --json` prints. */
export interface CompareReport extends ComparedSides {
  schemaVersion: 1;
  /** All intervals hold together with this probability. */
  confidence: number;
  /** As a share: a change of less is none. */
  leastChange: number;
  /** Ids of the measures that `--fail-on` asks for and that changed for the worse. */
  regressions: string[];
  exitCode: 0 | 1 | 3;
}

export function compareDocument({ sides, comparisons, differences }: ComparedSides): Document {
  const rows = comparisons.flatMap((comparison) => comparison.rows);
  const worse = rows.filter(({ verdict }) => verdict === 'worse').length;
  const isJudged = rows.some(({ verdict, interval }) => verdict !== 'notJudged' && interval !== null);
  const thin = sides.find(({ runs }) => runs.length < leastRunsToPass);
  return {
    title: `Comparison: ${sides.map(({ name }) => name).join(', ')}`,
    verdict: {
      tone: worse > 0 ? 'bad' : isJudged && thin === undefined ? 'good' : 'near',
      lead: '',
      sentence: [...comparisons.map(sentenceOf), ...(worse === 0 && isJudged && thin ? [thinSentence(thin)] : [])].join(
        ' ',
      ),
    },
    tiles: tilesOf(rows, sides),
    sections: [
      ...comparisons.flatMap((comparison, n) => sectionsOf(comparison, comparisons.length > 1 ? n + 1 : null)),
      ...differencesSection(differences),
      runsSection(sides),
      { id: 'method', title: 'How it was compared', blocks: list(method.map((text) => ({ text }))) },
    ],
    footer: '',
  };
}

type Side = ComparedSides['sides'][number];

/** Nothing was found, and hardly anything could have been. */
export const thinSentence = ({ name, runs, leftOut }: Side): string =>
  `${name} has ${plural(runs.length, 'run')}${leftOut.length > 0 ? ` (${leftOut.length} left out)` : ''}, of which only manifold changes are seen. Give each side ${leastRunsToPass} valid runs or more.`;

function tilesOf(rows: readonly ComparedMeasure[], sides: ComparedSides['sides']): Tile[] {
  const of = (verdict: ComparedMeasure['verdict']) => rows.filter((row) => row.verdict === verdict);
  const [worse, better, same, unjudged] = [of('worse'), of('better'), of('same'), of('notJudged')];
  const isThin = sides.some(({ runs }) => runs.length < leastRunsToPass);
  const first = (some: readonly ComparedMeasure[]) => (some.length === 0 ? 'none' : largest(some));
  return [
    {
      id: 'worse',
      name: 'Worse',
      value: String(worse.length),
      detail: first(worse),
      tone: worse.length > 0 ? 'bad' : isThin ? 'muted' : 'good',
    },
    {
      id: 'better',
      name: 'Better',
      value: String(better.length),
      detail: first(better),
      tone: better.length > 0 ? 'good' : 'muted',
    },
    { id: 'same', name: 'No difference', value: String(same.length), detail: 'beyond noise', tone: 'muted' },
    {
      id: 'not-judged',
      name: 'Not judged',
      value: String(unjudged.length),
      detail: unjudged.length > 0 ? 'see the table for why' : 'none',
      tone: unjudged.length > 0 ? 'near' : 'muted',
    },
    {
      id: 'runs-of-sides',
      name: 'Runs',
      value: sides.map(({ runs }) => runs.length).join(' and '),
      detail: `${sides.map(({ name }) => name).join(', ')}${isThin ? `; ${leastRunsToPass} each are needed` : ''}`,
      ...(isThin && { tone: 'near' as const }),
    },
  ];
}

function sentenceOf({ before, after, rows }: Comparison): string {
  const of = (verdict: ComparedMeasure['verdict']) => rows.filter((row) => row.verdict === verdict);
  const [worse, better, unjudged] = [of('worse'), of('better'), of('notJudged')];
  const judged = rows.length - unjudged.length;
  if (rows.length === 0) return `${after} and ${before} have no measure in common.`;
  if (rows.every(({ reason }) => reason !== null && reason !== 'oneRunEach'))
    return `${after} against ${before}: nothing can be judged, for the reasons in the table.`;
  if (judged === 0 || rows.every(({ interval }) => interval === null))
    return `${after} against ${before}: with one run each nothing can be judged. Give each side three runs or more: a folder or a pattern of run folders.`;
  const said = [
    ...(worse.length > 0
      ? [
          `${plural(worse.length, 'measure')} ${worse.length === 1 ? 'is' : 'are'} worse beyond noise, above all ${largest(worse)}`,
        ]
      : []),
    ...(better.length > 0
      ? [
          `${plural(better.length, 'measure')} ${better.length === 1 ? 'is' : 'are'} better beyond noise, above all ${largest(better)}`,
        ]
      : []),
  ];
  return said.length === 0
    ? `${after} against ${before}: no difference beyond noise in ${plural(judged, 'measure')}.`
    : `${after} against ${before}: ${said.join('; ')}.`;
}

const sizeOf = ({ ratio }: ComparedMeasure): number =>
  ratio === null ? Number.POSITIVE_INFINITY : Math.abs(Math.log(ratio));
const bySize = (a: ComparedMeasure, b: ComparedMeasure): number => sizeOf(b) - sizeOf(a);

function largest(rows: readonly ComparedMeasure[]): string {
  const [first] = rows.toSorted(bySize);
  return first === undefined ? '' : `${first.name} (${changeOf(first)})`;
}

function sectionsOf({ before, after, rows }: Comparison, number: number | null): Section[] {
  const id = (name: string) => (number === null ? name : `${name}-${number}`);
  const title = (text: string) => (number === null ? text : `${text}: ${after} against ${before}`);
  // Of each table its own, as whoever jumps from one to the next hears them.
  const caption = (text: string) =>
    number === null ? text : `${after}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  const changed = rows.filter(({ verdict }) => verdict === 'worse' || verdict === 'better');
  const same = rows.filter(({ verdict }) => verdict === 'same');
  const unjudged = rows.filter(({ verdict }) => verdict === 'notJudged');
  const tableOf = (
    name: string,
    said: string,
    some: readonly ComparedMeasure[],
    equal: readonly ComparedMeasure[] = [],
  ): Block => ({
    kind: 'table',
    table: compareTable({ id: id(name), caption: caption(said), rows: some, equal, before, after }),
  });
  return [
    {
      id: id('changes'),
      title: title('What changed'),
      blocks:
        changed.length === 0
          ? [paragraph('Nothing changed beyond noise.')]
          : [tableOf('changed', 'Measures that changed beyond noise, the worse first', changed.toSorted(worseFirst))],
    },
    ...(same.length === 0
      ? []
      : [
          {
            id: id('same'),
            title: title('No difference beyond noise'),
            blocks: [
              tableOf(
                'unchanged',
                'The interval says how large a change could have stayed unseen',
                same.filter((row) => !isEqual(row)),
                same.filter(isEqual),
              ),
            ],
          },
        ]),
    ...(unjudged.length === 0
      ? []
      : [
          {
            id: id('unjudged'),
            title: title('Not judged'),
            blocks: [tableOf('not-judged', 'Measures that say nothing of a change', unjudged)],
          },
        ]),
  ];
}

const worseFirst = (a: ComparedMeasure, b: ComparedMeasure): number =>
  Number(b.verdict === 'worse') - Number(a.verdict === 'worse') || bySize(a, b);

function differencesSection(all: ComparedSides['differences']): Section[] {
  const items = all.flatMap(({ side, differences }) =>
    differences.map((difference) => ({ text: `${all.length > 1 ? `${side}: ` : ''}${differenceInWords(difference)}` })),
  );
  if (items.length === 0) return [];
  return [{ id: 'differences', title: 'What else differs', blocks: list(items) }];
}

/** As in "machine, cores: 2 and 8". */
export const differenceInWords = ({ what, field, before, after }: Difference): string =>
  `${what}${field === '' ? '' : `, ${field}`}: ${before} and ${after}`;

function runsSection(sides: ComparedSides['sides']): Section {
  return {
    id: 'runs',
    title: 'Runs',
    blocks: [
      {
        kind: 'facts',
        facts: sides.map(({ name, runs }) => [name, `${plural(runs.length, 'run')}: ${runs.join(', ')}`]),
      },
      ...list(
        sides.flatMap(({ leftOut }) => leftOut.map(({ folder, why }) => ({ text: `Left out: ${folder} ${why}.` }))),
      ),
    ],
  };
}

const method = [
  `A change is one whose interval does not contain "no change", and which is at least ${leastChange * 100}%. All intervals hold together with ${confidence * 100}% (Bonferroni): of 20 comparisons of a system with itself, one reports a change.`,
  'The interval is that of the ratio of the geometric means over the runs of each side, by Student’s t with the spread between runs. What is within one run says nothing about it: repeat whole runs.',
  'Values are those of each run’s own report, made again from its files. Latencies are of the steady state; quotas and costs are of the plan.',
];
