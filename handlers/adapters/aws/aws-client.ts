/**
 * Calls of an AWS service, signed, repeated and in time: what the handlers need of an SDK, at a quarter of its CPU time per call and a twentieth of
 * its code to load (docs/adr/0028-handlers-sign-their-own-calls.md). Retries follow the SDKs' standard mode.
 */
import { AwsError, type Retryable, retryableAs, TimeoutError } from './aws-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import { HttpConnections, type HttpRequest } from './http-attempt.ts';
import { type Credentials, RequestSigner } from './signature.ts';

export interface CallBounds {
  connectionTimeoutMs: number;
  /** Of one attempt, its connect included. */
  requestTimeoutMs: number;
  maxAttempts: number;
  /** Of one call with all of its attempts. */
  callMs: number;
}

export interface AwsClientSettings {
  /** As in the scope of a signature. */
  service: string;
  endpoint: URL;
  region: string;
  credentials: Credentials;
  bounds: CallBounds;
  maxSockets: number;
  /** What is left of the invocation, in milliseconds; may be negative. */
  remainingMs: () => number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** Between 0 and 1. */
  random: () => number;
}

/** Of one call: narrower than the client's bounds. */
export interface CallOptions {
  requestTimeoutMs?: number;
  signal?: AbortSignal;
}

/** Before attempt n + 1 it waits up to this · 2^n, at random: longer for a throttled one. Source: SDKs and tools reference guide, "Retry behavior". */
const backOffMs = { transient: 100, throttle: 500, clockSkew: 0 } as const satisfies Record<Retryable, number>;
const longestBackOffMs = 20_000;
/** A retry takes tokens, and a success gives some back: a service that is down for everybody is not asked several times by everybody. */
const retryTokens = { most: 500, retry: 5, timeout: 10, success: 1 } as const;

export class AwsClient {
  readonly #settings: AwsClientSettings;
  readonly #connections: HttpConnections;
  readonly #signer: RequestSigner;
  readonly #host: string;
  #tokens: number = retryTokens.most;
  /** How far this clock is behind the service's. */
  #skewMs = 0;

  constructor(settings: AwsClientSettings) {
    this.#settings = settings;
    this.#connections = new HttpConnections(settings.endpoint, settings.maxSockets);
    this.#signer = new RequestSigner(settings);
    this.#host = settings.endpoint.host;
  }

  /**
   * The body of a successful answer.
   * @throws {AwsError} an answer that is an error; {@link TimeoutError}, AbortError, and Node's errors of a connection.
   */
  async post({ path, headers, body }: HttpRequest, options: CallOptions = {}): Promise<string> {
    const { bounds, remainingMs } = this.#settings;
    const limitMs = Math.min(bounds.callMs, remainingMs());
    const endsAtMs = performance.now() + limitMs;
    for (let attempt = 1; ; attempt++) {
      const leftMs = endsAtMs - performance.now();
      if (leftMs <= 0) throw new TimeoutError('No time is left for this call.', attempt > 1);
      try {
        const answer = await this.#attempt({ path, headers, body }, leftMs, options);
        this.#tokens = Math.min(retryTokens.most, this.#tokens + retryTokens.success);
        return answer;
      } catch (error) {
        const waitMs = this.#waitBefore(attempt, error);
        if (waitMs === null || performance.now() + waitMs >= endsAtMs) throw error;
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  async #attempt(request: HttpRequest, leftMs: number, options: CallOptions): Promise<string> {
    const { bounds, nowMs } = this.#settings;
    const { requestTimeoutMs = bounds.requestTimeoutMs, signal } = options;
    const headers = this.#signer.sign(
      { ...request, headers: { ...request.headers, host: this.#host } },
      nowMs() + this.#skewMs,
    );
    // Lambda's tracing, and its detection of loops. Changes with every invocation.
    const trace = process.env._X_AMZN_TRACE_ID;
    if (trace) headers['x-amzn-trace-id'] = trace;
    const answer = await this.#connections.post(
      { ...request, headers },
      { connectMs: bounds.connectionTimeoutMs, totalMs: Math.min(requestTimeoutMs, leftMs), signal },
    );
    if (answer.status < 200 || answer.status >= 300) throw errorOf(answer);
    return answer.body;
  }

  /** null: no further attempt. */
  #waitBefore(attempt: number, error: unknown): number | null {
    const kind = retryableAs(error);
    if (kind === null || attempt >= this.#settings.bounds.maxAttempts) return null;
    if (kind === 'clockSkew' && error instanceof AwsError) this.#skewMs = error.serverTimeMs - this.#settings.nowMs();
    const price = error instanceof TimeoutError ? retryTokens.timeout : retryTokens.retry;
    if (this.#tokens < price) return null;
    this.#tokens -= price;
    return this.#settings.random() * Math.min(longestBackOffMs, backOffMs[kind] * 2 ** (attempt - 1));
  }
}

/** Of JSON services the name is in the body, of REST ones in a header; a 410 of API Gateway has neither. */
function errorOf({ status, headers, body }: HttpAnswer): AwsError {
  const { __type, message, Message } = objectOf(body);
  const type = String(headers['x-amzn-errortype'] ?? __type ?? 'UnknownError');
  const name = type.slice(type.indexOf('#') + 1).replace(/[:,].*$/, '');
  const serverTimeMs = Date.parse(String(headers.date ?? ''));
  return new AwsError({ name, message: String(message ?? Message ?? name), status, serverTimeMs });
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
