/** The stack's APIs behind their servers: upgrades to a WebSocket API, @connections, the paths of a REST API's stage, and everything else to an HTTP API. */
import type { RequestListener, Server } from 'node:http';
import type { MetricStore } from '../cloudwatch/store/metric-store.ts';
import { connectionsOperation, faultLayer } from '../interference/http-interference.ts';
import type { Interference } from '../interference/interference.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { NoticeBoard } from '../notices.ts';
import { compose, type Layer } from '../process/compose.ts';
import { refuseForeign, refuseForeignUpgrade } from '../process/foreign-requests.ts';
import type { Limits } from '../quota/limits.ts';
import type { Refusals } from '../quota/refusals.ts';
import type { SqsClient } from '../sqs/sqs-client.ts';
import type { HttpApiModel, RestApiModel, WebSocketApiModel } from '../template/apis/api-models.ts';
import type { StackModel } from '../template/model.ts';
import { ApiMetrics } from './api-metrics.ts';
import { ConnectionsApi, connectionIdOf } from './connections-api/connections-api.ts';
import type { Edges } from './edge/edges.ts';
import { HttpApi } from './http/http-api.ts';
import { UrlMetrics } from './http/url-metrics.ts';
import type { IntegrationServices } from './integrations/mapped-integration.ts';
import type { Listeners } from './listeners.ts';
import { readTarget } from './request-target.ts';
import { RestApi } from './rest/rest-api.ts';
import { type ApiGroup, placesOf } from './served-apis.ts';
import type { ClientConnection } from './sockets/connection.ts';
import { SocketHolder } from './sockets/socket-holder.ts';
import { boundSockets, connectionRoom } from './sockets/socket-room.ts';
import { refuseUpgrade } from './sockets/upgrade.ts';
import { GatewayThrottles } from './throttles.ts';
import { WebSocketApi } from './websocket/websocket-api.ts';

export interface ApiSurroundings {
  lambda: LambdaService;
  sqs: SqsClient;
  store: MetricStore;
  limits: Limits;
  refusals: Refusals;
  interference: Interference;
  notices: NoticeBoard;
  /** Of integrations other than Lambda proxies. */
  services: IntegrationServices;
}

export interface Apis {
  /** Open WebSockets by id, of all APIs; none without a WebSocket API. */
  connections: ReadonlyMap<string, ClientConnection>;
  /** @connections at the endpoint of all services, with or without the stage in the path; null without a WebSocket API. */
  connectionsApi: RequestListener | null;
  /** From now on nothing is accepted, and every connection is closed. */
  close(): void;
}

/** What serves the APIs of one stack. */
interface Serving extends ApiSurroundings {
  stack: StackModel;
  throttles: GatewayThrottles;
  connections: Map<string, ClientConnection>;
}

/** What has to be done for a WebSocket API beside its server. */
interface ServedSockets {
  connectionsApi: ConnectionsApi;
  stage: string;
  close(): void;
}

/** Serves all APIs that the stack has. */
export function serveApis(stack: StackModel, listeners: Listeners, surroundings: ApiSurroundings): Apis {
  const { limits, refusals } = surroundings;
  const throttles = new GatewayThrottles(limits, refusals, performance.now());
  const connections = new Map<string, ClientConnection>();
  const serving: Serving = { ...surroundings, stack, throttles, connections };
  const { shared, own } = placesOf(stack);
  const served = [serveGroup(shared, { server: listeners.gatewayServer, edges: listeners.edges }, serving)];
  for (const { apiId, group } of own) {
    const place = listeners.own.get(apiId);
    if (place) served.push(serveGroup(group, { server: place.server, edges: null }, serving));
  }
  const sockets = served.filter((each) => each !== null);
  return {
    connections,
    connectionsApi: sockets.length === 0 ? null : anyConnectionsApi(sockets, connections),
    close() {
      for (const each of sockets) each.close();
    },
  };
}

/** Each connection's API, told by the connection itself: the path may have no stage, or that of several. */
function anyConnectionsApi(
  sockets: readonly ServedSockets[],
  connections: ReadonlyMap<string, ClientConnection>,
): RequestListener {
  return (request, response) => {
    const url = request.url ?? '/';
    const id = sockets
      .map(({ stage }) => connectionIdOf(url, stage) ?? connectionIdOf(`/${stage}${url}`, stage))
      .find((found) => found !== null);
    const holds = ({ connectionsApi }: ServedSockets) => connectionsApi.holds(id ?? '');
    const to = connections.has(id ?? '') ? sockets.find(holds) : undefined;
    (to ?? sockets[0])?.connectionsApi.handle(id ?? '', request, response).catch(() => response.destroy());
  };
}

/** @returns null without a WebSocket API. */
function serveGroup(
  { webSocket, http, rest }: ApiGroup,
  { server, edges }: { server: Server; edges: Edges | null },
  serving: Serving,
): ServedSockets | null {
  const plain = plainListener(http, rest, serving);
  if (webSocket === null) {
    server.on('request', compose([refuseForeign('browsers')], plain));
    server.on('upgrade', (_request, socket) => refuseUpgrade(socket, 403, { message: 'Forbidden' }));
    return null;
  }
  return serveSockets(webSocket, plain, { server, edges, serving });
}

function commonOf({ stack, lambda, limits, throttles, interference, notices }: Serving) {
  const { accountId, region } = stack;
  return { accountId, region, lambda, limits, throttles, interference, notices };
}

function plainListener(http: HttpApiModel | null, rest: RestApiModel | null, serving: Serving): RequestListener {
  const { store, services, sqs } = serving;
  const common = commonOf(serving);
  const { forwarder, serviceCalls } = services;
  const metricsOf = (api: HttpApiModel) =>
    api.kind === 'functionUrl' ? new UrlMetrics(store, functionOfUrl(api)) : new ApiMetrics(store, api);
  const httpApi = http && new HttpApi({ ...common, api: http, sqs, forwarder, serviceCalls, metrics: metricsOf(http) });
  const restMetrics = rest && new ApiMetrics(store, { ...rest, routes: [] });
  const restApi = rest && restMetrics && new RestApi({ ...common, api: rest, services, metrics: restMetrics });
  return (request, response) => {
    // A client that disconnects mid-request is not a failure of the target.
    const isRest = restApi !== null && (httpApi === null || restApi.serves(readTarget(request.url ?? '/').path));
    const api = isRest ? restApi : httpApi;
    if (api) api.handle(request, response).catch(() => response.destroy());
    else response.writeHead(404).end();
  };
}

function functionOfUrl({ routes }: HttpApiModel): string {
  const [route] = routes;
  return route?.integration.kind === 'lambda' ? route.integration.functionName : '';
}

function serveSockets(
  api: WebSocketApiModel,
  plain: RequestListener,
  { server, edges, serving }: { server: Server; edges: Edges | null; serving: Serving },
): ServedSockets {
  const { limits, refusals, interference, store, services, throttles, connections } = serving;
  const common = commonOf(serving);
  const metrics = new ApiMetrics(store, api);
  const webSockets = new WebSocketApi({ ...common, api, services, metrics, all: connections });
  const { stage } = api;
  const connectionsApi = new ConnectionsApi({
    webSocketApi: webSockets,
    ...{ stage, limits, throttles, metrics, interference },
  });
  const faults = faultLayer(interference, {
    callOf: ({ method, url = '/' }) =>
      connectionIdOf(url, stage) === null
        ? null
        : { service: 'connectionsApi', operation: connectionsOperation(method) },
  });
  const listener: RequestListener = (request, response) => {
    const connectionId = connectionIdOf(request.url ?? '/', stage);
    if (connectionId === null) plain(request, response);
    else connectionsApi.handle(connectionId, request, response).catch(() => response.destroy());
  };
  // Pages are clients of the stack's own APIs, but not of @connections.
  const forTools = refuseForeign('tools');
  const forBrowsers = refuseForeign('browsers');
  const guard: Layer = (request, response, next) =>
    (connectionIdOf(request.url ?? '/', stage) === null ? forBrowsers : forTools)(request, response, next);
  server.on('request', compose([guard, faults], listener));

  // Not an AWS quota: the capacity of a process of this machine.
  const onRefused = () => refusals.count('machineConnections');
  const holder = new SocketHolder(limits, webSockets);
  const room = boundSockets(server, connectionRoom(limits.connectionsPerProcess), onRefused);
  server.on('upgrade', (request, socket, head) => {
    if (!refuseForeignUpgrade(request, socket) && room.admits(socket)) holder.upgrade(request, socket, head);
  });
  edges?.serve(webSockets, onRefused);
  return {
    ...{ connectionsApi, stage },
    close() {
      webSockets.close();
      holder.close();
    },
  };
}
