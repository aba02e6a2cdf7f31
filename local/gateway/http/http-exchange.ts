/** One request to an HTTP or REST API, from its arrival to its metrics: whatever is the same for both. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { meetExchange } from '../../interference/http-interference.ts';
import type { Interference } from '../../interference/interference.ts';
import type { Limits } from '../../quota/limits.ts';
import type { ApiMetricName, ApiMetrics } from '../api-metrics.ts';
import { readBody } from '../http-body.ts';
import { newId } from '../ids.ts';
import { readTarget } from '../request-target.ts';
import { type Answer, messageAnswer } from './http-answers.ts';
import type { TargetedRequest } from './http-event.ts';

/** What differs between the kinds of API. */
export interface ExchangeForm {
  clientErrors: ApiMetricName;
  serverErrors: ApiMetricName;
  /** Bytes of both bodies are counted (DataProcessed). */
  countsBytes: boolean;
  /** Headers that carry the id of the request. */
  idHeaders: readonly string[];
  /** What the gateway answers when it fails itself. */
  internalError: () => Answer;
}

export interface ExchangeSurroundings {
  limits: Pick<Limits, 'httpPayloadBytes'>;
  metrics: Pick<ApiMetrics, 'put'>;
  interference?: Interference | undefined;
}

export interface Arrived extends TargetedRequest {
  /** Null: over the limit. */
  body: Buffer | null;
  requestId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/** The answer of the API, before the headers of the exchange. */
type Answering = (arrived: Arrived) => Promise<Answer>;

/** @param dress the last word on every answer, refusals included. */
export async function exchange(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { limits, metrics, interference }: ExchangeSurroundings,
  { answering, dress = (answer) => answer, ...form }: ExchangeForm & { answering: Answering; dress?: Dress },
): Promise<void> {
  const nowMs = Date.now();
  const started = performance.now();
  const requestId = newId();
  const target = readTarget(request.url ?? '/');
  // Faults match the method and the path, as `POST /webhooks/mail`.
  const call = { service: 'httpApi', operation: `${request.method} ${target.path}` } as const;
  const decision = interference?.active ? interference.decide(call) : null;
  const met = decision && (await meetExchange(decision, { request, response }));
  if (met?.kind === 'lost') return;
  const refusal = met?.kind === 'refused' ? met.error : null;
  const body = refusal ? null : await readBody(request, limits.httpPayloadBytes);
  const answer = dress(
    refusal
      ? messageAnswer(refusal.status, refusal.message)
      : await answering({ request, target, body, requestId, nowMs }).catch(form.internalError),
  );
  response.writeHead(answer.status, {
    ...answer.headers,
    // Always with a length: webhook providers refuse a chunked challenge.
    'content-length': answer.body.length,
    ...Object.fromEntries(form.idHeaders.map((name) => [name, requestId])),
    // The rest of a refused body must not be read as the next request.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(answer.body);
  const { routeKey, status } = answer;
  metrics.put('Count', 1, nowMs, routeKey);
  metrics.put(form.clientErrors, status >= 400 && status < 500 ? 1 : 0, nowMs, routeKey);
  metrics.put(form.serverErrors, status >= 500 ? 1 : 0, nowMs, routeKey);
  metrics.put('Latency', performance.now() - started, nowMs, routeKey);
  if (form.countsBytes) metrics.put('DataProcessed', (body?.length ?? 0) + answer.body.length, nowMs, routeKey);
}

type Dress = (answer: Answer) => Answer;

/** `/stage/path` → `/path`; null for the path of another stage. */
export function pathInStage(path: string, stage: string): string | null {
  if (stage === '$default') return path;
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : null;
}
