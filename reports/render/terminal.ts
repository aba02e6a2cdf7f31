/** The last lines on the terminal: the verdict, why, and where the report is. */
import type { Report } from '../report.ts';
import { inOneLine } from './printable.ts';
import { itemLine } from './text.ts';

/** Reasons shown; the report has them all. */
const maxReasons = 5;

export function renderTerminal({ verdict: { sentence, reasons } }: Report, reportPath: string): string {
  const more = reasons.length - maxReasons;
  return [
    sentence,
    ...reasons.slice(0, maxReasons).map((reason) => itemLine({ text: reason.sentence, next: reason.next })),
    ...(more > 0 ? [`  - and ${more} more, in the report.`] : []),
    reportPath,
    '',
  ]
    .map(inOneLine)
    .join('\n');
}
