/** The plan's service level objectives against the measurements. */
import type { Slo } from '../../capacity/demand/plan.ts';
import { phaseNames } from './generator.ts';
import { isOfMissed, missedRows } from './judgement/missed.ts';
import type { Judged, SloRow } from './judgement/objective.ts';
import { p99Rows } from './judgement/p99-rows.ts';
import { shareRows } from './judgement/share-rows.ts';
import type { GeneratorDoubt } from './judgement/soundness.ts';
import { milliseconds, percent } from './numbers.ts';
import { type JudgedRoutes, routeSloRows } from './routes/route-objectives.ts';
import type { Reason } from './warnings/reason.ts';

export type { SloRow } from './judgement/objective.ts';

/** Connects are judged over the whole run (they come before the steady state), the rest by what was due in the steady state. */
export const sloRows = (slo: Slo, judged: Judged & Pick<JudgedRoutes, 'observation' | 'routes'>): SloRow[] => [
  ...p99Rows(slo, judged),
  ...shareRows(slo.errorShare, judged),
  ...missedRows(judged.ledger),
  ...routeSloRows(slo, judged),
];

/** Without those of which events/ makes reasons that name what was missed. */
export const withoutMissed = (rows: readonly SloRow[]): SloRow[] => rows.filter((row) => !isOfMissed(row));

/** Of a run that shows nothing: not one objective has anything to be judged by. */
export const unmeasuredReasons = (rows: readonly SloRow[]): Reason[] =>
  rows.some(({ kept, notJudged }) => kept !== null || notJudged?.kind === 'generator')
    ? []
    : [
        {
          code: 'nothingMeasured',
          sentence: 'Nothing was measured: nothing that any objective is about was due.',
          next: 'Run it for longer, or with a load that reaches the target.',
        },
      ];

export function sloReasons(rows: readonly SloRow[]): Reason[] {
  return rows
    .filter((row) => row.kept === false)
    .map((row) => ({
      code: `slo.${row.id}`,
      sentence: brokenSentence(row),
      next: 'See the timeline for when it began, and the headroom table for quotas near their limit.',
    }));
}

function brokenSentence({ name, unit, measured, limit, failedShare }: SloRow): string {
  const show = unit === 'ms' ? milliseconds : percent;
  const allowed = `the plan allows ${show(limit)}.`;
  if (failedShare !== null) return `There is no ${name}: ${percent(failedShare)} failed; ${allowed}`;
  return `${unit === 'ms' ? capitalised(name) : `The share of ${name}`} was ${show(measured ?? 0)}; ${allowed}`;
}

/** Objectives that the generator left undecided, a reason each; empty when there are none. Those of a steady state that is in doubt as a whole have its reasons. */
export function unjudgedReasons(rows: readonly SloRow[]): Reason[] {
  return rows.flatMap(({ id, name, notJudged }) =>
    notJudged?.kind !== 'generator' || notJudged.of === 'phase'
      ? []
      : [
          {
            code: `notJudged.${id}`,
            sentence: `${capitalised(name)} was not judged: ${doubtInWords(notJudged)}.`,
            next: 'Run it again with nothing else on this machine, or with more fleets or machines.',
          },
        ],
  );
}

/** `in the ramp the generator stood still for up to 3,010 ms, which delayed 61.2% of what it measured`. */
export function doubtInWords({ of, phase, delayedShare, longestStallMs }: GeneratorDoubt): string {
  const stood = longestStallMs === null ? 'was late' : `stood still for up to ${milliseconds(longestStallMs)}`;
  if (of === 'phase') return `in ${phaseNames[phase]} the generator was over its limits`;
  return `in ${phaseNames[phase]} the generator ${stood}, which may have delayed ${percent(delayedShare)} of what it measured`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
