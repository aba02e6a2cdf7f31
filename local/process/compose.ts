/** One way to put something before the listener of an HTTP server. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** Answers a request, or calls `next`, now or later, to hand it on. */
export type Layer = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** The listener that asks each layer in turn, the first one first, and `last` in the end. */
export function compose(layers: readonly Layer[], last: RequestListener): RequestListener {
  return layers.reduceRight<RequestListener>(
    (listener, layer) => (request, response) => layer(request, response, () => listener(request, response)),
    last,
  );
}

/** Puts layers before the one listener of a server that a library has made. */
export function layBefore(server: Server, layers: readonly Layer[]): void {
  const [listener, ...others] = server.listeners('request') as RequestListener[];
  if (listener === undefined || others.length > 0) throw new Error('Layers go before exactly one listener.');
  server.removeAllListeners('request');
  server.on('request', compose(layers, listener));
}
