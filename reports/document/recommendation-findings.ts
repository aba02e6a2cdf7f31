/** What to set and what to request from AWS, by date and weight; what stays as it is, in one line. */
import type { Advice } from '../analysis/advice/advice.ts';
import { approx, percent } from '../analysis/numbers.ts';
import type { Finding } from './document.ts';

const kinds = { redesign: 'redesign', ask: 'ask AWS', set: 'set', unknown: 'unknown', keep: 'keep' } as const;
const tones = { redesign: 'bad', ask: 'near', set: undefined, unknown: 'muted', keep: 'muted' } as const;

export const recommendationNote =
  'By date, then by weight: how far the plan exceeds the quota without it. Each is calculated for the plan’s busiest day within its horizon; concurrency by Little’s law, its peak as L + 3√L.';

/** In their order. */
export const recommendationFindings = (recommendations: readonly Advice[]): Finding[] => [
  ...recommendations.filter(({ kind }) => kind !== 'keep').map(findingOf),
  ...kept(recommendations.filter(({ kind }) => kind === 'keep')),
];

function findingOf({ action, kind, value, unit, present, code, by, weight, calculation }: Advice): Finding {
  const tone = tones[kind];
  const show = (each: number | string) => (typeof each === 'number' ? `${approx(each)} ${unit}`.trimEnd() : each);
  return {
    text: action,
    labels: [
      { text: kinds[kind], ...(tone && { tone }) },
      ...(by === null ? [] : [{ text: `by ${by}` }]),
      ...(code === null ? [] : [{ text: code, tone: 'muted' as const }]),
    ],
    facts: [
      ...(value === null || value === present ? [] : [['to', show(value)] satisfies [string, string]]),
      ...(present === null || value === present ? [] : [['from', show(present)] satisfies [string, string]]),
      ...(weight === null ? [] : [['without it', `${percent(weight)} of the quota`] satisfies [string, string]]),
    ],
    detail: calculation,
  };
}

function kept(all: readonly Advice[]): Finding[] {
  if (all.length === 0) return [];
  const text = `Keep as it is: ${all.map(({ subject }) => subject).join('; ')}.`;
  return [{ text, labels: [{ text: kinds.keep, tone: tones.keep }], facts: [] }];
}
