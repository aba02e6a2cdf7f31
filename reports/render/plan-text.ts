/** The plan report as text for the terminal. */

import {
  costTableOf,
  headroomTablesOf,
  projectionTableOf,
  recommendationTableOf,
  type Table,
} from '../document/tables.ts';
import type { PlanReport } from '../plan-report.ts';

/** Rows of a table on the terminal: the rest is in the report. */
const terminalRows = 8;

export const partsOf = (report: PlanReport) => ({
  headroom: headroomTablesOf({ headroom: report.headroom, run: null }),
  projection: projectionTableOf(report),
  cost: costTableOf(report),
  recommendations: recommendationTableOf(report),
});

/** For the terminal: `width` columns. */
export function renderPlanText(report: PlanReport): string {
  const { headroom, projection, cost, recommendations } = partsOf(report);
  const [growing] = headroom;
  const advice = report.recommendations.filter(({ kind }) => kind === 'ask' || kind === 'set');
  const kept = report.recommendations.filter(({ kind }) => kind === 'keep');
  return [
    report.sentence,
    ...[growing, projection, cost].flatMap((table) => (table ? ['', ...plainTable(table)] : [])),
    ...(recommendations ? ['', 'To ask for and to set'] : []),
    ...advice.map(({ action, calculation }) => `  - ${action}\n      ${calculation}`),
    ...report.recommendations
      .filter(({ kind }) => kind === 'unknown')
      .map(({ action, calculation }) => `  - ${action} ${calculation}`),
    ...(kept.length > 0 ? [`  As it is: ${kept.map(({ action }) => action).join(' ')}`] : []),
    '',
    'What it rests on',
    ...report.basis.map((line) => `  - ${line}`),
    '',
  ].join('\n');
}

/** Columns side by side, as wide as their widest cell; without the small print. */
function plainTable({ caption, columns, rows, notes }: Table): string[] {
  const shown = rows.length > terminalRows ? [...rows.slice(0, terminalRows - 1), ...rows.slice(-1)] : rows;
  const texts = [columns.map(({ name }) => name), ...shown.map((row) => row.map(({ text }) => text))];
  const widths = columns.map((_, i) => Math.max(...texts.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((text, i) => (columns[i]?.numeric ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0))).join('  ')}`.trimEnd();
  return [caption, ...texts.map(line), ...(notes[0] === undefined ? [] : [`  ${notes[0]}`])];
}
