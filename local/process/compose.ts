/** The one way to put a layer in front of the listener of an HTTP server. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** Answers a request, or calls `next`, now or later, to pass it on. */
export type Layer = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** The listener that calls each layer in order, and finally `last`. */
export function compose(layers: readonly Layer[], last: RequestListener): RequestListener {
  return layers.reduceRight<RequestListener>(
    (listener, layer) => (request, response) => layer(request, response, () => listener(request, response)),
    last,
  );
}

/** Puts layers in front of the only listener of a server created by a library. */
export function layBefore(server: Server, layers: readonly Layer[]): void {
  const [listener, ...others] = server.listeners('request') as RequestListener[];
  if (listener === undefined || others.length > 0) throw new Error('Layers need a server with exactly one listener.');
  server.removeAllListeners('request');
  server.on('request', compose(layers, listener));
}
