/** The one port of a task: WebSockets, webhooks, and the health check of the load balancer. What strangers send comes here first. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FallbackEndpoint, fallbackPaths, serveFallback } from './fallback-endpoint.ts';

/** Of any other path there is nothing. */
const paths = { webSocket: '/ws', webhook: '/webhooks', health: '/health' };

interface TaskServerOptions {
  /** How long a connection without requests is kept. */
  keepAliveMs: number;
  /** Whether the task takes nothing more. */
  isEnding: () => boolean;
  /** Answers a webhook, or its challenge. */
  webhook: (request: IncomingMessage, response: ServerResponse, searchParams: URLSearchParams) => Promise<void>;
  /** Answers the stage, and events of clients without a connection; null: the stack serves none. */
  fallback: FallbackEndpoint | null;
  /** Answers an upgrade of the WebSocket path. Never rejects. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, token: string | undefined) => Promise<void>;
}

export function makeTaskServer({ keepAliveMs, isEnding, webhook, fallback, upgrade }: TaskServerOptions): Server {
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    const url = urlOf(request);
    if (isEnding()) response.setHeader('connection', 'close');
    if (url === null) response.writeHead(400).end();
    else if (url.pathname === paths.webhook)
      webhook(request, response, url.searchParams).catch((error: unknown) => {
        console.error('A webhook could not be answered:', error);
        response.destroy();
      });
    else if (fallback !== null && fallbackPaths.includes(url.pathname))
      serveFallback(request, response, { pathname: url.pathname, endpoint: fallback }).catch((error: unknown) => {
        console.error('A client could not be answered:', error);
        if (response.headersSent) response.destroy();
        else response.writeHead(503, { 'content-length': 0 }).end();
      });
    else if (url.pathname === paths.health) response.writeHead(isEnding() ? 503 : 200).end();
    else response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    // Node.js has taken its own listener away: a client that resets the connection would end the process.
    socket.on('error', () => socket.destroy());
    const url = urlOf(request);
    if (url === null) refuse(socket, '400 Bad Request');
    else if (isEnding()) refuse(socket, '503 Service Unavailable');
    else if (url.pathname !== paths.webSocket) refuse(socket, '404 Not Found');
    else void upgrade(request, socket, head, url.searchParams.get('token') ?? undefined);
  });
  return server;
}

/** Null: what the client asked for is no URL, as `//` and `http://[`. */
const urlOf = ({ url }: IncomingMessage): URL | null => URL.parse(url ?? '/', 'http://task');

const refuse = (socket: Duplex, status: string): unknown =>
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
