/** The servers of the gateway process, and the addresses that the template's URLs map to. */
import { createServer, type Server } from 'node:http';
import { listen, localHost } from '../process/listen.ts';
import type { GatewayConfiguration } from '../process/messages.ts';
import { Edges } from './edge/edges.ts';
import { createGatewayServer } from './gateway-server.ts';

/** Longer than the SDKs' own pools keep an idle connection. */
const keepAliveMs = 75_000;

export interface Listeners {
  /** Of the APIs. */
  gatewayServer: Server;
  /** Of CloudWatch, Lambda, Secrets Manager and Service Quotas. */
  awsServer: Server;
  /** null: this process holds the WebSockets itself. */
  edges: Edges | null;
  /** `host:port` of the WebSocket API: that of the edges, if there are any. */
  gatewayAddress: string;
  /** `host:port` of the HTTP API and of @connections. */
  httpAddress: string;
  awsUrl: string;
  /** Of APIs that have an address of their own, by their id. */
  own: ReadonlyMap<string, { server: Server; address: string }>;
}

/** @throws {PortError} for a port that cannot be listened on. */
export async function openListeners(
  { ports, gatewayProcesses, limits, logFolder }: GatewayConfiguration,
  ownIds: readonly string[],
  onKilled: (name: string) => void = () => {},
): Promise<Listeners> {
  const gatewayServer = createGatewayServer(limits.assumptions);
  const single = gatewayProcesses === 1;
  const corePort = await listen(gatewayServer, single ? ports.gateway : 0, 'gateway');
  const shared = { count: gatewayProcesses, port: ports.gateway, corePort, limits, logFolder, onKilled };
  const edges = single ? null : await Edges.start({ ...shared, onFailed: fail });
  const awsServer = createServer({ keepAliveTimeout: keepAliveMs });
  const awsUrl = `http://${localHost}:${await listen(awsServer, ports.aws, 'aws')}`;
  const own = new Map<string, { server: Server; address: string }>();
  for (const id of ownIds) {
    const server = createGatewayServer(limits.assumptions);
    own.set(id, { server, address: `${localHost}:${await listen(server, 0, 'gateway')}` });
  }
  return {
    own,
    gatewayServer,
    awsServer,
    edges,
    gatewayAddress: `${localHost}:${edges?.port ?? corePort}`,
    httpAddress: `${localHost}:${corePort}`,
    awsUrl,
  };
}

export function closeServer(server: Server): void {
  server.close();
  server.closeAllConnections();
}

/** An unhandled rejection, which ends the process, and with it the target, giving this as the reason. */
function fail(reason: string): never {
  throw new Error(reason);
}
