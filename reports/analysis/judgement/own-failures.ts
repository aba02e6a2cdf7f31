/** What a target says of its own failures, in words: functions that could not be loaded, and integrations of routes. Pure. */
import type { Observation, OwnFailures } from '../../../record/observation.ts';

type Server = Pick<Observation['server'], 'failures'>;
export type FunctionFailure = Pick<OwnFailures['functions'][number], 'kind' | 'text'> & {
  /** Of the function, in MB; null: not known. */
  memoryMb: number | null;
};
export type RouteFailure = OwnFailures['routes'][number];

/** The most frequent failure of a function; null: the target does not say. */
export function failureOfFunction(
  { failures }: Server,
  id: string,
  functions: readonly { id: string; memoryMb: number }[] = [],
): FunctionFailure | null {
  const found = failures?.functions.find((each) => each.id === id);
  if (found === undefined) return null;
  const { memoryMb = null } = functions.find((each) => each.id === id) ?? {};
  return { kind: found.kind, text: found.text, memoryMb };
}

/** Whether no event of it can succeed, until its code is another. */
export const neverRuns = (failure: FunctionFailure | null): boolean =>
  failure?.kind === 'load' || failure?.kind === 'loadTimeout';

/** What the function did: `could not be loaded (Runtime.ImportModuleError: …)`. */
export function functionFailureInWords(failure: FunctionFailure | null): string {
  switch (failure?.kind) {
    case 'load':
      return `could not be loaded (${failure.text})`;
    case 'loadTimeout':
      return `was not loaded in time (${failure.text})`;
    case 'memory':
      return `used more than its memory${failure.memoryMb === null ? '' : ` of ${failure.memoryMb} MB`} (${failure.text})`;
    case 'crash':
      return `crashed (${failure.text})`;
    case 'timeout':
      return `ran into its timeout (${failure.text})`;
    // What an error of the code's own says may be about its caller: its type is not.
    case 'thrown':
      return `failed (${failure.text.split(':', 1)[0]})`;
    case undefined:
      return 'failed';
  }
}

/** `Hook answered POST /hooks of Shop with HTTP 503`. */
export function routeFailureInWords({ api, route, integration, kind, status, text }: RouteFailure): string {
  const of = `${route} of ${api}`;
  switch (kind) {
    case 'answered':
      return `${integration} answered ${of} with HTTP ${status ?? '5xx'}`;
    case 'malformed':
      return `what ${integration} answered ${of} is no answer that API Gateway takes`;
    case 'timeout':
      return `${integration} did not answer ${of} within the integration’s timeout${text === null ? '' : ` of ${text}`}`;
    case 'broken':
      return `${of} could not call its integration${text === null ? '' : ` (${text})`}`;
    case 'payloadTooLarge':
      return `what ${of} passes on to ${integration} is larger than an invocation takes`;
  }
}
