/** The HTTP API: Lambda proxy integrations (payload 2.0) and SQS-SendMessage. */
import { type IncomingMessage, type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { meetExchange } from '../../interference/http-interference.ts';
import type { Interference } from '../../interference/interference.ts';
import type { InvokeOutcome, LambdaService } from '../../lambda/lambda-service.ts';
import type { Limits } from '../../quota/limits.ts';
import { AwsJsonError, type SqsClient } from '../../sqs/sqs-client.ts';
import type { HttpApiModel, HttpRouteModel } from '../../template/model.ts';
import type { ApiMetrics } from '../api-metrics.ts';
import { readBody } from '../http-body.ts';
import { newId, newTraceId } from '../ids.ts';
import { readProxyResult } from '../proxy-result.ts';
import { type RequestTarget, readTarget } from '../request-target.ts';
import type { GatewayThrottles } from '../throttles.ts';
import { timedOut, withTimeout } from '../with-timeout.ts';
import { preflightHeaders, withCors } from './cors.ts';
import { httpEvent, type TargetedRequest } from './http-event.ts';
import { matchHttpRoute } from './http-routes.ts';
import { mapParameter } from './parameter-mapping.ts';

export interface HttpApiSettings {
  api: HttpApiModel;
  accountId: string;
  lambda: LambdaService;
  sqs: SqsClient;
  limits: Limits;
  metrics: ApiMetrics;
  throttles: GatewayThrottles;
  interference?: Interference;
}

interface Answer {
  /** The matching route; absent if there is none. */
  routeKey?: string;
  status: number;
  headers: Readonly<Record<string, string | readonly string[]>>;
  body: Buffer;
}

function messageAnswer(status: number, message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) };
}
const internalError = () => messageAnswer(500, 'Internal Server Error');

export class HttpApi {
  #settings: HttpApiSettings;

  constructor(settings: HttpApiSettings) {
    this.#settings = settings;
    const { api, throttles } = settings;
    for (const route of api.routes) {
      throttles.addRoute(
        { apiId: api.apiId, routeKey: route.routeKey, quota: 'httpApiThrottle' },
        route.throttle ?? api.defaultThrottle,
        performance.now(),
      );
    }
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics, limits, interference } = this.#settings;
    const nowMs = Date.now();
    const started = performance.now();
    const requestId = newId();
    const target = readTarget(request.url ?? '/');
    const decision = interference?.active ? interference.decide(callOf(request, target)) : null;
    const met = decision && (await meetExchange(decision, { request, response }));
    if (met?.kind === 'lost') return;
    const refusal = met?.kind === 'refused' ? met.error : null;
    const body = refusal ? null : await readBody(request, limits.httpPayloadBytes);
    const { cors } = this.#settings.api;
    const preflight = cors && preflightHeaders(cors, corsRequest(request));
    const answer: Answer = refusal
      ? messageAnswer(refusal.status, refusal.message)
      : preflight
        ? { status: 204, headers: preflight, body: Buffer.alloc(0) }
        : await this.#answer({ request, target }, body, { requestId, nowMs }).catch(internalError);
    response.writeHead(answer.status, {
      ...(cors && !preflight ? withCors(cors, request.headers.origin, answer.headers) : answer.headers),
      // Always with a length: webhook providers refuse a chunked challenge.
      'content-length': answer.body.length,
      'apigw-requestid': requestId,
      // The rest of a refused body must not be read as the next request.
      ...(!request.complete && { connection: 'close' }),
    });
    response.end(answer.body);
    const { routeKey } = answer;
    metrics.put('Count', 1, nowMs, routeKey);
    metrics.put('4xx', answer.status >= 400 && answer.status < 500 ? 1 : 0, nowMs, routeKey);
    metrics.put('5xx', answer.status >= 500 ? 1 : 0, nowMs, routeKey);
    metrics.put('Latency', performance.now() - started, nowMs, routeKey);
    metrics.put('DataProcessed', (body?.length ?? 0) + answer.body.length, nowMs, routeKey);
  }

  async #answer(
    { request, target }: TargetedRequest,
    body: Buffer | null,
    moment: { requestId: string; nowMs: number },
  ): Promise<Answer> {
    const { api, metrics, throttles } = this.#settings;
    if (body === null) {
      throttles.refuseSize('httpPayloadBytes');
      return messageAnswer(413, 'Request Entity Too Large');
    }
    const path = this.#pathInStage(target.path);
    const match = path === null ? null : matchHttpRoute(api.routes, request.method ?? 'GET', path);
    if (match === null) return messageAnswer(404, 'Not Found');
    const { route, pathParameters } = match;
    if (!throttles.takeRequest(api.apiId, route.routeKey, performance.now()))
      return { ...messageAnswer(429, 'Too Many Requests'), routeKey: route.routeKey };
    const latencyMs = this.#settings.interference?.latencyMs('httpApi', route.routeKey) ?? 0;
    if (latencyMs > 0) await setTimeout(latencyMs);
    const started = performance.now();
    if (!route.permitted) return { ...internalError(), routeKey: route.routeKey };
    const answered =
      route.integration.kind === 'sqsSendMessage'
        ? this.#sendMessage({ request, target }, body, route.integration.requestParameters)
        : this.#invoke({ request, target }, body, { route, pathParameters, ...moment });
    const answer = await answered.catch(internalError);
    metrics.put('IntegrationLatency', performance.now() - started, moment.nowMs, route.routeKey);
    return { ...answer, routeKey: route.routeKey };
  }

  #pathInStage(path: string): string | null {
    const { stage } = this.#settings.api;
    if (stage === '$default') return path;
    if (path === `/${stage}`) return '/';
    return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : null;
  }

  async #invoke(
    { request, target }: TargetedRequest,
    body: Buffer,
    call: { route: HttpRouteModel; pathParameters: Readonly<Record<string, string>>; requestId: string; nowMs: number },
  ): Promise<Answer> {
    const { api, accountId, lambda, limits } = this.#settings;
    const { integration, routeKey } = call.route;
    if (integration.kind !== 'lambda') return internalError();
    const { apiId, stage, stageVariables } = api;
    const facts = { apiId, accountId, stage, stageVariables, routeKey, pathParameters: call.pathParameters };
    const { requestId, nowMs } = call;
    const moment = { requestId, nowMs, traceId: newTraceId(nowMs) };
    const event = JSON.stringify(httpEvent({ request, target }, body, { ...facts, ...moment }));
    const outcome = await withTimeout(lambda.invoke(integration.functionName, event), integration.timeoutMs);
    return outcome === timedOut ? messageAnswer(503, 'Service Unavailable') : lambdaAnswer(outcome, limits);
  }

  /** The service integration: the body goes to the queue unchanged, and SQS's own response is returned. */
  async #sendMessage(
    { request, target }: TargetedRequest,
    body: Buffer,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const { path, query } = target;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = [value ?? ''].flat().join(',');
    const mapped = { body: body.toString(), headers, query: Object.fromEntries(query), path };
    const input: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(parameters)) {
      // The attributes template is JSON, and values are inserted into its strings.
      input[name] =
        name === 'MessageAttributes' ? mapJson(JSON.parse(expression), mapped) : mapParameter(expression, mapped);
    }
    if (input.DelaySeconds !== undefined) input.DelaySeconds = Number(input.DelaySeconds);
    try {
      const answer = await this.#settings.sqs.call('SendMessage', input);
      const text = JSON.stringify({ SendMessageResponse: { SendMessageResult: answer } });
      return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
    } catch (error) {
      if (error instanceof AwsJsonError) return messageAnswer(error.status, error.message);
      throw error;
    }
  }
}

const corsRequest = ({ method = '', headers }: IncomingMessage) => ({
  method,
  origin: headers.origin,
  requestedMethod: headers['access-control-request-method'],
});

/** Faults match the method and the path, as `POST /webhooks/mail`. */
const callOf = ({ method }: IncomingMessage, { path }: RequestTarget) =>
  ({ service: 'httpApi', operation: `${method} ${path}` }) as const;

function mapJson(value: unknown, request: Parameters<typeof mapParameter>[1]): unknown {
  if (typeof value === 'string') return mapParameter(value, request);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapJson(item, request)]));
}

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

function lambdaAnswer(outcome: InvokeOutcome, limits: Limits): Answer {
  if (outcome.kind === 'throttled') {
    const status = limits.httpLambdaThrottledStatus;
    return messageAnswer(status, status === 503 ? 'Service Unavailable' : 'Internal Server Error');
  }
  if (outcome.kind !== 'ok') return internalError();
  const parsed: unknown = JSON.parse(outcome.payload);
  // Format 2.0: anything without a statusCode becomes the JSON body of a 200, and a text the body itself.
  if (typeof parsed !== 'object' || parsed === null || !('statusCode' in parsed)) {
    const text = typeof parsed === 'string' ? parsed : outcome.payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
  }
  const result = readProxyResult(parsed);
  if (result === null || result.statusCode < 200) return internalError();
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(result.headers)) headers[name.toLowerCase()] = value;
  if (!Object.entries(headers).every(([name, value]) => isSendable(name, value))) return internalError();
  for (const name of hopByHop) delete headers[name];
  headers['content-type'] ??= 'text/plain;charset=utf-8';
  if (result.cookies.length > 0) headers['set-cookie'] = result.cookies;
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8');
  return { status: result.statusCode, headers, body };
}
