/** The last lines on the terminal: the verdict, why, and where the report is. */
import type { Report } from '../report.ts';

/** Reasons shown; the report has them all. */
const maxReasons = 5;

export function renderTerminal(report: Report, reportPath: string): string {
  const reasons = report.verdict.reasons.slice(0, maxReasons).map(({ sentence, next }) => `  - ${sentence} ${next}`);
  const more = report.verdict.reasons.length - reasons.length;
  return [
    report.verdict.sentence,
    ...reasons,
    ...(more > 0 ? [`  - and ${more} more, in the report.`] : []),
    reportPath,
    '',
  ].join('\n');
}
