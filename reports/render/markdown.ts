/** report.md: for a pull request or a terminal. */

import type { Reason } from '../analysis/verdict.ts';
import {
  concurrencyTableOf,
  costTableOf,
  eventTableOf,
  generatorTableOf,
  headroomTablesOf,
  latencyTableOf,
  outcomeTableOf,
  projectionTableOf,
  queueBurstSentence,
  recommendationTableOf,
  runFacts,
  sloTableOf,
  type Table,
} from '../document/tables.ts';
import type { Report } from '../report.ts';

export function renderMarkdown(report: Report): string {
  const burst = queueBurstSentence(report);
  const parts = [
    `**${escapeMarkdown(report.verdict.sentence)}**`,
    `# ${escapeMarkdown(report.title)}`,
    list('Why', report.verdict.reasons),
    runFacts(report)
      .map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}`)
      .join('\n'),
    section('Headroom', headroomTablesOf(report), burst ? [burst] : []),
    section('Projection', [projectionTableOf(report)]),
    section('Latency', report.latency.length > 0 ? [sloTableOf(report), latencyTableOf(report)] : []),
    section('Ledger', [eventTableOf(report), outcomeTableOf(report)]),
    section('Cost', [costTableOf(report)]),
    section('Recommendations', [recommendationTableOf(report)]),
    section('Validity', [generatorTableOf(report), concurrencyTableOf(report)]),
    list('Warnings', report.warnings),
    `## How it was measured\n\n${report.howMeasured.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n')}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

export function section(title: string, tables: readonly (Table | null)[], sentences: readonly string[] = []): string {
  const shown = tables.filter((table) => table !== null);
  return shown.length === 0
    ? ''
    : [`## ${title}`, ...shown.map(tableOf), ...sentences.map(escapeMarkdown)].join('\n\n');
}

function list(title: string, reasons: readonly Reason[]): string {
  if (reasons.length === 0) return '';
  return `## ${title}\n\n${reasons.map(({ sentence, next }) => `- ${escapeMarkdown(sentence)} ${escapeMarkdown(next)}`).join('\n')}`;
}

function tableOf({ caption, columns, rows, notes }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${escapeMarkdown(caption)}**`,
    [
      line(columns.map(({ name }) => escapeMarkdown(name))),
      line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
      ...rows.map((row) =>
        line(
          row.map(
            ({ text, detail }) => escapeMarkdown(text) + (detail ? `<br><sub>${escapeMarkdown(detail)}</sub>` : ''),
          ),
        ),
      ),
    ].join('\n'),
    ...(notes.length > 0 ? [notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')] : []),
  ].join('\n\n');
}

/** Text that came from a plan or a service must not become markup. */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|#]/g, (mark) => `\\${mark}`)
    .replaceAll('\n', ' ');
