/**
 * How many sockets a process may hold, and what happens beyond that: 503 to an upgrade, and beyond some slack for plain requests a closed
 * connection. Without that the process would run out of descriptors, and everything else in it would fail as well.
 */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from './upgrade.ts';

/** Descriptors for everything but clients: functions' sockets to AWS, logs, pollers, threads, short requests. */
const reservedDescriptors = 1_000;
/** Sockets beyond the connections, for short requests such as @connections posts: a share of the reserve. */
const slackSockets = 500;

export interface SocketRoom {
  /** Whether this upgrade's socket has room; if not, it has been answered 503. */
  admits(socket: Duplex): boolean;
}

/** The connections that one process may hold: as configured, by default its descriptor limit less a reserve. */
export function connectionRoom(connectionsPerProcess: number | null): number {
  return connectionsPerProcess ?? Math.max(1, openFilesLimit() - reservedDescriptors);
}

/** `onRefused` is called for each socket refused for lack of room. */
export function boundSockets(server: Server, connections: number, onRefused: () => void): SocketRoom {
  let open = 0;
  server.maxConnections = connections + slackSockets;
  server.on('drop', onRefused);
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
  });
  return {
    admits(socket) {
      if (open <= connections) return true;
      onRefused();
      socket.on('error', () => socket.destroy());
      refuseUpgrade(socket, 503, { message: 'Service Unavailable' });
      return false;
    },
  };
}

/** The soft limit of open files of this process; without one, a number that is never reached. */
function openFilesLimit(): number {
  const unlimited = 1_000_000;
  // Without the network part, which looks up host names.
  Object.assign(process.report, { excludeNetwork: true });
  const report: unknown = process.report.getReport();
  const limits = typeof report === 'object' && report !== null ? Reflect.get(report, 'userLimits') : undefined;
  const files = typeof limits === 'object' && limits !== null ? Reflect.get(limits, 'open_files') : undefined;
  const soft = typeof files === 'object' && files !== null ? Reflect.get(files, 'soft') : undefined;
  return typeof soft === 'number' ? soft : Number(soft) || unlimited;
}
