/**
 * An edge process: one of several that hold the WebSockets, because the number of descriptors per process is limited. It decides nothing:
 * upgrades and messages go to the core process over the channel, and so does every plain HTTP request, by HTTP.
 */
import { Agent, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RunningPart } from '../../process/child.ts';
import { compose } from '../../process/compose.ts';
import { refuseForeignUpgrade } from '../../process/foreign-requests.ts';
import { listen } from '../../process/listen.ts';
import type { MetricBatch } from '../../process/messages.ts';
import { ProcessorTime } from '../../process/processor-time.ts';
import { StandstillWatch } from '../../process/standstill.ts';
import { createGatewayServer } from '../gateway-server.ts';
import { type HolderLimits, SocketHolder } from '../sockets/socket-holder.ts';
import { boundSockets, connectionRoom } from '../sockets/socket-room.ts';
import type { UpgradeVerdict } from '../sockets/upgrade.ts';
import { EdgeChannel } from './edge-channel.ts';
import { decodePost, encodePosted, fromEdge, toEdge } from './edge-frames.ts';

export interface EdgeConfiguration {
  /** Shared with the other edges: the system spreads new connections over them. 0 picks a free one. */
  port: number;
  corePort: number;
  limits: HolderLimits;
  /** null: as many as the process has descriptors for. */
  connectionsPerProcess: number | null;
}

const metricsIntervalMs = 1_000;

export interface EdgeReady {
  port: number;
}

export async function startEdge(
  { port, corePort, limits, connectionsPerProcess }: EdgeConfiguration,
  stream: Duplex,
  onMetrics: (batches: readonly MetricBatch[]) => void,
): Promise<RunningPart<EdgeReady>> {
  const verdicts = new Map<number, (verdict: UpgradeVerdict) => void>();
  const channel = new EdgeChannel(stream, receive);
  const holder = new SocketHolder(limits, {
    upgrade(number, request, decide) {
      verdicts.set(number, decide);
      channel.send(fromEdge.upgrade, number, JSON.stringify(request));
    },
    // The core has known it since its verdict.
    opened: () => undefined,
    message: (connection, body) => channel.send(fromEdge.message, connection.number, body),
    closed: (number, _facts, cause) => channel.send(fromEdge.closed, number, JSON.stringify(cause)),
  });

  function receive(kind: number, number: number, payload: Buffer): void {
    switch (kind) {
      case toEdge.verdict: {
        const decide = verdicts.get(number);
        verdicts.delete(number);
        decide?.(JSON.parse(payload.toString()));
        break;
      }
      case toEdge.send:
        holder.get(number)?.send(payload, Date.now());
        break;
      case toEdge.post: {
        const { sequence, bufferBytes, message } = decodePost(payload);
        const outcome = holder.get(number)?.post(message, bufferBytes, Date.now()) ?? 'gone';
        channel.send(fromEdge.posted, number, encodePosted(sequence, outcome));
        break;
      }
      case toEdge.close:
        holder.get(number)?.close(JSON.parse(payload.toString()));
        break;
    }
  }

  const server = createGatewayServer(limits.assumptions);
  const room = boundSockets(server, connectionRoom(connectionsPerProcess), () => channel.send(fromEdge.refused, 0, ''));
  const core = new Agent({ keepAlive: true, maxSockets: 256 });
  server.on('upgrade', (request, socket, head) => {
    if (!refuseForeignUpgrade(request, socket) && room.admits(socket)) holder.upgrade(request, socket, head);
  });
  const onwards = { agent: core, port: corePort };
  server.on(
    'request',
    compose([], (request, response) => forward(request, response, onwards)),
  );
  const standstill = new StandstillWatch();
  const processor = new ProcessorTime();
  const timer = setInterval(() => {
    const nowMs = Date.now();
    onMetrics([...standstill.drain(nowMs), processor.drain(nowMs)]);
  }, metricsIntervalMs);
  return {
    ready: { port: await listen(server, port, 'gateway', { shared: true }) },
    async stop() {
      clearInterval(timer);
      standstill.close();
      await stopEdge(server, holder, core);
    },
  };
}

async function stopEdge(server: Server, holder: SocketHolder, core: Agent): Promise<void> {
  holder.close();
  server.close();
  server.closeAllConnections();
  core.destroy();
}

/** Forwards a request unchanged, including headers and their case: a signature covers them. Trailers stay behind. */
function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { agent, port }: { agent: Agent; port: number },
): void {
  const { method, url, rawHeaders } = request;
  const headers = withoutTrailer(rawHeaders);
  const onward = httpRequest({ agent, host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
    // A pipe ends with its source, but is not aborted with it.
    answer.once('close', () => {
      if (!answer.complete) response.destroy();
    });
  });
  // The core or the client disconnected mid-request.
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

/** Of names and values in turn. Node throws where trailers are announced for a body that is not chunked. */
const withoutTrailer = (rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== 'trailer');
