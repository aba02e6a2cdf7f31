/** The HTTP API: routes, CORS, authorizers, and what comes of a request. A function URL is one with a single route. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Interference } from '../../interference/interference.ts';
import type { NoticeBoard } from '../../notices.ts';
import type { HttpAuthorizerModel, HttpRouteModel } from '../../template/apis/api-models.ts';
import type { ApiMetrics } from '../api-metrics.ts';
import type { GatewayThrottles } from '../throttles.ts';
import type { AuthorizerFacts } from './authorization.ts';
import { preflightHeaders, withCors } from './cors.ts';
import { type Answer, internalError, messageAnswer } from './http-answers.ts';
import { HttpAuthorizers } from './http-authorization.ts';
import { type Arrived, type ExchangeForm, exchange, pathInStage } from './http-exchange.ts';
import {
  type HttpIntegrationServices,
  HttpIntegrations,
  integrationNameOf,
  type RoutedRequest,
} from './http-integrations.ts';
import { matchHttpRoute } from './http-routes.ts';

export interface HttpApiSettings extends HttpIntegrationServices {
  region: string;
  metrics: Pick<ApiMetrics, 'put'>;
  throttles: GatewayThrottles;
  interference?: Interference;
  notices?: NoticeBoard;
}

const form: ExchangeForm = {
  ...{ clientErrors: '4xx', serverErrors: '5xx', countsBytes: true, internalError },
  idHeaders: ['apigw-requestid'],
};

export class HttpApi {
  #settings: HttpApiSettings;
  #integrations: HttpIntegrations;
  #authorizers: HttpAuthorizers;

  constructor(settings: HttpApiSettings) {
    this.#settings = settings;
    this.#integrations = new HttpIntegrations(settings);
    const { api, throttles, lambda, limits } = settings;
    this.#authorizers = new HttpAuthorizers(lambda, limits);
    for (const route of api.routes) {
      throttles.addRoute(
        { apiId: api.apiId, routeKey: route.routeKey, quota: 'httpApiThrottle' },
        route.throttle ?? api.defaultThrottle,
        performance.now(),
      );
    }
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cors } = this.#settings.api;
    const preflight = cors && preflightHeaders(cors, corsRequest(request));
    return exchange({ request, response }, this.#settings, {
      ...form,
      answering: async (arrived) =>
        preflight ? { status: 204, headers: preflight, body: Buffer.alloc(0) } : await this.#answer(arrived),
      dress: (answered) =>
        cors && !preflight
          ? { ...answered, headers: withCors(cors, request.headers.origin, answered.headers) }
          : answered,
    });
  }

  async #answer({ body, ...arrived }: Arrived): Promise<Answer> {
    const { api, metrics, throttles, interference } = this.#settings;
    if (body === null) {
      throttles.refuseSize('httpPayloadBytes');
      return messageAnswer(413, 'Request Entity Too Large');
    }
    const { request, target, requestId, nowMs } = arrived;
    const path = pathInStage(target.path, api.stage);
    const match = path === null ? null : matchHttpRoute(api.routes, request.method ?? 'GET', path);
    if (match === null) return messageAnswer(404, 'Not Found');
    const { route, pathParameters } = match;
    const { routeKey } = route;
    // The requests of a function URL are not API Gateway's.
    if (api.kind === 'api' && !throttles.takeRequest(api.apiId, routeKey, performance.now()))
      return { ...messageAnswer(429, 'Too Many Requests'), routeKey };
    const latencyMs = interference?.latencyMs('httpApi', routeKey) ?? 0;
    if (latencyMs > 0) await setTimeout(latencyMs);
    const call = { ...arrived, body, route, pathParameters };
    const authorized = await this.#authorize(call);
    if ('status' in authorized) return { ...authorized, routeKey };
    const started = performance.now();
    if (!route.permitted)
      return { ...(api.kind === 'api' ? internalError() : messageAnswer(403, 'Forbidden')), routeKey };
    const answer = await this.#integrations.answer(call, authorized.facts).catch((error: unknown): Answer => {
      const problem = error instanceof Error ? error.message : String(error);
      return { ...internalError(), failure: { kind: 'broken', problem } };
    });
    metrics.put('IntegrationLatency', performance.now() - started, nowMs, routeKey);
    if (answer.status >= 500) this.#noticeFailure(route, requestId, answer);
    return { ...answer, routeKey };
  }

  /** What the integration learns of the caller, or the answer that refuses. */
  async #authorize(call: RoutedRequest): Promise<{ facts: AuthorizerFacts | null } | Answer> {
    const { api, region, accountId } = this.#settings;
    const { route, request, target, requestId } = call;
    const { authorizer } = route;
    if (authorizer === null) return { facts: null };
    const path = pathInStage(target.path, api.stage) ?? '/';
    const asked = {
      mapped: this.#integrations.mapped(call),
      routeArn: `arn:aws:execute-api:${region}:${accountId}:${api.apiId}/${api.stage}/${request.method}${path}`,
      signed: { method: request.method ?? '', target: request.url ?? '/', headers: request.headers, body: call.body },
      eventOf: (version: '1.0' | '2.0') => this.#integrations.eventOf(call, version, null),
    };
    const authorization = await this.#authorizers.decide(authorizer, asked, performance.now());
    switch (authorization.kind) {
      case 'allowed':
        return { facts: authorization.facts };
      case 'unauthorized':
        return messageAnswer(401, 'Unauthorized');
      case 'forbidden':
        return messageAnswer(403, 'Forbidden');
      case 'failed': {
        const { problem } = authorization;
        const failure = problem === null ? ({ kind: 'answered' } as const) : ({ kind: 'broken', problem } as const);
        this.#noticeFailure(route, requestId, { ...internalError(), failure }, nameOf(authorizer));
        return internalError();
      }
    }
  }

  #noticeFailure(
    { routeKey, integration }: HttpRouteModel,
    requestId: string,
    { status, failure = { kind: 'answered' } }: Answer,
    name = integrationNameOf(integration),
  ): void {
    const { api, notices } = this.#settings;
    const { logicalId } = api;
    notices?.put({
      kind: 'integrationFailed',
      ...{ api: logicalId, routeKey, integration: name, status, requestId, failure },
    });
  }
}

function nameOf(authorizer: HttpAuthorizerModel): string {
  switch (authorizer.kind) {
    case 'function':
      return authorizer.functionName;
    case 'jwt':
      return authorizer.issuer;
    case 'iam':
      return 'IAM';
  }
}

const corsRequest = ({ method = '', headers }: IncomingMessage) => ({
  method,
  origin: headers.origin,
  requestedMethod: headers['access-control-request-method'],
});
