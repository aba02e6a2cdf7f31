/** What to set and what to request from AWS, as a table. */
import type { Advice } from '../analysis/advice/advice.ts';
import { approx } from '../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from './document.ts';

const labels = { redesign: 'redesign', ask: 'ask AWS', set: 'set', unknown: 'unknown', keep: 'keep' } as const;
const tones = { redesign: 'bad', ask: 'near', set: undefined, unknown: 'muted', keep: 'muted' } as const;

export function recommendationTable(recommendations: readonly Advice[]): Table {
  const show = (value: number | string | null) => (typeof value === 'number' ? approx(value) : (value ?? '–'));
  return {
    id: 'recommendations',
    caption: 'Settings to change and quota increases to request',
    ofSentences: true,
    columns: [words('recommendation'), words(''), figure('value'), figure('current')],
    rows: [
      ...recommendations
        .filter(({ kind }) => kind !== 'keep')
        .map(({ action, kind, value, unit, present, code, by, calculation }): Cell[] => {
          const tone = tones[kind];
          return [
            { text: action, detail: calculation },
            { text: labels[kind], ...(tone && { tone }), detail: [code, by && `by ${by}`].filter(Boolean).join(', ') },
            { text: show(value), detail: value === null ? '' : unit },
            { text: show(present) },
          ];
        }),
      ...keptRow(recommendations.filter(({ kind }) => kind === 'keep')),
    ],
    notes: [
      'Each is calculated for the plan’s busiest day within its horizon; concurrency by Little’s law, its peak as L + 3√L.',
    ],
  };
}

/** What stays as it is, in one line. */
function keptRow(kept: readonly Advice[]): Cell[][] {
  if (kept.length === 0) return [];
  const text = `Keep as it is: ${kept.map(({ subject }) => subject).join('; ')}.`;
  return [[{ text }, { text: labels.keep, tone: tones.keep }, { text: '–' }, { text: '–' }]];
}
