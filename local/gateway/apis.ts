/** The stack's APIs behind one server: upgrades to the WebSocket API, @connections, the paths of the REST API's stage, and everything else to the HTTP API. */
import type { RequestListener } from 'node:http';
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
import type { StackModel } from '../template/model.ts';
import { ApiMetrics } from './api-metrics.ts';
import { ConnectionsApi, connectionIdOf } from './connections-api/connections-api.ts';
import { HttpApi } from './http/http-api.ts';
import type { IntegrationServices } from './integrations/mapped-integration.ts';
import type { Listeners } from './listeners.ts';
import { readTarget } from './request-target.ts';
import { RestApi } from './rest/rest-api.ts';
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
  /** Open WebSockets by id; none without a WebSocket API. */
  connections: ReadonlyMap<string, ClientConnection>;
  /** @connections at the endpoint of all services, with or without the stage in the path; null without a WebSocket API. */
  connectionsApi: RequestListener | null;
  /** From now on nothing is accepted, and every connection is closed. */
  close(): void;
}

/** Serves whichever of the three APIs the stack has. */
export function serveApis(stack: StackModel, listeners: Listeners, surroundings: ApiSurroundings): Apis {
  const { limits, refusals, store, lambda, sqs, interference, notices } = surroundings;
  const { accountId, region } = stack;
  const throttles = new GatewayThrottles(limits, refusals, performance.now());
  const common = { accountId, lambda, limits, throttles, interference, notices };
  const { httpApi, restApi, webSocketApi } = stack;
  const { services } = surroundings;
  const { forwarder } = services;
  const http =
    httpApi && new HttpApi({ ...common, api: httpApi, sqs, forwarder, metrics: new ApiMetrics(store, httpApi) });
  const restMetrics = restApi && new ApiMetrics(store, { ...restApi, routes: [] });
  const rest =
    restApi && restMetrics && new RestApi({ ...common, api: restApi, region, services, metrics: restMetrics });
  const plain: RequestListener = (request, response) => {
    // A client that disconnects mid-request is not a failure of the target.
    const isRest = rest !== null && (http === null || rest.serves(readTarget(request.url ?? '/').path));
    const api = isRest ? rest : http;
    if (api) api.handle(request, response).catch(() => response.destroy());
    else response.writeHead(404).end();
  };
  if (!webSocketApi) {
    listeners.gatewayServer.on('request', compose([refuseForeign('browsers')], plain));
    listeners.gatewayServer.on('upgrade', (_request, socket) => refuseUpgrade(socket, 403, { message: 'Forbidden' }));
    return { connections: new Map(), connectionsApi: null, close: () => undefined };
  }

  const metrics = new ApiMetrics(store, webSocketApi);
  const webSockets = new WebSocketApi({ ...common, api: webSocketApi, region, services, metrics });
  const { stage } = webSocketApi;
  const connectionsApi = new ConnectionsApi({
    webSocketApi: webSockets,
    stage,
    limits,
    throttles,
    metrics,
    interference,
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
  listeners.gatewayServer.on('request', compose([guard, faults], listener));

  // Not an AWS quota: the capacity of a process of this machine.
  const onRefused = () => refusals.count('machineConnections');
  const holder = new SocketHolder(limits, webSockets);
  const room = boundSockets(listeners.gatewayServer, connectionRoom(limits.connectionsPerProcess), onRefused);
  listeners.gatewayServer.on('upgrade', (request, socket, head) => {
    if (!refuseForeignUpgrade(request, socket) && room.admits(socket)) holder.upgrade(request, socket, head);
  });
  listeners.edges?.serve(webSockets, onRefused);
  return {
    connections: webSockets.connections,
    connectionsApi(request, response) {
      const url = request.url ?? '/';
      const connectionId = connectionIdOf(url, stage) ?? connectionIdOf(`/${stage}${url}`, stage) ?? '';
      connectionsApi.handle(connectionId, request, response).catch(() => response.destroy());
    },
    close() {
      webSockets.close();
      holder.close();
    },
  };
}
