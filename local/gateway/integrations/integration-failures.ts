/** Why an integration made a gateway answer with a server error, as its caller is told. Pure. */
import type { InvokeOutcome } from '../../lambda/lambda-service.ts';
import type { IntegrationFailure } from '../../notices.ts';
import { timedOut } from '../with-timeout.ts';

const shownCharacters = 100;

/** Of a function whose answer was no proxy result, or which did not answer. */
export function failureOf(outcome: InvokeOutcome | typeof timedOut, afterMs: number): IntegrationFailure {
  if (outcome === timedOut) return { kind: 'timeout', afterMs };
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'malformed', answer: outcome.payload.slice(0, shownCharacters) };
    case 'functionError': {
      const { errorType, errorMessage } = outcome.error;
      return { kind: 'functionError', errorType, errorMessage, invocationId: outcome.requestId ?? null };
    }
    case 'throttled':
    case 'payloadTooLarge':
      return { kind: outcome.kind };
  }
}
