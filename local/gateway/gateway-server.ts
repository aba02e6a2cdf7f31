import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Assumptions } from './assumptions.ts';

/** Request line and headers together (API Gateway quotas, read November 2026). */
const maxHeaderBytes = 10_240;
/** As long as API Gateway keeps an idle HTTP connection, roughly: longer than the SDKs' own pools. */
const keepAliveMs = 75_000;

/** The HTTP server that clients connect to: the same in the core process and in every edge. */
export function createGatewayServer({
  requestHeadersTimeoutMs,
  requestTimeoutMs,
}: Pick<Assumptions, 'requestHeadersTimeoutMs' | 'requestTimeoutMs'>): Server {
  const longest = Math.max(requestHeadersTimeoutMs, requestTimeoutMs);
  return createServer({
    maxHeaderSize: maxHeaderBytes,
    keepAliveTimeout: keepAliveMs,
    headersTimeout: Math.min(requestHeadersTimeoutMs, longest),
    requestTimeout: longest,
    // Often enough that the shorter of the two is exceeded by at most about a quarter.
    connectionsCheckingInterval: Math.max(50, Math.min(requestHeadersTimeoutMs, longest) / 4),
    // Some HTTP clients offer HTTP/2 with an upgrade (Java's does): they get an ordinary response.
    shouldUpgradeCallback: isWebSocketUpgrade,
  });
}

function isWebSocketUpgrade({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}
