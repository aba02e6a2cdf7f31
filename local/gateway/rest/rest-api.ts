/** The REST API: Lambda proxies, mocks, HTTP integrations and services, with their templates. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Interference } from '../../interference/interference.ts';
import type { NoticeBoard } from '../../notices.ts';
import type { Limits } from '../../quota/limits.ts';
import type { ApiKeyModel, RestApiModel, RestRouteModel } from '../../template/apis/api-models.ts';
import { integrationName } from '../../template/integration-model.ts';
import type { ApiMetrics } from '../api-metrics.ts';
import { type Answer, messageAnswer, proxyAnswer } from '../http/http-answers.ts';
import type { TargetedRequest } from '../http/http-event.ts';
import { type Arrived, type ExchangeForm, exchange, pathInStage } from '../http/http-exchange.ts';
import { matchHttpRoute } from '../http/http-routes.ts';
import { restEvent } from '../http/rest-event.ts';
import { newTraceId } from '../ids.ts';
import { failureOf } from '../integrations/integration-failures.ts';
import {
  callIntegration,
  type IntegrationServices,
  type MappedIntegration,
} from '../integrations/mapped-integration.ts';
import type { GatewayThrottles } from '../throttles.ts';
import { timedOut, withTimeout } from '../with-timeout.ts';
import { failedAnswer, gatewayAnswer, withGatewayResponse } from './gateway-responses.ts';
import { chooseByType, isBinary } from './media-types.ts';
import { RequestValidation } from './request-validation.ts';
import { RestAuthorization } from './rest-authorization.ts';
import type { KeyedRequest } from './usage-plans.ts';

export interface RestApiSettings {
  api: RestApiModel;
  region: string;
  accountId: string;
  services: IntegrationServices;
  limits: Limits;
  metrics: ApiMetrics;
  throttles: GatewayThrottles;
  interference?: Interference;
  notices?: NoticeBoard;
}

interface Call extends TargetedRequest {
  body: Buffer;
  route: RestRouteModel;
  /** Without the stage. */
  path: string;
  pathParameters: Readonly<Record<string, string>>;
  requestId: string;
  nowMs: number;
  /** That it carries, of a usage plan of the stage, where the method needs one. */
  key: ApiKeyModel | null;
}

export class RestApi {
  #settings: RestApiSettings;
  #authorization: RestAuthorization;
  #validation: RequestValidation;

  constructor(settings: RestApiSettings) {
    this.#settings = settings;
    const { api, throttles, services, limits } = settings;
    this.#authorization = new RestAuthorization(services.lambda, limits.authorizerResultBytes);
    this.#validation = new RequestValidation(api);
    for (const { routeKey, throttle } of api.routes)
      throttles.addRoute(
        { apiId: api.apiId, routeKey, quota: 'httpApiThrottle' },
        throttle ?? api.defaultThrottle,
        performance.now(),
      );
  }

  /** Whether the path is below the stage. */
  serves(path: string): boolean {
    return pathInStage(path, this.#settings.api.stage) !== null;
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return exchange({ request, response }, this.#settings, {
      ...restForm,
      answering: (arrived) => this.#answer(arrived),
      dress: (answer) => withGatewayResponse(answer, this.#settings.api.gatewayResponses),
    });
  }

  async #answer({ body, requestId, nowMs, ...targeted }: Arrived): Promise<Answer> {
    const { api, metrics, throttles, interference } = this.#settings;
    if (body === null) {
      throttles.refuseSize('httpPayloadBytes');
      return gatewayAnswer('REQUEST_TOO_LARGE');
    }
    const path = pathInStage(targeted.target.path, api.stage);
    if (path === null) return messageAnswer(403, 'Forbidden');
    const match = matchHttpRoute(api.routes, targeted.request.method ?? 'GET', path);
    // As AWS says it of a path or a method that does not exist.
    if (match === null) return gatewayAnswer('MISSING_AUTHENTICATION_TOKEN');
    const { route, pathParameters } = match;
    const { routeKey } = route;
    const keyed = this.#keyed(route, targeted.request);
    const moment = { monotonicMs: performance.now(), epochMs: nowMs };
    // The limits of a key come before those of the stage and of the account.
    const refusedByPlan = keyed && throttles.plans.refusal(keyed, moment);
    if (refusedByPlan) return { ...gatewayAnswer(refusedByPlan), routeKey };
    if (!throttles.takeRequest(api.apiId, routeKey, moment.monotonicMs))
      return { ...gatewayAnswer('THROTTLED'), routeKey };
    if (keyed) throttles.plans.take(keyed, moment);
    const latencyMs = interference?.latencyMs('httpApi', routeKey) ?? 0;
    if (latencyMs > 0) await setTimeout(latencyMs);
    const key = keyed?.key ?? null;
    const call: Call = { ...targeted, body, route, path, pathParameters, requestId, nowMs, key };
    const authorizer = await this.#authorize(call);
    if ('status' in authorizer) return { ...authorizer, routeKey };
    if (route.apiKeyRequired && key === null) return { ...gatewayAnswer('INVALID_API_KEY'), routeKey };
    const refusal = this.#validation.refusal(call);
    if (refusal !== null) return { ...refusal, routeKey };
    if (!route.permitted) return { ...internalError(), routeKey };
    const started = performance.now();
    const answer = await this.#integrate(call, authorizer.context);
    metrics.put('IntegrationLatency', performance.now() - started, nowMs, routeKey);
    if (answer.status >= 500) this.#noticeFailure(route, requestId, answer);
    return { ...answer, routeKey };
  }

  /** Null without a key, or where the method needs none: then no usage plan counts it. */
  #keyed(route: RestRouteModel, { headers }: IncomingMessage): KeyedRequest | null {
    if (!route.apiKeyRequired) return null;
    const { apiKeys, usagePlans, apiId } = this.#settings.api;
    const key = apiKeys.find(({ value }) => value === headers['x-api-key']);
    const plan = usagePlans.find(({ logicalId }) => logicalId === key?.plan);
    return key === undefined || plan === undefined ? null : { key, plan, apiId, routeKey: route.routeKey };
  }

  #noticeFailure({ routeKey, integration }: RestRouteModel, requestId: string, { status, failure }: Answer): void {
    const { api, notices } = this.#settings;
    const what = failure ?? { kind: 'answered' };
    const name = integrationName(integration);
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

  #eventOf(call: Call, authorizer: Readonly<Record<string, unknown>> | null) {
    const { api, accountId } = this.#settings;
    const { request, target, body, route, path, pathParameters, requestId, nowMs, key } = call;
    const { apiId, stage, stageVariables } = api;
    return restEvent({ request, target }, body, {
      ...{ apiId, accountId, stage, stageVariables, path, pathParameters, requestId, nowMs, authorizer, key },
      resource: route.routeKey.split(' ')[1] ?? '/',
      traceId: newTraceId(nowMs),
      base64: body.length > 0 && isBinary(api.binaryMediaTypes, request.headers['content-type']),
    });
  }

  /** The context for the integration, or the answer that refuses. */
  async #authorize(call: Call): Promise<{ context: Readonly<Record<string, unknown>> | null } | Answer> {
    const { api, region, accountId } = this.#settings;
    const { authorizer } = call.route;
    if (authorizer === null) return { context: null };
    const event = this.#eventOf(call, null);
    const methodArn = `arn:aws:execute-api:${region}:${accountId}:${api.apiId}/${api.stage}/${event.httpMethod}${call.path}`;
    const { headers, queryStringParameters } = event;
    const asked = { headers, query: queryStringParameters ?? {}, methodArn, event };
    const authorization = await this.#authorization.decide(authorizer, asked, performance.now());
    switch (authorization.kind) {
      case 'allowed':
        return { context: authorization.context };
      case 'unauthorized':
        return gatewayAnswer('UNAUTHORIZED');
      case 'forbidden':
        return gatewayAnswer('ACCESS_DENIED');
      case 'failed':
        return gatewayAnswer('AUTHORIZER_FAILURE');
    }
  }

  async #integrate(call: Call, authorizer: Readonly<Record<string, unknown>> | null): Promise<Answer> {
    const event = this.#eventOf(call, authorizer);
    const { integration } = call.route;
    return integration.kind === 'lambda'
      ? await this.#invoke(integration, event)
      : await this.#call(integration, event, call);
  }

  async #invoke(
    { functionName, timeoutMs }: { functionName: string; timeoutMs: number },
    event: ReturnType<typeof restEvent>,
  ): Promise<Answer> {
    const { services } = this.#settings;
    const outcome = await withTimeout(services.lambda.invoke(functionName, JSON.stringify(event)), timeoutMs);
    const answer =
      outcome !== timedOut && outcome.kind === 'ok' ? proxyAnswer(outcome.payload, '1.0', 'application/json') : null;
    if (answer !== null) return answer;
    const failure = failureOf(outcome, timeoutMs);
    return { ...failedAnswer(failure, 502), failure };
  }

  async #call(integration: MappedIntegration, event: ReturnType<typeof restEvent>, call: Call): Promise<Answer> {
    const outcome = await callIntegration(
      integration,
      {
        method: event.httpMethod,
        ...{ body: call.body.toString(), bytes: call.body, path: call.pathParameters },
        ...{ query: event.queryStringParameters ?? {}, headers: event.headers },
        ...{ context: event.requestContext, stageVariables: event.stageVariables ?? {} },
        choose: chooseByType(call.request.headers['content-type']),
        chooseAnswer: chooseByType(),
      },
      this.#settings.services,
    );
    switch (outcome.kind) {
      case 'answered': {
        const { status, headers, body } = outcome;
        return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(body) };
      }
      case 'unsupportedMedia':
        return gatewayAnswer('UNSUPPORTED_MEDIA_TYPE');
      case 'failed': {
        const { failure } = outcome;
        // A mock and a template fail in the gateway itself; what is behind it fails as a bad gateway.
        const status = failure.kind === 'broken' && integration.kind !== 'forward' ? 500 : 502;
        return { ...failedAnswer(failure, status), failure };
      }
    }
  }
}

const internalError = () => gatewayAnswer('API_CONFIGURATION_ERROR');
const restForm: ExchangeForm = {
  ...{ clientErrors: '4XXError', serverErrors: '5XXError', countsBytes: false, internalError },
  idHeaders: ['x-amzn-requestid', 'x-amz-apigw-id'],
};
