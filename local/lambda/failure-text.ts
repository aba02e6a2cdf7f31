/** What the log says of a failure of which the code itself cannot tell: that it could not be loaded, crashed, or took too long. Pure. */
import type { FunctionErrorPayload } from './protocol.ts';

/** A line of a stack trace that leads through Node.js itself or the target: nothing that a reader could change. */
const isOwnFrame = (line: string): boolean =>
  /^\s+at .*\bnode:/.test(line) || line.includes(new URL('.', import.meta.url).href);

/** With the stack, where it is known; lines end with a line break. */
export function failureText({ errorType, errorMessage, trace = [] }: FunctionErrorPayload): string {
  const lines = trace.length > 0 ? trace.filter((line) => !isOwnFrame(line)) : [errorMessage];
  return `${typed(errorType, lines.join('\n'))}\n`;
}

/** The stack of an error of one's own begins with its type. */
const typed = (errorType: string, text: string): string =>
  text.startsWith(`${errorType}:`) ? text : `${errorType}: ${text}`;

const shownCharacters = 300;

/**
 * The line of it that says what is wrong, the same for every invocation: the stack of source that does not parse begins with its place. A runtime that ends says no more than
 * that: then `wrote`, the last line that it wrote before, is part of it.
 */
export function failureLine(error: FunctionErrorPayload, wrote: string | null = null): string {
  const { errorType, errorMessage, trace = [] } = error;
  const [place = errorMessage] = trace;
  const wrong = trace.find((line) => /^[\w.]*(Error|Exception)\b/.test(line)) ?? place;
  const [first = ''] = typed(errorType, wrong).split('\n', 1);
  const at = wrong !== place && /:\d+$/.test(place) ? ` (${place})` : '';
  const line = `${first.replace(/RequestId: \S* ?/, '').trim()}${at}`;
  const whole = wrote === null || errorType !== 'Runtime.ExitError' ? line : `${line}: ${wrote}`;
  return whole.length > shownCharacters ? `${whole.slice(0, shownCharacters)}…` : whole;
}

/** A runtime may start without its code, and answer each event with why. */
export const isLoadError = ({ errorType }: FunctionErrorPayload): boolean =>
  /^Runtime\.(ImportModuleError|HandlerNotFound|UserCodeSyntaxError|MalformedHandlerName)$/.test(errorType);
