/** Answers of HTTP APIs and REST APIs. Pure. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { InvokeOutcome } from '../../lambda/lambda-service.ts';
import type { IntegrationFailure } from '../../notices.ts';
import type { Limits } from '../../quota/limits.ts';
import { failureOf } from '../integrations/integration-failures.ts';
import { readProxyResult } from '../proxy-result.ts';
import { timedOut } from '../with-timeout.ts';

export interface Answer {
  /** The matching route; absent if there is none. */
  routeKey?: string;
  status: number;
  headers: Readonly<Record<string, string | readonly string[]>>;
  body: Buffer;
  /** Of an answer of a REST API's gateway itself: the type of its gateway response. */
  gatewayType?: string;
  /** Of the integration, if it is why this is a server error. */
  failure?: IntegrationFailure;
}

export function messageAnswer(status: number, message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) };
}
export const internalError = () => messageAnswer(500, 'Internal Server Error');

/** Hop-by-hop headers (RFC 9110, 7.6.1), which the gateway's own connection handles. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/** Whether HTTP allows this header; a line break would inject another header. */
function isSendable(name: string, value: string | readonly string[]): boolean {
  try {
    validateHeaderName(name);
    for (const one of [value].flat()) validateHeaderValue(name, String(one));
    return true;
  } catch {
    return false;
  }
}

type Proxied = InvokeOutcome | typeof timedOut;

/** Of a Lambda proxy of an HTTP API. `payloadVersion` 1.0: only a proxy result is an answer. `isUrl`: of a function's own URL. */
export function lambdaAnswer(
  outcome: Proxied,
  {
    limits,
    timeoutMs,
    payloadVersion,
    isUrl = false,
  }: { limits: Limits; timeoutMs: number; payloadVersion: '1.0' | '2.0'; isUrl?: boolean },
): Answer {
  if (outcome !== timedOut && outcome.kind === 'ok') {
    const answer = proxyAnswer(outcome.payload, payloadVersion);
    return answer ?? { ...internalError(), failure: failureOf(outcome, timeoutMs) };
  }
  const failure = failureOf(outcome, timeoutMs);
  if (isUrl) return { ...urlError(failure), failure };
  if (failure.kind === 'timeout') return { ...messageAnswer(503, 'Service Unavailable'), failure };
  if (failure.kind !== 'throttled') return { ...internalError(), failure };
  const status = limits.httpLambdaThrottledStatus;
  return { ...messageAnswer(status, status === 503 ? 'Service Unavailable' : 'Internal Server Error'), failure };
}

/** Source: Lambda developer guide, "Invoking Lambda function URLs", read November 2026. */
const urlError = ({ kind }: IntegrationFailure): Answer =>
  kind === 'throttled' ? messageAnswer(429, 'Too Many Requests') : messageAnswer(502, 'Internal Server Error');

/** Null for what is no proxy result. */
export function proxyAnswer(
  payload: string,
  payloadVersion: '1.0' | '2.0',
  defaultType = 'text/plain;charset=utf-8',
): Answer | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    // A custom runtime may answer so.
    return null;
  }
  // Format 2.0: anything without a statusCode becomes the JSON body of a 200, and a text the body itself.
  if (typeof parsed !== 'object' || parsed === null || !('statusCode' in parsed)) {
    if (payloadVersion === '1.0') return null;
    const text = typeof parsed === 'string' ? parsed : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
  }
  const result = readProxyResult(parsed);
  if (result === null || result.statusCode < 200) return null;
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(result.headers)) headers[name.toLowerCase()] = value;
  if (!Object.entries(headers).every(([name, value]) => isSendable(name, value))) return null;
  for (const name of hopByHop) delete headers[name];
  headers['content-type'] ??= defaultType;
  if (result.cookies.length > 0) headers['set-cookie'] = result.cookies;
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8');
  return { status: result.statusCode, headers, body };
}
