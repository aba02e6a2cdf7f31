/** The WebSocket API: upgrades, messages to functions and back, and the end of connections. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { Limits } from '../quota/limits.ts';
import type { WebSocketApiModel, WebSocketRouteModel } from '../template/model.ts';
import type { ApiMetrics } from './api-metrics.ts';
import { type CloseCause, Connection, disconnectCause, expiryCause, failureCause } from './connection.ts';
import { limitFrames } from './frame-limit.ts';
import { type GatewayMessage, gatewayFrame } from './frames.ts';
import { decideHandshake } from './handshake.ts';
import { newId } from './ids.ts';
import { readProxyResult } from './proxy-result.ts';
import { parseRouteSelection, type RouteSelection, selectRouteKey } from './route-selection.ts';
import type { GatewayThrottles } from './throttles.ts';
import { type ConnectionFacts, disconnectEvent, handshakeFacts, messageEvent } from './websocket-events.ts';
import { timedOut, withTimeout } from './with-timeout.ts';

export interface WebSocketApiSettings {
  api: WebSocketApiModel;
  region: string;
  accountId: string;
  lambda: LambdaService;
  limits: Limits;
  metrics: ApiMetrics;
  throttles: GatewayThrottles;
}

const sweepEveryMs = 1_000;
/** `connection: close` and a body in API Gateway's words. */
function refuse(socket: Duplex, status: number, body: object): void {
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

export class WebSocketApi {
  readonly connections = new Map<string, Connection>();
  #settings: WebSocketApiSettings;
  #server: WebSocketServer;
  #routes: ReadonlyMap<string, WebSocketRouteModel>;
  #selection: RouteSelection;
  #subprotocols = new WeakMap<IncomingMessage, string>();
  #sweep: NodeJS.Timeout;
  #closing = false;

  constructor(settings: WebSocketApiSettings) {
    const { api, limits, throttles } = settings;
    this.#settings = settings;
    this.#routes = new Map(api.routes.map((route) => [route.routeKey, route]));
    this.#selection = parseRouteSelection(api.routeSelectionExpression);
    for (const route of api.routes) {
      throttles.addRoute(api.apiId, route.routeKey, route.throttle ?? api.defaultThrottle, performance.now());
    }
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.webSocketMessageBytes,
      handleProtocols: (_offered, request) => this.#subprotocols.get(request) ?? false,
    });
    this.#sweep = setInterval(() => this.#expire(Date.now()), sweepEveryMs);
  }

  /** Answers one upgrade request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that goes away while the handshake is pending is no failure of the target.
    socket.on('error', () => socket.destroy());
    this.#handshake(request, socket, head).catch(() => socket.destroy());
  }

  async #handshake(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { api, limits, metrics, throttles, lambda, region, accountId } = this.#settings;
    const url = new URL(request.url ?? '/', 'http://local');
    const path = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname;
    if (path !== `/${api.stage}` || this.#closing) {
      refuse(socket, 403, { message: 'Forbidden' });
      return;
    }
    const now = performance.now();
    if (!throttles.takeConnection(now) || !throttles.takeRequest(api.apiId, '$connect', now)) {
      metrics.put('ClientError', 1, Date.now());
      refuse(socket, 429, { message: 'Too Many Requests' });
      return;
    }
    const { headers } = request;
    if (
      !/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') ||
      headers['sec-websocket-version'] !== '13'
    ) {
      refuse(socket, 400, { message: 'Bad Request' });
      return;
    }
    const userAgent = headers['user-agent'];
    const pending: ConnectionFacts = {
      connectionId: newId(),
      apiId: api.apiId,
      stage: api.stage,
      stageVariables: api.stageVariables,
      domainName: headers.host ?? '',
      connectedAtMs: Date.now(),
      identity: { ...(userAgent !== undefined && { userAgent }), sourceIp: request.socket.remoteAddress ?? '' },
      authorizer: null,
    };
    const setting = { api, lambda, metrics, limits, region, accountId, nowMs: Date.now };
    const decision = await decideHandshake(setting, handshakeFacts(request, url), pending);
    if (decision.kind === 'refused') {
      refuse(socket, decision.status, {
        message: decision.message,
        connectionId: pending.connectionId,
        requestId: newId(),
      });
      return;
    }
    if (decision.subprotocol !== null) this.#subprotocols.set(request, decision.subprotocol);
    if (socket.destroyed || !socket.writable) {
      this.#disconnected(decision.facts, disconnectCause(1006, ''));
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, decision.facts));
  }

  #accept(socket: WebSocket, facts: ConnectionFacts): void {
    const { limits } = this.#settings;
    limitFrames(socket, limits.webSocketFrameBytes);
    const connection = new Connection(socket, facts, limits.webSocketFrameBytes);
    this.connections.set(facts.connectionId, connection);
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      connection.lastActiveAtMs = Date.now();
      if (isBinary) connection.close({ code: 1003, reason: 'Unsupported data' });
      else void this.#message(connection, data.toString());
    });
    // A frame that breaks the protocol: ws itself closes with the right code, but its `close` event says 1006.
    socket.on('error', (error) => {
      connection.closedBy ??= failureCause(error);
    });
    socket.on('close', (code, reason) => {
      this.connections.delete(facts.connectionId);
      this.#disconnected(facts, connection.closedBy ?? disconnectCause(code, reason.toString()));
    });
  }

  async #message(connection: Connection, body: string): Promise<void> {
    const { api, metrics, throttles, lambda } = this.#settings;
    const { connectionId } = connection.facts;
    const requestId = newId();
    const nowMs = Date.now();
    const answer = (message: GatewayMessage) =>
      this.#deliver(connection, gatewayFrame(message, connectionId, requestId));
    metrics.put('MessageCount', 1, nowMs);
    const selected = selectRouteKey(this.#selection, body);
    // Keys with `$` are reserved: a client cannot reach $connect or $disconnect.
    const own = selected === null || selected.startsWith('$') ? undefined : this.#routes.get(selected);
    const route = own ?? this.#routes.get('$default');
    if (!route?.integration) {
      metrics.put('ClientError', 1, nowMs);
      answer('Forbidden');
      return;
    }
    if (!throttles.takeRequest(api.apiId, route.routeKey, performance.now())) {
      metrics.put('ClientError', 1, nowMs);
      answer('Too Many Requests');
      return;
    }
    const event = messageEvent(connection.facts, {
      requestId,
      messageId: newId(),
      nowMs,
      routeKey: route.routeKey,
      body,
    });
    const { functionName, timeoutMs } = route.integration;
    const started = performance.now();
    const outcome = await withTimeout(lambda.invoke(functionName, JSON.stringify(event)), timeoutMs);
    metrics.put('IntegrationLatency', performance.now() - started, nowMs);
    if (outcome === timedOut) {
      metrics.put('IntegrationError', 1, nowMs);
      answer('Endpoint request timed out');
      return;
    }
    const result = outcome.kind === 'ok' ? readProxyResult(outcome.payload) : null;
    if (result === null) {
      metrics.put(outcome.kind === 'throttled' ? 'IntegrationError' : 'ExecutionError', 1, nowMs);
      answer('Internal server error');
      return;
    }
    if (result.statusCode >= 400) metrics.put('IntegrationError', 1, nowMs);
    if (!route.twoWay || result.body === null || result.body === '') return;
    this.#deliver(connection, result.isBase64Encoded ? Buffer.from(result.body, 'base64') : result.body);
  }

  /** Sends to a client: an answer of a route, or of the gateway itself. Messages to clients are counted as well. */
  #deliver(connection: Connection, message: string | Buffer): void {
    if (!connection.open) return;
    const nowMs = Date.now();
    connection.send(message, nowMs);
    this.#settings.metrics.put('MessageCount', 1, nowMs);
  }

  #disconnected(facts: ConnectionFacts, cause: CloseCause): void {
    const integration = this.#routes.get('$disconnect')?.integration;
    if (!integration || this.#closing) return;
    const event = disconnectEvent(facts, { requestId: newId(), nowMs: Date.now(), ...cause });
    void this.#settings.lambda.invoke(integration.functionName, JSON.stringify(event));
  }

  #expire(nowMs: number): void {
    for (const connection of this.connections.values()) {
      const { connectedAtMs } = connection.facts;
      const cause = expiryCause(
        { connectedAtMs, lastActiveAtMs: connection.lastActiveAtMs },
        this.#settings.limits,
        nowMs,
      );
      if (cause) connection.close(cause);
    }
  }

  /** Closes every connection with 1001 and stops. `$disconnect` does not run: nobody is left to run it. */
  close(): void {
    this.#closing = true;
    clearInterval(this.#sweep);
    for (const connection of this.connections.values()) {
      connection.close({ code: 1001, reason: 'Going away' });
      connection.terminate();
    }
  }
}
