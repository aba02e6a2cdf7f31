/** How the outcome of a webhook is answered, counted and logged, whatever serves it. */
import { textAnswer } from './challenge.ts';
import type { IngestOutcome } from './ingest-webhook.ts';
import type { MetricCounts } from './metric-counts.ts';

export interface IngestAnswer {
  statusCode: number;
  headers: Record<string, string | number>;
  body: string;
  /** Null: nothing is counted. */
  counts: MetricCounts | null;
  /** What the log says, and the error behind it; null: nothing. */
  log: { sentence: string; cause?: unknown } | null;
}

export function answerOfIngest(outcome: IngestOutcome): IngestAnswer {
  const { status, reason } = outcome;
  const { headers } = textAnswer(status, reason);
  const answer = { statusCode: status, headers: { ...headers } as IngestAnswer['headers'], body: reason };
  switch (outcome.status) {
    case 200:
      return { ...answer, counts: null, log: null };
    case 401:
      return { ...answer, counts: { SignaturesRejected: 1 }, log: null };
    case 429: {
      const retryAfter = { 'retry-after': outcome.retryAfterSeconds };
      return { ...answer, headers: { ...answer.headers, ...retryAfter }, counts: { EventsDeferred: 1 }, log: null };
    }
    case 400:
    case 413: {
      // Both come after the signature: an event of the provider, which nobody keeps.
      const sentence = `A webhook with a valid signature was refused with ${status}: ${reason}`;
      return { ...answer, counts: { EventsRefused: 1 }, log: { sentence } };
    }
    case 503:
      return { ...answer, counts: null, log: { sentence: reason, cause: outcome.cause } };
  }
}
