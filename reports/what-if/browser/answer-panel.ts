/** What the page answers to the inputs, beside what the report answered. */

import type { HeadroomCell, HeadroomRow } from '../../analysis/headroom-rows.ts';
import { percent, quantity } from '../../analysis/numbers.ts';
import type { PlanReport } from '../../plan-report.ts';
import { element, setText } from './dom.ts';
import { utilisationChart } from './utilisation-chart.ts';

/** Rows of the table of quotas. */
const shownRows = 8;

export interface AnswerPanel {
  element: HTMLElement;
  show(answer: PlanReport): void;
  /** Why there is no answer to the inputs; empty: there is one. */
  problems(sentences: readonly string[]): void;
}

/** `before`: the report's own answer. */
export function answerPanel(before: PlanReport): AnswerPanel {
  const sentence = element('p', { class: 'what-if-sentence', role: 'status' });
  const problems = element('div', { class: 'what-if-problems', role: 'alert' });
  const summary = element('dl', { class: 'what-if-summary' });
  const chart = element('div', { class: 'what-if-chart' });
  const body = element('tbody');
  const head = ['Quota', 'Today', 'At its highest', 'Full'].map((name, n) =>
    element('th', { scope: 'col', class: n === 0 ? null : 'number' }, name),
  );
  const table = element(
    'table',
    { id: 'what-if-quotas' },
    element('caption', {}, 'The quotas that matter'),
    element('thead', {}, element('tr', {}, ...head)),
    body,
  );
  const panel = element('div', { class: 'what-if-answer' }, sentence, problems, summary, chart, table);
  const linesBefore = new Map(before.summary);

  return {
    element: panel,
    show(answer) {
      setText(sentence, answer.sentence);
      summary.replaceChildren(
        ...answer.summary.flatMap(([name, text]) => {
          const was = linesBefore.get(name);
          const changed = was !== undefined && was !== text;
          const value = element('dd', {}, text);
          if (changed) value.append(element('small', {}, `In the report: ${was}`));
          return [element('dt', {}, name), value];
        }),
      );
      chart.replaceChildren(utilisationChart(answer));
      body.replaceChildren(...mostUsed(answer).map((row) => rowOf(row, answer)));
    },
    problems(sentences) {
      panel.classList.toggle('what-if-stale', sentences.length > 0);
      problems.replaceChildren(...sentences.map((each) => element('p', {}, each)));
    },
  };
}

const used = (cell: HeadroomCell): number => (cell.kind === 'value' ? cell.utilisation : 0);
const cellsOf = ({ today, later }: HeadroomRow): HeadroomCell[] => [today, ...later.map(({ cell }) => cell)];
const highest = (row: HeadroomRow): number => Math.max(...cellsOf(row).map(used));

/** Those that bind: the fullest over the horizon first. */
const mostUsed = ({ headroom }: PlanReport): HeadroomRow[] =>
  headroom
    .filter((row) => row.grows || highest(row) > 1)
    .toSorted((a, b) => highest(b) - highest(a))
    .slice(0, shownRows);

function rowOf(row: HeadroomRow, { projection }: PlanReport): HTMLElement {
  const { today, name, limit, unit, quotaId } = row;
  const exhaustion = projection.exhaustions.find((each) => each.quotaId === quotaId);
  const full =
    exhaustion?.kind === 'at'
      ? exhaustion.months <= 0
        ? 'today'
        : exhaustion.date
      : exhaustion?.kind === 'unknown'
        ? 'unknown'
        : 'not within';
  const isKnown = cellsOf(row).some(({ kind }) => kind === 'value');
  const tone = (share: number) => `number${share > 1 ? ' bad' : share > 0.7 ? ' near' : ''}`;
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name, element('small', {}, quantity(limit, unit))),
    element('td', { class: tone(used(today)) }, today.kind === 'value' ? percent(today.utilisation) : 'unknown'),
    element('td', { class: tone(highest(row)) }, isKnown ? percent(highest(row)) : 'unknown'),
    element('td', { class: 'number' }, full),
  );
}
