import { createServer, type Server } from 'node:http';

/** Request line and headers together (API Gateway quotas, read November 2026). */
const maxHeaderBytes = 10_240;
/** As long as API Gateway keeps an idle HTTP connection, roughly: longer than the SDKs' own pools. */
const keepAliveMs = 75_000;

/** The HTTP server that clients connect to: the same in the core process and in every edge. */
export function createGatewayServer(): Server {
  return createServer({ maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveMs });
}
