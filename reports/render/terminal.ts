/** The last lines on the terminal: the verdict, why, what the plan costs, and where the report is. */
import { costLine } from '../plan-summary.ts';
import type { Report } from '../report.ts';
import { inOneLine } from './printable.ts';
import { itemLine } from './text.ts';
import { wrapped } from './wrap.ts';

/** Reasons shown; the report has them all. */
const maxReasons = 5;

/** `reportPath`: null where it could not be written. */
export function renderTerminal(
  { verdict: { status, sentence, reasons }, cost }: Report,
  reportPath: string | null,
  columns = Number.POSITIVE_INFINITY,
): string {
  const more = reasons.length - maxReasons;
  const lines = (text: string, indent = 0) => wrapped(inOneLine(text), columns, indent);
  return [
    ...lines(sentence),
    ...reasons
      .slice(0, maxReasons)
      .flatMap((reason) => lines(itemLine({ text: reason.sentence, next: reason.next }), 4)),
    ...(more > 0 ? [`  - and ${more} more, in the report.`] : []),
    // By the coefficients of an invalid or partial run it would be a guess.
    ...(cost.length > 0 && (status === 'ok' || status === 'sloBroken')
      ? lines(`The plan costs ${costLine(cost)}, modelled.`)
      : []),
    // Whole, to be opened.
    ...(reportPath === null ? [] : [inOneLine(reportPath)]),
    '',
  ].join('\n');
}
