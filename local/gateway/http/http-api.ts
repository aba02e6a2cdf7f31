/** The HTTP API: Lambda proxy integrations (payload 1.0 and 2.0), HTTP proxies and SQS-SendMessage. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { meetExchange } from '../../interference/http-interference.ts';
import type { Interference } from '../../interference/interference.ts';
import type { LambdaService } from '../../lambda/lambda-service.ts';
import type { NoticeBoard } from '../../notices.ts';
import { AwsJsonError } from '../../process/aws-json-client.ts';
import type { Limits } from '../../quota/limits.ts';
import type { SqsClient } from '../../sqs/sqs-client.ts';
import type { HttpApiModel, HttpIntegrationModel, HttpRouteModel } from '../../template/model.ts';
import type { ApiMetrics } from '../api-metrics.ts';
import { readBody } from '../http-body.ts';
import { newId, newTraceId } from '../ids.ts';
import { type Forwarder, withoutOwn } from '../integrations/forward.ts';
import { type RequestTarget, readTarget } from '../request-target.ts';
import type { GatewayThrottles } from '../throttles.ts';
import { withTimeout } from '../with-timeout.ts';
import { preflightHeaders, withCors } from './cors.ts';
import { forwardedParts } from './forward-request.ts';
import { type Answer, internalError, lambdaAnswer, messageAnswer } from './http-answers.ts';
import { httpEvent, isText, type TargetedRequest } from './http-event.ts';
import { matchHttpRoute } from './http-routes.ts';
import { type MappedRequest, mapParameter } from './parameter-mapping.ts';
import { restEvent } from './rest-event.ts';

export interface HttpApiSettings {
  api: HttpApiModel;
  accountId: string;
  lambda: LambdaService;
  sqs: SqsClient;
  limits: Limits;
  metrics: ApiMetrics;
  throttles: GatewayThrottles;
  forwarder: Forwarder;
  interference?: Interference;
  notices?: NoticeBoard;
}

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
    const call = { route, pathParameters, ...moment };
    const answer = await this.#integrate({ request, target }, body, call).catch((error: unknown): Answer => {
      const problem = error instanceof Error ? error.message : String(error);
      return { ...internalError(), failure: { kind: 'broken', problem } };
    });
    metrics.put('IntegrationLatency', performance.now() - started, moment.nowMs, route.routeKey);
    if (answer.status >= 500) this.#noticeFailure(route, moment.requestId, answer);
    return { ...answer, routeKey: route.routeKey };
  }

  async #integrate(targeted: TargetedRequest, body: Buffer, call: RouteCall): Promise<Answer> {
    const { integration } = call.route;
    switch (integration.kind) {
      case 'lambda':
        return await this.#invoke(targeted, body, { ...call, integration });
      case 'forward':
        return await this.#forward(targeted, body, { ...call, integration });
      case 'sqsSendMessage':
        return await this.#sendMessage(targeted, body, integration.requestParameters);
    }
  }

  #noticeFailure({ routeKey, integration }: HttpRouteModel, requestId: string, { status, failure }: Answer): void {
    const { api, notices } = this.#settings;
    const name = integrationNameOf(integration);
    const what = failure ?? { kind: 'answered' };
    notices?.put({
      kind: 'integrationFailed',
      api: api.logicalId,
      routeKey,
      integration: name,
      status,
      requestId,
      failure: what,
    });
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
    call: RouteCall & { integration: Extract<HttpIntegrationModel, { kind: 'lambda' }> },
  ): Promise<Answer> {
    const { api, accountId, lambda, limits } = this.#settings;
    const { functionName, timeoutMs, payloadVersion } = call.integration;
    const { apiId, stage, stageVariables } = api;
    const { requestId, nowMs, pathParameters } = call;
    const moment = { requestId, nowMs, traceId: newTraceId(nowMs) };
    const facts = { apiId, accountId, stage, stageVariables, pathParameters, ...moment };
    const { routeKey } = call.route;
    const event =
      payloadVersion === '2.0'
        ? httpEvent({ request, target }, body, { ...facts, routeKey })
        : restEvent({ request, target }, body, {
            ...{ ...facts, version: payloadVersion, authorizer: null, base64: body.length > 0 && !isText(request) },
            ...{ resource: routeKey.split(' ')[1] ?? routeKey, path: target.path },
          });
    const outcome = await withTimeout(lambda.invoke(functionName, JSON.stringify(event)), timeoutMs);
    return lambdaAnswer(outcome, { limits, timeoutMs, payloadVersion });
  }

  async #forward(
    { request, target }: TargetedRequest,
    body: Buffer,
    call: RouteCall & { integration: Extract<HttpIntegrationModel, { kind: 'forward' }> },
  ): Promise<Answer> {
    const { api, accountId, forwarder } = this.#settings;
    const { url, method, parameters, timeoutMs } = call.integration;
    const { apiId, stage, stageVariables } = api;
    const context = { apiId, accountId, stage, requestId: call.requestId, routeKey: call.route.routeKey };
    const { pathParameters } = call;
    const mapped = { ...mappedRequest({ request, target }, body), pathParameters, context, stageVariables };
    const answer = await forwarder.send({
      ...forwardedParts(url, parameters, mapped),
      ...{ method: method === 'ANY' ? (request.method ?? 'GET') : method, body, timeoutMs },
    });
    if (answer === null)
      return { ...messageAnswer(503, 'Service Unavailable'), failure: { kind: 'timeout', afterMs: timeoutMs } };
    return { status: answer.status, headers: withoutOwn(answer.headers), body: answer.body };
  }

  /** The service integration: the body goes to the queue unchanged, and SQS's own response is returned. */
  async #sendMessage(
    { request, target }: TargetedRequest,
    body: Buffer,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const mapped = mappedRequest({ request, target }, body);
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
interface RouteCall {
  route: HttpRouteModel;
  pathParameters: Readonly<Record<string, string>>;
  requestId: string;
  nowMs: number;
}

function mappedRequest({ request, target }: TargetedRequest, body: Buffer): MappedRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = [value ?? ''].flat().join(',');
  return { body: body.toString(), headers, query: Object.fromEntries(target.query), path: target.path };
}

function integrationNameOf(integration: HttpIntegrationModel): string {
  switch (integration.kind) {
    case 'lambda':
      return integration.functionName;
    case 'forward':
      return integration.url;
    case 'sqsSendMessage':
      return 'SQS';
  }
}

/** Faults match the method and the path, as `POST /webhooks/mail`. */
const callOf = ({ method }: IncomingMessage, { path }: RequestTarget) =>
  ({ service: 'httpApi', operation: `${method} ${path}` }) as const;

function mapJson(value: unknown, request: Parameters<typeof mapParameter>[1]): unknown {
  if (typeof value === 'string') return mapParameter(value, request);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapJson(item, request)]));
}
