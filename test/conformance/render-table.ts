/** The suite's result as a text table: row, expectation, source, confidence, result. Pure. */
import type { Row } from './row.ts';
import type { CaseResult } from './run-cases.ts';

export function renderTable(rows: readonly Row[], results: readonly CaseResult[]): string {
  const resultOf = new Map(results.map((result) => [result.row, result]));
  const lines = rows.map((row) => [
    row.id,
    row.confidence,
    resultText(row, resultOf.get(row.id)),
    row.row,
    row.expectation,
    row.source,
  ]);
  const header = ['id', 'conf', 'result', 'row', 'expectation', 'source'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const failures = results.flatMap((result) => (result.kind === 'failed' ? [`${result.row}: ${result.reason}`] : []));
  const counted = Object.entries(Object.groupBy(lines, ([, , text]) => text?.split(':')[0] ?? ''));
  return [
    ...[header, ...lines].map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
    ...failures.map((failure) => `failed  ${failure}`),
    counted.map(([text, group]) => `${group?.length} ${text}`).join(', '),
  ].join('\n');
}

function resultText({ check }: Row, result: CaseResult | undefined): string {
  switch (check.kind) {
    case 'notModelled':
      return 'not modelled';
    case 'fact':
      return 'nothing to check';
    default:
      return result === undefined ? 'no case' : result.kind === 'notRun' ? 'not run' : result.kind;
  }
}
