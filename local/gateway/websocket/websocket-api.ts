/**
 * The WebSocket API: the verdict on a handshake, messages to functions and back, and the end of connections. It holds no socket:
 * those are in this process (socket-holder.ts) or in others (edges.ts).
 */
import type { Interference } from '../../interference/interference.ts';
import { meetRoute } from '../../interference/route-interference.ts';
import type { LambdaService } from '../../lambda/lambda-service.ts';
import type { Notice, NoticeBoard } from '../../notices.ts';
import type { Limits } from '../../quota/limits.ts';
import type { WebSocketApiModel, WebSocketRouteModel } from '../../template/apis/api-models.ts';
import { type IntegrationModel, integrationName } from '../../template/integration-model.ts';
import type { ApiMetrics } from '../api-metrics.ts';
import { newId, newTraceId } from '../ids.ts';
import type { IntegrationServices } from '../integrations/mapped-integration.ts';
import type { ProxyResult } from '../proxy-result.ts';
import { readTarget } from '../request-target.ts';
import type { ClientConnection, CloseCause } from '../sockets/connection.ts';
import { badBodyFrame, gatewayFrame } from '../sockets/frames.ts';
import type { HolderEvents } from '../sockets/socket-holder.ts';
import { headerOf, type UpgradeRequest, type UpgradeVerdict } from '../sockets/upgrade.ts';
import type { GatewayThrottles } from '../throttles.ts';
import { withTimeout } from '../with-timeout.ts';
import { AuthorizerCache } from './authorizer-cache.ts';
import { decideHandshake, type HandshakeSetting } from './handshake.ts';
import { handshakeFacts } from './handshake-facts.ts';
import { messageEventText } from './message-event.ts';
import { MessageRoutes } from './message-routes.ts';
import { mappedOutcome, proxyOutcome } from './route-integration.ts';
import { type ConnectionFacts, disconnectEvent, messageEvent } from './websocket-events.ts';

export interface WebSocketApiSettings {
  api: WebSocketApiModel;
  region: string;
  accountId: string;
  lambda: LambdaService;
  limits: Limits;
  metrics: ApiMetrics;
  throttles: GatewayThrottles;
  /** Of integrations other than Lambda proxies. */
  services: IntegrationServices;
  /** Open connections of all APIs of the stack, to which its own are added. */
  all?: Map<string, ClientConnection>;
  interference?: Interference;
  notices?: NoticeBoard;
}

/** The operation, as matched by faults. */
const disconnectCall = { service: 'webSocketApi', operation: '$disconnect' } as const;

const refused = (status: number, body: object): UpgradeVerdict => ({ kind: 'refused', status, body });

export class WebSocketApi implements HolderEvents {
  /** Open connections by id, whichever process holds them. */
  readonly connections = new Map<string, ClientConnection>();
  #settings: WebSocketApiSettings;
  #routes: MessageRoutes;
  #authorizerCache = new AuthorizerCache();
  #closing = false;

  constructor(settings: WebSocketApiSettings) {
    const { api, throttles, limits } = settings;
    this.#settings = settings;
    this.#routes = new MessageRoutes(api, limits.assumptions.dollarRouteKeys);
    for (const route of api.routes) {
      throttles.addRoute(
        { apiId: api.apiId, routeKey: route.routeKey, quota: 'webSocketApiThrottle' },
        route.throttle ?? api.defaultThrottle,
        performance.now(),
      );
    }
  }

  upgrade(_number: number, request: UpgradeRequest, decide: (verdict: UpgradeVerdict) => void): void {
    this.#handshake(request).then(decide, () => decide(refused(500, { message: 'Internal server error' })));
  }

  async #handshake(request: UpgradeRequest): Promise<UpgradeVerdict> {
    const { api, limits, metrics, throttles, lambda, region, accountId, interference } = this.#settings;
    const { assumptions, webSocketUrlCharacters } = limits;
    if (request.target.length > webSocketUrlCharacters) {
      throttles.refuseSize('webSocketUrlCharacters');
      return refused(assumptions.urlTooLongStatus, { message: 'Request URI Too Long' });
    }
    const target = readTarget(request.target);
    const path = target.path.endsWith('/') ? target.path.slice(0, -1) : target.path;
    if (path !== `/${api.stage}` || this.#closing) {
      return refused(assumptions.unknownStageStatus, { message: 'Forbidden' });
    }
    const now = performance.now();
    if (!throttles.takeHandshake(api.apiId, now)) {
      metrics.put('ClientError', 1, Date.now(), '$connect');
      return refused(429, { message: 'Too Many Requests' });
    }
    if (
      headerOf(request, 'host') === undefined ||
      !/^[+/0-9A-Za-z]{22}==$/.test(headerOf(request, 'sec-websocket-key') ?? '') ||
      headerOf(request, 'sec-websocket-version') !== '13'
    ) {
      return refused(400, { message: 'Bad Request' });
    }
    const refusal = interference?.active ? await meetRoute(interference, '$connect') : null;
    if (refusal) {
      metrics.put(refusal.status < 500 ? 'ClientError' : 'ExecutionError', 1, Date.now());
      return refused(refusal.status, { message: refusal.message });
    }
    const userAgent = headerOf(request, 'user-agent');
    const pending: ConnectionFacts = {
      connectionId: newId(),
      apiId: api.apiId,
      stage: api.stage,
      stageVariables: api.stageVariables,
      domainName: headerOf(request, 'host') ?? '',
      connectedAtMs: Date.now(),
      identity: { ...(userAgent !== undefined && { userAgent }), sourceIp: request.remoteAddress },
      authorizer: null,
    };
    const authorizerCache = this.#authorizerCache;
    const { services } = this.#settings;
    const onFailed: HandshakeSetting['onFailed'] = (integration, failed) =>
      this.#noticeFailure(integration, { routeKey: '$connect', ...failed });
    const setting = {
      api,
      lambda,
      services,
      metrics,
      limits,
      authorizerCache,
      region,
      accountId,
      nowMs: Date.now,
      onFailed,
    };
    const handshake = handshakeFacts(request, target, newTraceId(pending.connectedAtMs));
    const decision = await decideHandshake(setting, handshake, pending);
    if (decision.kind === 'accepted') return decision;
    const { connectionId } = pending;
    return refused(decision.status, { message: decision.message, connectionId, requestId: newId() });
  }

  opened(connection: ClientConnection): void {
    this.connections.set(connection.facts.connectionId, connection);
    this.#settings.all?.set(connection.facts.connectionId, connection);
  }

  message(connection: ClientConnection, body: Buffer): void {
    // No message may end the process, whatever its content.
    this.#message(connection, body.toString()).catch(() => {
      this.#deliver(connection, gatewayFrame('Internal server error', connection.facts.connectionId, newId()));
    });
  }

  closed(_number: number, facts: ConnectionFacts, cause: CloseCause): void {
    this.connections.delete(facts.connectionId);
    this.#settings.all?.delete(facts.connectionId);
    this.#disconnected(facts, cause);
  }

  async #message(connection: ClientConnection, body: string): Promise<void> {
    const { api, metrics, throttles, lambda, limits, interference, services } = this.#settings;
    const { throttledFrame, throttledFunctionFrame } = limits.assumptions;
    const { connectionId } = connection.facts;
    const requestId = newId();
    const nowMs = Date.now();
    const route = this.#routes.of(body);
    const routeKey = route?.routeKey;
    const answer = (message: string) =>
      this.#deliver(connection, gatewayFrame(message, connectionId, requestId), routeKey);
    metrics.put('MessageCount', 1, nowMs, routeKey);
    if (!route?.integration) {
      metrics.put('ClientError', 1, nowMs, routeKey);
      answer('Forbidden');
      return;
    }
    if (!throttles.takeRequest(api.apiId, route.routeKey, performance.now())) {
      metrics.put('ClientError', 1, nowMs, routeKey);
      answer(throttledFrame);
      return;
    }
    const refusal = interference?.active ? await meetRoute(interference, route.routeKey) : null;
    if (refusal) {
      metrics.put(refusal.throttled ? 'ClientError' : 'ExecutionError', 1, nowMs, routeKey);
      answer(refusal.throttled ? throttledFrame : 'Internal server error');
      return;
    }
    if (this.#routes.refuses(route, body)) {
      metrics.put('ClientError', 1, nowMs, routeKey);
      this.#deliver(connection, badBodyFrame(connectionId, newId()), routeKey);
      return;
    }
    if (!route.permitted) {
      metrics.put('ExecutionError', 1, nowMs, routeKey);
      answer('Internal server error');
      return;
    }
    const moment = { requestId, messageId: newId(), nowMs, routeKey: route.routeKey, body };
    const { integration } = route;
    const started = performance.now();
    const outcome =
      integration.kind === 'lambda'
        ? proxyOutcome(
            await withTimeout(
              lambda.invoke(integration.functionName, messageEventText(connection.facts, moment)),
              integration.timeoutMs,
            ),
            integration.timeoutMs,
          )
        : await mappedOutcome(integration, messageEvent(connection.facts, moment), services);
    metrics.put('IntegrationLatency', performance.now() - started, nowMs, routeKey);
    if (outcome.kind === 'failed') {
      const { failure } = outcome;
      const isOwn = failure.kind === 'timeout' || failure.kind === 'throttled';
      metrics.put(isOwn ? 'IntegrationError' : 'ExecutionError', 1, nowMs, routeKey);
      this.#noticeFailure(integration, { routeKey: route.routeKey, requestId, status: null, failure });
      if (failure.kind === 'timeout') answer('Endpoint request timed out');
      else if (failure.kind !== 'throttled') answer('Internal server error');
      else if (throttledFunctionFrame !== null || route.twoWay)
        answer(throttledFunctionFrame ?? 'Internal server error');
      return;
    }
    const { result } = outcome;
    if (result.statusCode >= 400) metrics.put('IntegrationError', 1, nowMs, routeKey);
    if (result.statusCode >= 500) {
      const failed = { routeKey: route.routeKey, requestId, status: result.statusCode };
      this.#noticeFailure(integration, { ...failed, failure: { kind: 'answered' } });
    }
    if (route.twoWay) this.#answer(connection, result, { route, requestId });
  }

  #noticeFailure(
    integration: IntegrationModel,
    failed: Omit<Extract<Notice, { kind: 'integrationFailed' }>, 'kind' | 'api' | 'integration'>,
  ): void {
    const { api, notices } = this.#settings;
    notices?.put({
      kind: 'integrationFailed',
      api: api.logicalId,
      integration: integrationName(integration),
      ...failed,
    });
  }

  /** The route response of a two-way route. */
  #answer(
    connection: ClientConnection,
    result: ProxyResult,
    { route, requestId }: { route: WebSocketRouteModel; requestId: string },
  ): void {
    const { assumptions, webSocketMessageBytes } = this.#settings.limits;
    const failed = result.statusCode < 200 || result.statusCode >= 300;
    const text = result.body ?? '';
    const body = result.isBase64Encoded ? Buffer.from(text, 'base64') : text;
    // A text of this many code units cannot exceed the limit in UTF-8: no need to count.
    const oversized = body.length * 3 > webSocketMessageBytes && Buffer.byteLength(body) > webSocketMessageBytes;
    if (
      (failed && assumptions.twoWayErrorAnswer === 'internalServerError') ||
      (oversized && assumptions.oversizedAnswer === 'internalServerError')
    ) {
      const frame = gatewayFrame('Internal server error', connection.facts.connectionId, requestId);
      this.#deliver(connection, frame, route.routeKey);
      return;
    }
    if (body.length === 0) return;
    this.#deliver(connection, body, route.routeKey);
  }

  /** Sends to a client: an answer of a route, or of the gateway itself. Messages to clients are counted as well. */
  #deliver(connection: ClientConnection, message: string | Buffer, routeKey?: string): void {
    if (!connection.open) return;
    const nowMs = Date.now();
    connection.send(message, nowMs);
    this.#settings.metrics.put('MessageCount', 1, nowMs, routeKey);
  }

  #disconnected(facts: ConnectionFacts, cause: CloseCause): void {
    const route = this.#routes.named('$disconnect');
    const integration = route?.integration;
    if (!integration || !route.permitted || this.#closing) return;
    if (this.#settings.interference?.meets('lostDisconnect', disconnectCall)) return;
    const event = disconnectEvent(facts, { requestId: newId(), nowMs: Date.now(), ...cause });
    if (integration.kind === 'lambda')
      void this.#settings.lambda.invoke(integration.functionName, JSON.stringify(event));
    else void mappedOutcome(integration, event, this.#settings.services);
  }

  /** From now on connections end without `$disconnect`: there is nothing left to run it. */
  close(): void {
    this.#closing = true;
  }
}
